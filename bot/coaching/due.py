"""What is due: brought to each member in one message, and only what is still wanted at that moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from bot.coaching import calendar, homes, hours, members, posts, record, reminders, setup
from bot.coaching.hours import Hours
from bot.coaching.members import Profile, Settings
from bot.coaching.outcomes import UNCOUNTED, Outcome
from bot.coaching.playbooks import Kind
from bot.coaching.reminders import PROMISED, UNINVITED, Reminder, TaskKind
from bot.storage import outbox
from bot.storage.models import Case, Customer, Member, Sale, Task, Team, UtcDateTime

# The outbox's name for a reminder that is brought up to date.
REDRAWN = "reminder_redrawn"
# More in one message are more than anybody reads, and more blocks than Slack takes.
AT_ONCE_MOST = 8
_LOOKED_AT_MOST = 50

# What looks after somebody who stayed or bought, and ends when they leave.
_LOOKING_AFTER = frozenset(
    {
        TaskKind.CHECK_IN,
        TaskKind.SOFT_YES_CALL,
        TaskKind.AFTER_SALE,
        TaskKind.UNSURE_CALL,
        TaskKind.PROBLEM,
        TaskKind.HELD,
    }
)
_WORKED_ON = timedelta(days=14)
_OF_A_DATE = frozenset({TaskKind.USEFUL, TaskKind.MET})

_OF_MEMBER = (
    reminders.with_customer(sa.select(Task, Case, Sale, Customer).select_from(Task))
    .where(col(Task.team_id) == bindparam("team_id"))
    .order_by(col(Task.due_at), col(Task.id))
)
_OPEN = (col(Task.done_at).is_(None), col(Task.dropped_at).is_(None))
_WAITING = (
    _OF_MEMBER.where(
        col(Task.owner_id) == bindparam("user_id"),
        *_OPEN,
        col(Task.remind_at) <= bindparam("now", type_=UtcDateTime),
    )
    .limit(_LOOKED_AT_MOST)
    .with_for_update(of=Task)
)
_IN_MESSAGE = _OF_MEMBER.where(
    ((col(Task.message_ts) == bindparam("message_ts")) & (col(Task.owner_id) == bindparam("user_id")))
    | ((col(Task.handed_ts) == bindparam("message_ts")) & (col(Task.handed_by) == bindparam("user_id")))
)
_WHO = sa.select(Member, Team).outerjoin(Team, col(Team.team_id) == col(Member.team_id))
_NEXT = sa.select(sa.func.min(col(Task.remind_at))).where(
    col(Task.team_id) == bindparam("team_id"), col(Task.owner_id) == bindparam("user_id"), *_OPEN
)
_LATER = select(Case).where(
    col(Case.team_id) == bindparam("team_id"),
    col(Case.customer_id).in_(bindparam("customers", expanding=True)),
    col(Case.opened_at) >= bindparam("since", type_=UtcDateTime),
    col(Case.outcome).is_(None) | col(Case.outcome).not_in(UNCOUNTED),
)


@dataclass(frozen=True)
class Round:
    """What is brought to a member at once, oldest first; `more` waits for the next message."""

    member: Member
    reminders: Sequence[Reminder]
    more: bool = False

    @property
    def key(self) -> str:
        """The same for a message that has to be sent again: which tasks it brings, and how often they were before."""
        told = (f"{each.task.id}.{each.task.times}" for each in self.reminders)
        return f"{reminders.KIND}:{self.member.user_id}:{'+'.join(told)}"


def round_of(session: Session, team_id: str, user_id: str, now: datetime) -> Round:
    """What should be brought to this member now; nothing where nothing is.

    What nobody wants is dropped. Looking after somebody waits while they are just cancelling. Outside of working hours
    all waits for the next of them, and so does, on a day that has brought enough, what was promised to nobody. Whoever
    is away is left in peace. A view that did not reach its channel is asked to be passed on by hand.
    """
    member, team = _who(session, team_id, user_id)
    works, away = hours.of(member, team), member.away_until
    found = session.execute(_WAITING, {"team_id": team_id, "user_id": user_id, "now": now}).all()
    waiting = [Reminder(task, case, sale, customer, member, team) for task, case, sale, customer in found]
    later = _later(session, team_id, [each for each in waiting if each.task.kind in _LOOKING_AFTER | _OF_A_DATE])
    wanted = []
    for each in waiting:
        task, since = each.task, _since(each, later)
        if _is_unwanted(each, since):
            task.dropped_at = now
        elif away and now < away:
            task.remind_at = works.next_open(away)
        elif _has_to_wait(task, since, now):
            task.remind_at = works.morning_after(now)
        elif not (task.exact or works.cover(now)):
            task.remind_at = works.next_open(now)
        else:
            wanted.append(each)
    brought = _within_the_day(wanted, works, now)
    _ask_to_forward(session, brought[:AT_ONCE_MOST])
    session.flush()
    more = len(brought) > AT_ONCE_MOST or len(found) == _LOOKED_AT_MOST
    return Round(member, brought[:AT_ONCE_MOST], more)


def brought(session: Session, team_id: str, user_id: str, told: Sequence[int], ts: str | None, now: datetime) -> None:
    """A message has brought these tasks: they come again while nobody answers, and the alarm rings for the next."""
    if told:
        member, team = _who(session, team_id, user_id)
        tasks = session.exec(select(Task).where(col(Task.team_id) == team_id, col(Task.id).in_(told))).all()
        today = hours.of(member, team).today(now)
        member.brought = _brought_on(member, today) + sum(map(_can_wait, tasks))
        member.brought_on = today
        for task in tasks:
            # The hour that somebody chose has come.
            task.reminded_at, task.message_ts, task.exact = now, ts, False
            task.stood_in = [*task.stood_in, {"user": user_id, "ts": ts}] if ts else task.stood_in
            task.times += 1
            task.remind_at = reminders.next_time(Reminder(task, None, None, None, member, team), now)
        session.flush()
        if ts and (len(tasks) < len(told) or any(task.dropped_at for task in tasks)):
            # Gone while it was on its way.
            outbox.enqueue(session, redraw(team_id, user_id, ts, now))
    _set_alarm(session, team_id, user_id)


def _set_alarm(session: Session, team_id: str, user_id: str) -> None:
    """Let a member's alarm ring at the first of what waits for them."""
    following = session.execute(_NEXT, {"team_id": team_id, "user_id": user_id}).scalar()
    if following:
        outbox.enqueue(session, reminders.alarm_of(team_id, user_id, following))


def redraw(team_id: str, user_id: str, message_ts: str, now: datetime) -> outbox.Due:
    """The outbox row that brings a reminder in a member's DM up to date, once something in it is gone."""
    key = f"{REDRAWN}:{user_id}:{message_ts}"
    return outbox.Due(team_id, key, REDRAWN, user_id, now, message_ts=message_ts)


def left_in(session: Session, team_id: str, user_id: str, message_ts: str) -> Round:
    """What still stands in a reminder of this member's."""
    which = {"team_id": team_id, "user_id": user_id, "message_ts": message_ts}
    member, team = _who(session, team_id, user_id)
    found = session.execute(_IN_MESSAGE, which).all()
    return Round(member, [Reminder(task, case, sale, customer, member, team) for task, case, sale, customer in found])


def in_message(session: Session, reminder: Reminder, message_ts: str | None) -> Sequence[Reminder]:
    """All that stands in the message in which this one was pressed, as it is now; the pressed one where it moved on."""
    task, member, team = reminder.task, reminder.member, reminder.team
    if message_ts is None or message_ts not in (task.message_ts, task.handed_ts):
        return [reminder]
    which = {"team_id": task.team_id, "user_id": member.user_id, "message_ts": message_ts}
    found = session.execute(_IN_MESSAGE, which).all()
    return [Reminder(each, case, sale, customer, member, team) for each, case, sale, customer in found]


def learn(
    session: Session, team_id: str, user_id: str, profile: Profile, now: datetime, *, met_at: datetime | None = None
) -> None:
    """Keep what Slack says of a member. Whoever has moved is followed: their mornings are mornings where they are.

    Whoever is new is welcomed a while after they were met: `met_at`, if Slack took its time to say who they are.
    """
    before = members.find(session, team_id, user_id)
    old = before.timezone if before else None
    is_new = before is None or before.learned_at is None
    member = members.learn(session, team_id, user_id, profile, now)
    if is_new:
        setup.greet(session, member, met_at or now, now)
    _follow(session, member, old, now)


def change_settings(session: Session, team_id: str, user_id: str, settings: Settings, now: datetime) -> Member:
    """Keep what a member likes, as `members.change_settings` does; their mornings are mornings where they are now."""
    before = members.find(session, team_id, user_id)
    old, own = (before.timezone, before.own_timezone) if before else (None, None)
    member = members.change_settings(session, team_id, user_id, settings)
    _follow(session, member, old, now)
    outbox.enqueue(session, *homes.own(member, now))
    if own and not member.own_timezone:
        # Slack says where they are otherwise.
        outbox.enqueue(session, members.look_up(team_id, user_id, now))
    return member


def _follow(session: Session, member: Member, before: str | None, now: datetime) -> None:
    """What somebody has promised for a morning is for theirs still when they move, or when we learn where they are.

    Of whoever was unknown until now, nothing but what was meant for a morning to come is moved.
    """
    if before == member.timezone:
        return
    old, new = calendar.zone(before), calendar.zone(member.timezone)

    def follows(at: datetime) -> bool:
        return before is not None or (at > now and at.astimezone(old).time() == calendar.MORNING)

    team_id, user_id = member.team_id, member.user_id
    mine = (col(Task.team_id) == team_id, col(Task.owner_id) == user_id, *_OPEN)
    # An hour that was said, or agreed on with the customer, stays the same moment.
    for task in session.exec(select(Task).where(*mine, ~col(Task.exact), col(Task.kind) != TaskKind.SESSION)).all():
        if follows(task.due_at):
            task.due_at = task.due_at.astimezone(old).replace(tzinfo=new)
        if task.remind_at and follows(task.remind_at):
            task.remind_at = task.remind_at.astimezone(old).replace(tzinfo=new)
    session.flush()
    _set_alarm(session, team_id, user_id)


def pass_on(session: Session, team_id: str, user_id: str, now: datetime) -> None:
    """What somebody who is gone has promised and left open goes to a manager; without one it waits for the next day."""
    gone = members.meet(session, team_id, user_id)
    gone.manages_since = None
    session.flush()
    managers = (col(Member.team_id) == team_id, col(Member.manages_since).is_not(None))
    heir = session.exec(select(Member).where(*managers).order_by(col(Member.manages_since)).limit(1)).first()
    mine = (col(Task.team_id) == team_id, col(Task.owner_id) == user_id, *_OPEN)
    for task in session.exec(select(Task).where(*mine)).all():
        if heir and task.kind == TaskKind.LEFT_OPEN:
            # It is asked anew, of the manager.
            task.dropped_at = now
        elif heir:
            reminders.give(task, heir.user_id, now)
        else:
            task.remind_at = Hours(calendar.zone(gone.timezone)).morning_after(now)
    session.flush()
    if heir:
        _inherit(session, team_id, user_id, heir.user_id, now)
        _set_alarm(session, team_id, heir.user_id)
        outbox.enqueue(session, homes.managers(team_id, user_id, now))


def _inherit(session: Session, team_id: str, gone: str, heir: str, now: datetime) -> None:
    """The open cases of somebody who is gone stand among those of a manager, who is asked how they ended."""
    theirs = (col(Case.team_id) == team_id, col(Case.rep_id) == gone, col(Case.closed_at).is_(None), ~col(Case.made_up))
    cases = session.exec(select(Case).where(*theirs)).all()
    for case in cases:
        case.rep_id, case.handed_by, case.handed_at = heir, gone, now
        case.revision += 1
        record.note(case, gone, now, rep_id=heir)
    outbox.enqueue(session, *(reminders.left_open(case, now) for case in cases))


def left_open(session: Session, team_id: str, user_id: str, case_id: int, now: datetime) -> None:
    """A case that nobody has pressed in for a day, and that has not ended, is brought to its rep."""
    case = session.exec(
        select(Case).where(col(Case.team_id) == team_id, col(Case.id) == case_id, col(Case.rep_id) == user_id)
    ).first()
    is_wanted = members.LEFT_OPEN not in members.get(session, team_id, user_id).unwanted
    if case and is_wanted and case.outcome is None and case.waiting_until is None:
        task = Task(
            team_id=team_id,
            case_id=case_id,
            owner_id=user_id,
            kind=TaskKind.LEFT_OPEN,
            due_at=now,
            remind_at=now,
            created_at=now,
        )
        session.add(task)
        outbox.enqueue(session, reminders.alarm(task))
        homes.follow(session, team_id, (user_id,), now)


def _who(session: Session, team_id: str, user_id: str) -> tuple[Member, Team | None]:
    found = session.execute(_WHO.where(col(Member.team_id) == team_id, col(Member.user_id) == user_id)).first()
    return (found[0], found[1]) if found else (Member(team_id=team_id, user_id=user_id), session.get(Team, team_id))


def _within_the_day(wanted: Sequence[Reminder], works: Hours, now: datetime) -> Sequence[Reminder]:
    """Those that this day still brings; the rest comes tomorrow. What cannot wait is not asked to."""
    can_wait = [each for each in wanted if _can_wait(each.task)]
    if not can_wait:
        return wanted
    member, team = can_wait[0].member, can_wait[0].team
    still = max(hours.daily_most(member, team) - _brought_on(member, works.today(now)), 0)
    for each in can_wait[still:]:
        each.task.remind_at = works.morning_after(now)
    return [each for each in wanted if each not in can_wait[still:]]


def _can_wait(task: Task) -> bool:
    """Whether a full day may put it off: it was promised to nobody, and nobody chose its hour."""
    return task.kind not in PROMISED and not task.exact


def _brought_on(member: Member, day: date) -> int:
    return member.brought if member.brought_on == day else 0


def _ask_to_forward(session: Session, brought: Sequence[Reminder]) -> None:
    """A view that did not reach its channel is asked to be passed on by hand."""
    for task in (each.task for each in brought if each.task.kind == TaskKind.TELL_HEARD):
        post = task.facts.get(posts.KIND)
        if post and not outbox.has_gone_out(session, task.team_id, post):
            outbox.cancel(session, task.team_id, post)
            task.kind = TaskKind.FORWARD


def _is_unwanted(reminder: Reminder, later: Sequence[Case]) -> bool:
    task, case, customer = reminder.task, reminder.case, reminder.customer
    if customer and customer.left_alone_since and task.kind in UNINVITED:
        return True
    if task.kind == TaskKind.LEFT_OPEN:
        return case is None or case.outcome is not None or case.waiting_until is not None
    if task.kind in _OF_A_DATE:
        return any(case.kind == Kind.APPOINTMENT and case.outcome for case in later)
    left = [case.decided_at for case in later if case.outcome == Outcome.LEFT and case.decided_at]
    return any(moment > task.created_at for moment in left)


def _has_to_wait(task: Task, later: Sequence[Case], now: datetime) -> bool:
    """Whether this customer is just cancelling the same sort of thing; a card that nobody works on holds nothing up."""
    about_a_date = task.kind in _OF_A_DATE
    return any(
        (case.kind == Kind.APPOINTMENT) is about_a_date
        and case.outcome in (None, Outcome.COOL_OFF)
        and case.touched_at > now - _WORKED_ON
        for case in later
    )


def _later(session: Session, team_id: str, about: Sequence[Reminder]) -> Mapping[int, Sequence[Case]]:
    """The cases of these customers since the first case, or sale, that one of the reminders belongs to."""
    since = [moment for each in about if (moment := _began(each)) and each.customer]
    if not since:
        return {}
    ids = {each.customer.id or 0 for each in about if each.customer}
    cases = session.exec(_LATER, params={"team_id": team_id, "customers": [*ids], "since": min(since)}).all()
    return {customer_id: [case for case in cases if case.customer_id == customer_id] for customer_id in ids}


def _since(reminder: Reminder, later: Mapping[int, Sequence[Case]]) -> Sequence[Case]:
    """The cases of this customer since the one, or the sale, that a reminder belongs to."""
    began, customer, own = _began(reminder), reminder.customer, reminder.case
    if began is None or customer is None or reminder.task.kind not in _LOOKING_AFTER | _OF_A_DATE:
        return ()
    cases = later.get(customer.id or 0, ())
    return [case for case in cases if case.opened_at >= began and (own is None or case.id != own.id)]


def _began(reminder: Reminder) -> datetime | None:
    case, sale = reminder.case, reminder.sale
    return case.opened_at if case else sale.sold_at if sale else None
