"""Approvals: what is decided of a request above the limits, by whom, and what the rep does while it waits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.coaching import calendar, homes, hours, policies, remedies, requests, sights
from bot.coaching.card_numbers import refuse_card_numbers
from bot.coaching.cases import Card, Notice, Pressed
from bot.coaching.coach import Coach, Unmoved, gesture
from bot.coaching.copies import copy_of
from bot.coaching.errors import Declined, Reason
from bot.coaching.playbooks import Follow
from bot.coaching.policies import Terms
from bot.coaching.remedies import Agreement
from bot.coaching.reminders import Promise, TaskKind
from bot.coaching.requests import Request, Verdict
from bot.storage import outbox
from bot.storage.models import Approval, Case

# A promised call-back comes back so soon, where the rep works then.
_CALLS_BACK_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Decision:
    """What a manager says: a verdict, a word, and of a lesser offer how much is fine; what is not said is as asked."""

    verdict: Verdict
    word: str | None = None
    terms: Terms | None = None


@dataclass(frozen=True)
class Decided:
    """A request once somebody has decided; `as_said` says whether what they said is what became of it."""

    request: Request
    as_said: bool


def look(session: Session, team_id: str, user_id: str, approval_id: int) -> Request:
    """A request, for somebody who may decide. Raises `Declined` for anybody else, whoever asks for it included."""
    request = requests.find(session, team_id, user_id, approval_id)
    if request is None:
        raise Declined(Reason.GONE)
    if not requests.may_decide(request.member, request.policy):
        raise Declined(Reason.NOT_AN_APPROVER)
    if user_id in (request.approval.asked_by, request.case.rep_id):
        raise Declined(Reason.OWN_REQUEST)
    return request


def decide(
    coach: Coach, session: Session, team_id: str, user_id: str, approval_id: int, decision: Decision, now: datetime
) -> Decided:
    """Decide a request, by the policy that holds now: the rep's card changes at once.

    What is within the limits by now needs nobody's word, and what cannot be had any more is nobody's to give. Raises
    `Declined` as `look` does, for a card number in the word, and for an offer that is no less than what was asked.
    """
    refuse_card_numbers(decision.word)
    request = look(session, team_id, user_id, approval_id)
    approval, case = request.approval, request.case
    if not requests.waits(approval):
        return Decided(request, as_said=False)
    given = _lesser(requests.terms(approval), decision.terms) if decision.verdict is Verdict.LESS else Terms()
    card = coach.find(session, team_id, case.rep_id, case.id or 0)
    verdict = _as_of_now(session, request, card, decision.verdict, now)
    if verdict is Verdict.LESS:
        approval.less_percent, approval.less_months = given.percent, given.months
        approval.less_minor = given.worth.minor if given.worth else None
    told = requests.settle(approval, verdict, now, user_id, decision.word)
    changed = [*told, copy_of(case, now), *sights.redraws_of_case(session, case, now)]
    if verdict is Verdict.ENDED:
        outbox.enqueue(session, *changed)
    elif verdict in (Verdict.APPROVED, Verdict.WITHIN):
        agreement = _agreement(approval, approval.words, requests.terms(approval))
        remedies.settle(coach, session, card, None, agreement, now, extra=changed)
    else:
        coach.put_down(session, card, None, now, extra=changed)
    return Decided(request, as_said=verdict is decision.verdict)


def _as_of_now(session: Session, request: Request, card: Card, said: Verdict, now: datetime) -> Verdict:
    """What is decided, as the policy and the case stand now. Somebody's no is a no."""
    case, approval, policy = request.case, request.approval, request.policy
    step = card.playbook.steps.get(approval.key)
    if case.letting_go or case.outcome or step is None or step.follow != approval.follow:
        return Verdict.ENDED
    if said is Verdict.DECLINED:
        return said
    if not policy.offered:
        return Verdict.OFF
    if step not in card.open_remedies:
        return Verdict.ENDED
    if policies.had(session, request.team, case, approval.follow, now, calendar.zone(card.member.timezone)):
        return Verdict.HAD
    return said if request.above or policy.lacks(requests.terms(approval)) else Verdict.WITHIN


def _lesser(asked: Terms, offered: Terms | None) -> Terms:
    """All that is offered instead. Raises `Declined` where something is more than was asked, or nothing is less."""
    said = {name: value for name, value in vars(offered or asked).items() if value is not None}
    given = replace(asked, **said)
    if given == asked or any(policies.exceeds(value, getattr(asked, name)) for name, value in said.items()):
        raise Declined(Reason.MORE_THAN_ASKED)
    return given


def _agreement(approval: Approval, words: str | None, terms: Terms) -> Agreement:
    return Agreement(
        approval.key,
        words,
        terms.percent,
        terms.months,
        terms.worth,
        owner=approval.owner_id,
        on=approval.due_on,
    )


@gesture
def take_less(coach: Coach, session: Session, pressed: Pressed, now: datetime) -> Card:
    """They take what may be offered instead: so much of what was promised. A price has an amount, and no more words."""
    card = coach.take_up(session, pressed, now)
    approval = card.approval
    if approval is None or approval.verdict != Verdict.LESS:
        raise Unmoved(replace(card, notice=Notice.STALE), now)
    if notice := remedies.why_not(card, approval.key):
        raise Unmoved(replace(card, notice=notice), now)
    where = calendar.zone(card.member.timezone)
    if had := policies.had(session, card.team, card.case, approval.follow, now, where):
        raise Unmoved(replace(card, had=had, notice=Notice.HAD), now)
    approval.closed_at = now
    words = None if approval.follow == Follow.DISCOUNT else approval.words
    agreement = _agreement(approval, words, requests.less(approval))
    card = replace(card, approval=None, notice=Notice.KEPT)
    return remedies.settle(coach, session, card, pressed, agreement, now)


@gesture
def put_away(coach: Coach, session: Session, pressed: Pressed, now: datetime) -> Card:
    """Take the request back while it waits, or leave what was offered instead."""
    card = coach.take_up(session, pressed, now)
    if card.approval is None:
        raise Unmoved(replace(card, notice=Notice.STALE), now)
    notice = Notice.UNASKED if requests.waits(card.approval) else None
    told = requests.put_away(card.approval, now, pressed.user_id)
    return coach.put_down(session, replace(card, approval=None, notice=notice), pressed, now, extra=told)


@gesture
def call_back(coach: Coach, session: Session, pressed: Pressed, now: datetime) -> Card:
    """It takes long: promise to call back, in an hour or in the rep's next morning. The request goes on waiting."""
    card = coach.take_up(session, pressed, now)
    promised = any(task.kind == TaskKind.CALL_BACK for task in card.tasks)
    if promised or not requests.waits(card.approval):
        raise Unmoved(replace(card, notice=Notice.STALE), now)
    promise = Promise(TaskKind.CALL_BACK, at=_sensible(card, now))
    card = replace(card, notice=Notice.CALL_BOOKED)
    return coach.put_down(session, card, pressed, now, promises=[promise])


def _sensible(card: Card, now: datetime) -> datetime:
    work, soon = hours.of(card.member, card.team), now + _CALLS_BACK_AFTER
    return soon if work.cover(soon) else work.morning_of(work.next_open(soon).astimezone(work.where).date())


def widen(session: Session, team_id: str, approval_id: int, now: datetime) -> None:
    """Nobody has decided for a while: ask the next one too."""
    request = requests.find(session, team_id, "", approval_id)
    if request is None or not requests.waits(request.approval):
        return
    approval = request.approval
    others = requests.approvers(session, request.case, request.policy, approval.asked_by, now)
    following = next((each for each in others if each not in approval.asked_of), None)
    if following:
        approval.asked_of = [*approval.asked_of, following]
        # Who is asked stands on the card too.
        outbox.enqueue(session, requests.message(approval, following, now), *_cards(session, request.case, now))
        homes.follow(session, team_id, (following,), now)


def slow(session: Session, team_id: str, approval_id: int, now: datetime) -> None:
    """Nobody has decided for long: the card offers to promise a call back."""
    request = requests.find(session, team_id, "", approval_id)
    if request and requests.waits(request.approval):
        request.approval.slow_at = now
        outbox.enqueue(session, *_cards(session, request.case, now))


def _cards(session: Session, case: Case, now: datetime) -> Sequence[outbox.Due]:
    """Every place where the card of a case stands."""
    return [copy_of(case, now), *sights.redraws_of_case(session, case, now)]
