"""How a case ends, what is booked with it, and how it is taken back; and what was said at parting."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.coaching import calendar, decisions, held, meanwhile, reminders, stories, tellings
from bot.coaching.card_numbers import refuse_card_numbers
from bot.coaching.cases import MISFIT, Card, Notice, Pressed
from bot.coaching.coach import Coach, Unmoved, gesture, without_empty
from bot.coaching.outcomes import OF_APPOINTMENTS, OF_CANCELLATIONS, STAYED, UNCOUNTED, Outcome
from bot.coaching.playbooks import Follow
from bot.coaching.reminders import Promise, TaskKind
from bot.storage.models import Case, Remedy, Task

# What was promised to help them is kept beside what an ending books.
_HELPS = frozenset({TaskKind.FIX, TaskKind.SESSION, TaskKind.FORWARD, TaskKind.TELL_HEARD})
# Nothing is mended for somebody who has left; what they were told would be passed on still is.
_OWED = frozenset({TaskKind.FORWARD, TaskKind.TELL_HEARD})
# After these something else may still be agreed on.
_STILL_OPEN_TO: Mapping[str, Collection[Outcome]] = {
    Outcome.RESCHEDULED: {Outcome.RESCHEDULED},
    Outcome.NOT_NOW: {Outcome.RESCHEDULED},
    Outcome.NO_SHOW: {Outcome.RESCHEDULED, Outcome.NOT_NOW, Outcome.MISFIT},
}
_PARTED = (Outcome.LEFT, Outcome.NOT_NOW, Outcome.MISFIT)


@dataclass(frozen=True)
class Ending:
    """How a case ends. `on` is the day that was agreed, `at` the new date of an appointment.

    `useful` is a page to send before that date; `why` says why they were no fit.
    """

    outcome: Outcome
    on: date | None = None
    at: datetime | None = None
    useful: Mapping[str, str] | None = None
    why: str | None = None


@gesture
def close(coach: Coach, session: Session, pressed: Pressed, ending: Ending, now: datetime) -> Card:
    """Record how it ended, with what follows from it. Raises `Declined` for a card number in what was typed."""
    refuse_card_numbers(ending.why)
    card = coach.take_up(session, pressed, now)
    case = card.case
    if not _is_open_to(case, card, ending.outcome):
        raise Unmoved(replace(card, notice=Notice.STALE), now)
    kept = _clear(session, card, helps(ending.outcome), now)
    decide(session, card, ending, case.rep_id, now)
    booked = promises(card, ending, now)
    stays = ending.outcome in STAYED and not card.is_appointment
    checks = [held.first_check(case, card.member, now)] if stays else []
    return coach.put_down(session, replace(card, tasks=kept), pressed, now, promises=booked, extra=checks)


def decide(session: Session, card: Card, ending: Ending, by: str, now: datetime) -> None:
    """Let a case stand as it ended, whatever was recorded of it before; somebody says so."""
    case = card.case
    decisions.decide(case, ending.outcome, now)
    if ending.outcome is Outcome.LEFT:
        case.lost_at = case.lost_at if case.letting_go else case.came_from or case.step
        stories.doubt(session, case.team_id, card.customer, case, by, now)
    # Lines that were shown while letting go are not shown again.
    case.variant += 1
    if ending.at:
        case.appointment_at, case.met = ending.at, None
    if ending.outcome is Outcome.MISFIT:
        case.fit = False
        case.words = without_empty({**case.words, MISFIT: ending.why or ""})
    if ending.outcome is Outcome.NOT_NOW:
        case.in_touch = True if ending.on else case.in_touch


def helps(outcome: Outcome) -> Collection[TaskKind]:
    """What was promised to help them and stays promised, whatever else an outcome ends."""
    return _OWED if outcome == Outcome.LEFT else _HELPS


def promises(card: Card, ending: Ending, now: datetime) -> Sequence[Promise]:
    """What follows from an ending, but for what this customer does not wish for."""
    return [each for each in _promises(card, ending, now) if not _uninvited(card, each)]


def leave_out(coach: Coach, session: Session, pressed: Pressed, duplicate_of: int | None, now: datetime) -> Card:
    """Take a case out of every figure: opened by mistake, or a duplicate of another of this member's."""
    if duplicate_of is None:
        return close(coach, session, pressed, Ending(Outcome.MISTAKE), now)
    other = coach.find(session, pressed.team_id, pressed.user_id, duplicate_of)
    card = close(coach, session, pressed, Ending(Outcome.DUPLICATE), now)
    if card.notice is None:
        card.case.duplicate_of = other.case.id
    return card


@gesture
def soften(coach: Coach, session: Session, pressed: Pressed, now: datetime) -> Card:
    """The yes was a soft one: call sooner, before it comes back as a second cancellation."""
    card = coach.take_up(session, pressed, now)
    if not card.stayed or card.case.soft_yes:
        raise Unmoved(replace(card, notice=Notice.STALE), now)
    card.case.soft_yes = True
    kept = _clear(session, card, _HELPS, now)
    call = [Promise(TaskKind.SOFT_YES_CALL)]
    return coach.put_down(session, replace(card, tasks=kept), pressed, now, promises=call)


@gesture
def carried_out(coach: Coach, session: Session, pressed: Pressed, now: datetime) -> Card:
    """The cancellation is carried out and confirmed already: nothing to remind of any more."""
    card = coach.take_up(session, pressed, now)
    for task in card.tasks:
        if task.kind == TaskKind.CARRY_OUT:
            task.done_at = now
    return coach.put_down(session, replace(card, notice=Notice.KEPT), pressed, now)


@gesture
def stay_in_touch(coach: Coach, session: Session, pressed: Pressed, on: date, now: datetime) -> Card:
    """They said yes to hearing from us again, and when."""
    card = coach.take_up(session, pressed, now)
    if card.case.outcome not in _PARTED or card.case.in_touch is False:
        raise Unmoved(replace(card, notice=Notice.STALE), now)
    card.case.in_touch = True
    reminders.drop_kind(card.tasks, TaskKind.HELLO, now)
    hello = [Promise(TaskKind.HELLO, on)]
    return coach.put_down(session, replace(card, notice=Notice.KEPT), pressed, now, promises=hello)


@gesture
def leave_alone(coach: Coach, session: Session, pressed: Pressed, now: datetime) -> Card:
    """They would rather not hear from us again. That is final, and kept with the customer."""
    card = coach.take_up(session, pressed, now)
    if card.case.outcome not in _PARTED or card.case.in_touch is False:
        raise Unmoved(replace(card, notice=Notice.STALE), now)
    card.case.in_touch = False
    if card.customer:
        card.customer.left_alone_since = card.customer.left_alone_since or now
        reminders.drop_uninvited(session, card.case, now)
    for kind in reminders.UNINVITED:
        reminders.drop_kind(card.tasks, kind, now)
    return coach.put_down(session, replace(card, notice=Notice.KEPT), pressed, now)


@gesture
def undo(coach: Coach, session: Session, pressed: Pressed, now: datetime) -> Card:
    """Take an outcome back, and what was booked with it. The case stands as it stood before."""
    card = coach.take_up(session, pressed, now)
    case = card.case
    if not case.outcome:
        raise Unmoved(replace(card, notice=Notice.STALE), now)
    tasks, promised_again = _as_before(session, card, now)
    _welcome_again(card)
    _without_time_to_think(session, card, now)
    decisions.take_back(case)
    tellings.take_back(session, case)
    case.duplicate_of = None
    case.words = without_empty({**case.words, MISFIT: ""})
    card = replace(card, tasks=tasks, remedies=None, notice=Notice.REOPENED)
    extra = [*map(reminders.alarm, promised_again), meanwhile.anew(case, now)]
    return coach.put_down(session, card, pressed, now, extra=extra)


def _as_before(session: Session, card: Card, now: datetime) -> tuple[Sequence[Task], Sequence[Task]]:
    """The promises as they stood before the ending, and those of them that it had dropped.

    What was booked with it or after it is dropped; what was agreed on to help them stays.
    """
    case, decided_at = card.case, card.case.decided_at
    every = session.exec(select(Task).where(col(Task.team_id) == case.team_id, col(Task.case_id) == case.id)).all()
    again = [task for task in every if decided_at and _was_dropped(task, decided_at)]
    for task in every:
        booked_since = decided_at is None or task.created_at >= decided_at
        if task not in again and task.kind not in _HELPS and booked_since and reminders.is_open(task):
            task.dropped_at = now
    for task in again:
        task.dropped_at = None
    return [task for task in every if reminders.is_open(task)], again


def _was_dropped(task: Task, by_what_was_decided_at: datetime) -> bool:
    """Whether an ending dropped a task that stood before it."""
    stood_before = task.kind in _HELPS or task.created_at < by_what_was_decided_at
    return stood_before and task.dropped_at == by_what_was_decided_at and task.done_at is None


def _without_time_to_think(session: Session, card: Card, now: datetime) -> None:
    """A cool-off that was agreed on as a remedy is taken back with the outcome that it was."""
    case = card.case
    if not (case.agreed and case.outcome == Outcome.COOL_OFF and case.decided_at):
        return
    agreed = session.exec(
        select(Remedy)
        .where(
            col(Remedy.team_id) == case.team_id,
            col(Remedy.case_id) == case.id,
            col(Remedy.taken_back_at).is_(None),
        )
        .order_by(col(Remedy.id))
    ).all()
    taken = [each for each in agreed if each.follow == Follow.TIME and each.agreed_at >= case.decided_at]
    for remedy in taken:
        remedy.taken_back_at = now
    left = [each for each in agreed if each not in taken]
    case.remedy, case.agreed = (left[-1].key if left else None), bool(left)


def _welcome_again(card: Card) -> None:
    """What was said at this parting is taken back with it; an earlier wish to be left alone stands."""
    customer, case = card.customer, card.case
    since = customer.left_alone_since if customer else None
    if customer and case.in_touch is False and since and case.decided_at and since >= case.decided_at:
        customer.left_alone_since = None


def _is_open_to(case: Case, card: Card, outcome: Outcome) -> bool:
    """An appointment ends in its own ways, and so does everything else; what has ended does not end again."""
    if outcome not in UNCOUNTED and outcome not in (OF_APPOINTMENTS if card.is_appointment else OF_CANCELLATIONS):
        return False
    return case.closed_at is None or (card.is_appointment and outcome in _STILL_OPEN_TO.get(case.outcome or "", ()))


def _clear(session: Session, card: Card, keep: Collection[TaskKind], now: datetime) -> Sequence[Task]:
    """Drop what is promised but for the kinds to keep, and say what is left."""
    if any(task.kind not in keep for task in card.tasks):
        reminders.drop(session, card.case, now, keep=keep)
    return [task for task in card.tasks if task.kind in keep]


def _promises(card: Card, ending: Ending, now: datetime) -> Sequence[Promise]:
    match ending.outcome:
        case Outcome.LEFT:
            return [Promise(TaskKind.CARRY_OUT, ending.on)]
        case Outcome.COOL_OFF:
            return [Promise(TaskKind.COOL_OFF_CALL, ending.on)]
        case Outcome.NOT_NOW if ending.on:
            return [Promise(TaskKind.HELLO, ending.on)]
        case Outcome.RESCHEDULED if ending.at:
            return _before_and_after(card, ending, ending.at, now)
        case outcome if outcome in STAYED and not card.is_appointment:
            return [Promise(TaskKind.CHECK_IN, ending.on)]
    return []


def _before_and_after(card: Card, ending: Ending, meeting: datetime, now: datetime) -> Sequence[Promise]:
    """Something useful before the new date, while it lies ahead, and *Met?* once it is over."""
    where = calendar.zone(card.member.timezone)
    facts = {"meeting": str(int(meeting.timestamp())), **(ending.useful or {})}
    useful = Promise(TaskKind.USEFUL, at=calendar.morning_before(meeting, now, where), facts=facts)
    return [
        *([useful] if meeting > now else []),
        Promise(TaskKind.MET, at=calendar.next_workday_morning(meeting, where), facts=facts),
    ]


def _uninvited(card: Card, promise: Promise) -> bool:
    return card.left_alone and promise.kind in reminders.UNINVITED
