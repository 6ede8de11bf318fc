"""Remedies: what was agreed on to help a customer, and what follows from each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.coaching import calendar, endings, homes, members, moves, policies, posts, reminders, requests
from bot.coaching.card_numbers import refuse_card_numbers
from bot.coaching.cases import Card, Notice, Pressed
from bot.coaching.coach import Coach, Unmoved, gesture
from bot.coaching.endings import Ending
from bot.coaching.errors import Declined, Reason
from bot.coaching.money import Money
from bot.coaching.outcomes import Outcome
from bot.coaching.playbooks import Follow
from bot.coaching.policies import Terms
from bot.coaching.reminders import Promise, TaskKind
from bot.coaching.spelling import gives_away
from bot.storage import outbox
from bot.storage.models import Approval, Member, Remedy, Task

_REMEDY = "remedy"


@dataclass(frozen=True)
class Agreement:
    """What was agreed on. Which fields matter depends on what follows from the remedy.

    `words` say what was promised, or the view that is passed on; `worth` is what it costs, `percent` and `months` how
    much less and for how long, where a policy asks for that; `owner` does it by the day `on`, or at the moment `at`;
    `named` says that the customer may be named.
    """

    key: str
    words: str | None = None
    percent: int | None = None
    months: int | None = None
    worth: Money | None = None
    owner: str | None = None
    on: date | None = None
    at: datetime | None = None
    named: bool = False

    @property
    def terms(self) -> Terms:
        """How much it is."""
        return Terms(self.percent, self.months, self.worth)


@gesture
def turn_to(coach: Coach, session: Session, pressed: Pressed, key: str, now: datetime) -> Card:
    """Turn to one of the remedies: its own lines, and what follows from it."""
    card = coach.take_up(session, pressed, now)
    if notice := why_not(card, key):
        raise Unmoved(replace(card, notice=notice), now)
    moves.choose(card.case, key)
    return coach.put_down(session, card, pressed, now)


@gesture
def agree(coach: Coach, session: Session, pressed: Pressed, agreement: Agreement, now: datetime) -> Card:
    """They would like that: keep it, book what was promised, and go on to saying it back.

    What lies above its policy is asked for instead. Raises `Declined` for a card number in what was typed, and where
    something is not said that there is a limit to by now.
    """
    refuse_card_numbers(agreement.words)
    card = coach.take_up(session, pressed, now)
    if notice := why_not(card, agreement.key):
        raise Unmoved(replace(card, notice=notice), now)
    follow = card.playbook.steps[agreement.key].follow or Follow.NOTE
    if follow is Follow.HEARD and not agreement.named and gives_away(agreement.words or "", card.name):
        raise Declined(Reason.NAMED)
    policy = policies.of(card.team, follow)
    if policy.lacks(agreement.terms):
        raise Declined(Reason.LIMIT_IS_NEW)
    had = policies.had(session, card.team, card.case, follow, now, calendar.zone(card.member.timezone))
    if had:
        raise Unmoved(replace(card, had=had, notice=Notice.HAD), now)
    if policy.above(agreement.terms) and not card.case.made_up:
        return _ask(coach, session, card, pressed, agreement, now)
    moves.choose(card.case, agreement.key)
    if follow is Follow.TIME:
        _kept(session, card, agreement, follow, now)
        card.case.agreed = True
        session.flush()
        return endings.close(coach, session, pressed, Ending(Outcome.COOL_OFF, agreement.on), now)
    # What is agreed on within the limits is asked for no longer.
    asked = card.approval if card.approval and card.approval.follow == follow else None
    told = requests.put_away(asked, now, pressed.user_id)
    card = replace(card, approval=None if asked else card.approval, notice=Notice.KEPT)
    return settle(coach, session, card, pressed, agreement, now, extra=told)


def settle(
    coach: Coach,
    session: Session,
    card: Card,
    pressed: Pressed | None,
    agreement: Agreement,
    now: datetime,
    *,
    extra: Sequence[outbox.Due] = (),
) -> Card:
    """Keep what is agreed on for good, book what was promised, and go on, where the case still stands there."""
    case = card.case
    follow = card.playbook.steps[agreement.key].follow or Follow.NOTE
    remedy = _kept(session, card, agreement, follow, now)
    promises, dues = _follow(session, card, agreement, remedy, now)
    case.agreed = True
    if case.step == agreement.key:
        moves.after_agreeing(case, card.playbook)
    card = replace(card, remedies=None)
    return coach.put_down(session, card, pressed, now, promises=promises, extra=[*dues, *extra])


def _ask(coach: Coach, session: Session, card: Card, pressed: Pressed, agreement: Agreement, now: datetime) -> Card:
    """Ask somebody who may decide for what lies above the limits; what was asked for before is asked for no longer."""
    case, policy = card.case, policies.of(card.team, card.playbook.steps[agreement.key].follow)
    asked_of = requests.approvers(session, case, policy, case.rep_id, now)
    if not asked_of:
        raise Unmoved(replace(card, notice=Notice.NOBODY_TO_ASK), now)
    told = requests.put_away(card.approval, now, pressed.user_id)
    worth = agreement.worth
    approval = Approval(
        team_id=case.team_id,
        case_id=case.id or 0,
        key=agreement.key,
        follow=card.playbook.steps[agreement.key].follow or Follow.NOTE,
        words=agreement.words,
        percent=agreement.percent,
        months=agreement.months,
        worth_minor=worth.minor if worth else None,
        currency=worth.currency if worth else None,
        owner_id=agreement.owner,
        due_on=agreement.on,
        asked_by=case.rep_id,
        asked_at=now,
        asked_of=[asked_of[0]],
    )
    session.add(approval)
    session.flush()
    if case.step != agreement.key:
        moves.choose(case, agreement.key)
    card = replace(card, approval=approval, notice=Notice.ABOVE)
    dues = [*requests.messages(approval, now), *requests.timers(approval, now)]
    return coach.put_down(session, card, pressed, now, extra=[*told, *dues])


@gesture
def take_back(coach: Coach, session: Session, pressed: Pressed, remedy_id: int, now: datetime) -> Card:
    """Take a remedy back, and what was booked with it."""
    card = coach.take_up(session, pressed, now)
    remedies = session.exec(
        select(Remedy).where(
            col(Remedy.team_id) == pressed.team_id,
            col(Remedy.case_id) == card.case.id,
            col(Remedy.taken_back_at).is_(None),
        )
    ).all()
    taken = next((each for each in remedies if each.id == remedy_id), None)
    if taken is None:
        raise Declined(Reason.GONE)
    taken.taken_back_at = now
    every = session.exec(select(Task).where(col(Task.team_id) == pressed.team_id, col(Task.case_id) == card.case.id))
    its_own = [task for task in every if task.facts.get(_REMEDY) == str(taken.id)]
    for task in its_own:
        task.dropped_at = None if task.done_at else now
    left = [each for each in remedies if each is not taken]
    card.case.remedy = left[-1].key if left else None
    card.case.agreed = bool(left)
    keys = [task.facts[posts.KIND] for task in its_own if posts.KIND in task.facts]
    said = any(outbox.has_gone_out(session, pressed.team_id, key) for key in keys)
    outbox.cancel(session, pressed.team_id, *keys)
    notice = Notice.SAID_ALREADY if said else Notice.TAKEN_BACK
    return coach.put_down(session, replace(card, remedies=left, notice=notice), pressed, now)


def why_not(card: Card, key: str) -> Notice | None:
    """Why a remedy cannot be chosen as things stand; None where it can be."""
    case, step = card.case, card.playbook.steps.get(key)
    if case.letting_go or case.outcome or step is None or step.follow is None:
        return Notice.STALE
    if not policies.of(card.team, step.follow).offered:
        return Notice.NOT_OFFERED
    return None if step in card.open_remedies else Notice.SHUT


def _kept(session: Session, card: Card, agreement: Agreement, follow: Follow, now: datetime) -> Remedy:
    case, worth = card.case, agreement.worth
    remedy = Remedy(
        team_id=case.team_id,
        case_id=case.id or 0,
        key=agreement.key,
        follow=follow,
        words=agreement.words,
        percent=agreement.percent,
        months=agreement.months,
        worth_minor=worth.minor if worth else None,
        currency=worth.currency if worth else None,
        agreed_by=case.rep_id,
        agreed_at=now,
    )
    session.add(remedy)
    session.flush()
    case.remedy = agreement.key
    return remedy


def _follow(
    session: Session, card: Card, agreement: Agreement, remedy: Remedy, now: datetime
) -> tuple[Sequence[Promise], Sequence[outbox.Due]]:
    facts = {_REMEDY: str(remedy.id), **({"promise": agreement.words} if agreement.words else {})}
    match remedy.follow:
        case Follow.FIX:
            return _by_its_owner(session, card, agreement, facts, now)
        case Follow.SESSION:
            return [Promise(TaskKind.SESSION, at=agreement.at, facts=facts)], ()
        case Follow.HEARD:
            channel = card.team.heard_channel if card.team else None
            facts = {**facts, **({"named": "yes"} if agreement.named else {})}
            if channel is None:
                return [Promise(TaskKind.FORWARD, facts=facts)], ()
            due = posts.write(
                session, card.case, posts.HEARD, channel, agreement.words or "", now, named=agreement.named
            )
            return [Promise(TaskKind.TELL_HEARD, facts={**facts, posts.KIND: due.key})], [due]
    return (), ()


def _by_its_owner(
    session: Session, card: Card, agreement: Agreement, facts: dict[str, str], now: datetime
) -> tuple[Sequence[Promise], Sequence[outbox.Due]]:
    """A fix, due in the morning of whoever does it; somebody the bot does not know yet is looked up."""
    team_id, owner = card.case.team_id, agreement.owner or card.case.rep_id
    known = card.member if owner == card.case.rep_id else members.find(session, team_id, owner)
    doer = known or Member(team_id=team_id, user_id=owner)
    at = reminders.morning_of(agreement.on, doer) if agreement.on else None
    look_up = members.look_up_if_new(known, team_id, owner, now)
    if doer is not card.member:
        homes.follow(session, team_id, (owner,), now)
    return [Promise(TaskKind.FIX, agreement.on, at=at, owner=owner, facts=facts)], look_up
