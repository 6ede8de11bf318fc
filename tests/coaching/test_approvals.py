"""More than is a rep's to offer: who is asked, who decides, by which limits, and what is kept of it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from bot.coaching import approvals, members, requests
from bot.coaching.approvals import Decided, Decision
from bot.coaching.cases import Card, Notice
from bot.coaching.errors import Declined, Reason
from bot.coaching.money import Money
from bot.coaching.moves import Move
from bot.coaching.outcomes import Outcome
from bot.coaching.playbooks import Follow
from bot.coaching.policies import Policy, Terms
from bot.coaching.reminders import TaskKind
from bot.coaching.requests import KIND, NEXT, SLOW, Verdict
from bot.storage.models import Approval, Remedy
from tests.coaching.desk import Desk
from tests.coaching.test_policies import LIMITED, agrees, at_the_remedies, sets

YES = Decision(Verdict.APPROVED)


def less(percent: int | None = None, months: int | None = None, minor: int | None = None) -> Decision:
    worth = Money(minor, "USD") if minor is not None else None
    return Decision(Verdict.LESS, "So much", Terms(percent, months, worth))


@pytest.fixture
def second(mina: Desk) -> Desk:
    """A manager since later than Mina."""
    manager = replace(mina, rep="U8").later(minutes=1)
    manager.does(manages, "U8", manager.now)
    return replace(manager, now=mina.now)


def manages(session: Session, user_id: str, since: datetime | None) -> None:
    members.meet(session, "T1", user_id).manages_since = since


def asks(desk: Desk) -> Card:
    return agrees(desk, at_the_remedies(desk), 30, 6, 180_00)


def decides(manager: Desk, decision: Decision = YES) -> Decided:
    return manager.works(approvals.decide, manager.team, manager.rep, 1, decision, manager.now)


def refused(manager: Desk, decision: Decision = YES) -> Reason:
    with pytest.raises(Declined) as declined:
        decides(manager, decision)
    return declined.value.reason


def kept(desk: Desk) -> Approval:
    return desk.rows(Approval)[-1]


def test_above_the_limit_it_is_asked_and_nothing_is_agreed_on(desk: Desk, mina: Desk) -> None:
    sets(mina, LIMITED)
    card = asks(desk)

    assert card.notice is Notice.ABOVE
    assert desk.rows(Remedy) == []
    asked = kept(desk)
    assert (asked.asked_by, asked.asked_at, asked.words, requests.terms(asked)) == (
        "U1",
        desk.now,
        "Less",
        Terms(30, 6, Money(180_00, "USD")),
    )
    assert desk.outbox(KIND) == {"approval:1:U9": desk.now}
    assert desk.outbox(NEXT) == {"approval_next:1": desk.now + timedelta(minutes=3)}
    assert desk.outbox(SLOW) == {"approval_slow:1": desk.now + timedelta(minutes=6)}


def test_they_are_asked_in_turn_the_one_who_was_named_first_and_whoever_is_away_last(
    desk: Desk, mina: Desk, second: Desk
) -> None:
    case, policy = at_the_remedies(desk).case, LIMITED

    def order(policy: Policy, asked_by: str = "U1") -> list[str]:
        return desk.does(lambda session: list(requests.approvers(session, case, policy, asked_by, desk.now)))

    assert order(policy) == ["U9", "U8"]
    assert order(replace(policy, approver_id="U8")) == ["U8", "U9"]
    assert order(policy, "U9") == ["U8"], "nobody is asked for themselves"

    def goes_away(session: Session) -> None:
        members.meet(session, "T1", "U9").away_until = desk.now + timedelta(days=1)

    desk.does(goes_away)
    assert order(policy) == ["U8", "U9"]


def test_approved_it_is_agreed_on_as_if_it_had_been_within_the_limits(desk: Desk, mina: Desk) -> None:
    sets(mina, LIMITED)
    card = asks(desk)
    assert decides(mina).as_said

    (remedy,) = desk.rows(Remedy)
    assert (remedy.percent, remedy.months, remedy.worth_minor, remedy.agreed_by) == (30, 6, 180_00, "U1")
    shown = desk.shows(card)
    assert (shown.case.step, shown.case.agreed) == ("settle", True)
    assert shown.approval, "the card says who said yes, until the next press"
    assert desk.presses(shown, Move.BACK).approval is None
    asked = kept(desk)
    assert (asked.verdict, asked.decided_by, asked.decided_at) == (Verdict.APPROVED, "U9", mina.now)


def test_a_no_is_kept_with_its_word(desk: Desk, mina: Desk) -> None:
    sets(mina, LIMITED)
    asks(desk)
    decides(mina, Decision(Verdict.DECLINED, "Not now"))

    assert (kept(desk).verdict, kept(desk).word) == (Verdict.DECLINED, "Not now")
    assert desk.rows(Remedy) == []


@pytest.mark.parametrize(
    "decision", [less(31), less(30, 6, 180_00), less(minor=180_01), Decision(Verdict.LESS, "So much")]
)
def test_an_offer_of_less_is_less(desk: Desk, mina: Desk, decision: Decision) -> None:
    sets(mina, LIMITED)
    asks(desk)

    assert refused(mina, decision) is Reason.MORE_THAN_ASKED
    assert kept(desk).decided_at is None


def test_less_is_agreed_on_as_an_amount_once_the_rep_takes_it(desk: Desk, mina: Desk) -> None:
    sets(mina, LIMITED)
    card = asks(desk)
    decides(mina, less(25))
    assert desk.rows(Remedy) == []
    taken = desk.works(approvals.take_less, desk.on(desk.shows(card)), desk.now)

    assert taken.approval is None
    (remedy,) = desk.rows(Remedy)
    assert (remedy.percent, remedy.months, remedy.worth_minor, remedy.words) == (25, 6, 180_00, None)
    again = desk.works(approvals.take_less, desk.on(taken), desk.now)
    assert again.notice is Notice.STALE


def test_less_that_is_not_offered_any_more_is_not_taken(desk: Desk, mina: Desk) -> None:
    sets(mina, LIMITED)
    card = asks(desk)
    decides(mina, less(25))
    sets(mina, Policy(offered=False))

    assert desk.works(approvals.take_less, desk.on(desk.shows(card)), desk.now).notice is Notice.NOT_OFFERED
    assert desk.rows(Remedy) == []


def test_whoever_may_not_decide_changes_nothing(desk: Desk, colleague: Desk, mina: Desk, second: Desk) -> None:
    sets(mina, LIMITED)
    asks(desk)
    assert refused(colleague) is Reason.NOT_AN_APPROVER
    mina.does(manages, "U9", None)
    assert refused(mina) is Reason.NOT_AN_APPROVER
    desk.does(manages, "U1", desk.now)
    assert refused(desk) is Reason.OWN_REQUEST
    assert refused(replace(second, team="T2")) is Reason.GONE
    assert kept(desk).decided_at is None

    assert decides(second).as_said


def test_whoever_was_named_may_decide_until_somebody_else_is(desk: Desk, colleague: Desk, mina: Desk) -> None:
    sets(mina, replace(LIMITED, approver_id="U2"))
    asks(desk)
    assert kept(desk).asked_of == ["U2"]
    sets(mina, LIMITED)
    assert refused(colleague) is Reason.NOT_AN_APPROVER

    sets(mina, replace(LIMITED, approver_id="U2"))
    assert decides(colleague).as_said


def test_of_two_the_first_one_decides(desk: Desk, mina: Desk, second: Desk) -> None:
    sets(mina, LIMITED)
    asks(desk)
    decides(second, Decision(Verdict.DECLINED, "No"))
    late = decides(mina)

    assert not late.as_said
    assert (late.request.approval.verdict, late.request.approval.decided_by) == (Verdict.DECLINED, "U8")
    assert desk.rows(Remedy) == []


@pytest.mark.parametrize(
    ("policy", "said", "verdict"),
    [
        (Policy(most=Terms(50, 12, Money(500_00, "USD"))), YES, Verdict.WITHIN),
        (Policy(), less(25), Verdict.WITHIN),
        (Policy(), Decision(Verdict.DECLINED, "No"), Verdict.DECLINED),
        (Policy(offered=False), YES, Verdict.OFF),
        (Policy(most=Terms(percent=10)), YES, Verdict.APPROVED),
    ],
)
def test_the_policy_that_holds_at_the_decision_counts(
    desk: Desk, mina: Desk, policy: Policy, said: Decision, verdict: Verdict
) -> None:
    sets(mina, LIMITED)
    asks(desk)
    sets(mina, policy)
    decided = decides(mina, said)

    assert kept(desk).verdict == verdict
    assert decided.as_said is (verdict is said.verdict)
    assert len(desk.rows(Remedy)) == (verdict in (Verdict.WITHIN, Verdict.APPROVED))


def test_what_they_were_given_meanwhile_counts_at_the_decision(desk: Desk, colleague: Desk, mina: Desk) -> None:
    sets(mina, LIMITED)
    asks(desk)
    sets(mina, replace(LIMITED, times=1, within_months=12))
    agrees(colleague, at_the_remedies(colleague), 10, 1)
    decides(mina)

    assert kept(desk).verdict == Verdict.HAD
    assert len(desk.rows(Remedy)) == 1


@pytest.mark.parametrize("outcome", [Outcome.SAVED, Outcome.LEFT, Outcome.COOL_OFF])
def test_it_ends_with_its_case_and_the_managers_hear_of_it(desk: Desk, mina: Desk, outcome: Outcome) -> None:
    sets(mina, LIMITED)
    card = asks(desk)
    desk.later(seconds=30)
    desk.closes(card, outcome)

    asked = kept(desk)
    assert (asked.verdict, asked.decided_by, asked.closed_at) == (Verdict.ENDED, None, desk.now)
    assert desk.outbox(KIND) == {"approval:1:U9": desk.now}
    assert not decides(mina).as_said
    assert desk.rows(Remedy) == []


def test_a_cause_that_turned_out_to_be_a_worry_leaves_no_discount_to_approve(desk: Desk, mina: Desk) -> None:
    sets(mina, LIMITED)
    card = desk.presses(asks(desk), Move.BACK, Move.BACK)
    desk.presses(card, Move.WORRIED)
    decides(mina)

    assert kept(desk).verdict == Verdict.ENDED
    assert desk.rows(Remedy) == []


def test_nobody_to_ask_is_said_and_nothing_is_kept(desk: Desk, mina: Desk) -> None:
    sets(mina, LIMITED)

    assert agrees(mina, at_the_remedies(mina), 30, 6).notice is Notice.NOBODY_TO_ASK
    assert desk.rows(Approval) == []


def test_the_next_one_is_asked_too_while_it_waits_and_nobody_twice(desk: Desk, mina: Desk, second: Desk) -> None:
    sets(mina, LIMITED)
    asks(desk)
    for _ in range(2):
        desk.does(approvals.widen, "T1", 1, desk.now)
        assert kept(desk).asked_of == ["U9", "U8"]
    decides(mina)
    assert {*desk.outbox(KIND)} == {"approval:1:U8", "approval:1:U9"}, "both are told what was decided"


def test_once_it_is_decided_nobody_else_is_asked_and_nothing_takes_long(desk: Desk, mina: Desk, second: Desk) -> None:
    sets(mina, LIMITED)
    asks(desk)
    decides(mina)
    for look in (approvals.widen, approvals.slow):
        desk.does(look, "T1", 1, desk.now)

    assert (kept(desk).asked_of, kept(desk).slow_at) == (["U9"], None)


def test_a_call_back_is_booked_once_within_working_hours(desk: Desk, mina: Desk) -> None:
    sets(mina, LIMITED)
    # Half past four in New York: an hour later nobody works any more.
    desk.lives_in("America/New_York").later(hours=6, minutes=30)
    card = asks(desk)
    booked = desk.works(approvals.call_back, desk.on(card), desk.now)
    again = desk.works(approvals.call_back, desk.on(booked), desk.now)

    assert again.notice is Notice.STALE
    (task,) = desk.tasks()
    assert (task.kind, task.due_at.isoformat()) == (TaskKind.CALL_BACK, "2026-11-25T15:00:00+00:00")
    assert kept(desk).decided_at is None, "it goes on waiting"


def test_taken_back_it_is_nobodys_to_decide(desk: Desk, mina: Desk) -> None:
    sets(mina, LIMITED)
    card = desk.works(approvals.put_away, desk.on(asks(desk)), desk.now)

    assert (card.notice, card.approval) == (Notice.UNASKED, None)
    assert (kept(desk).verdict, kept(desk).decided_by) == (Verdict.TAKEN_BACK, "U1")
    assert not decides(mina).as_said
    assert desk.works(approvals.put_away, desk.on(card), desk.now).notice is Notice.STALE


def test_a_card_number_in_a_word_is_refused(desk: Desk, mina: Desk) -> None:
    sets(mina, LIMITED)
    asks(desk)

    assert refused(mina, Decision(Verdict.DECLINED, "4111 1111 1111 1111")) is Reason.CARD_NUMBER
    assert kept(desk).decided_at is None


def test_a_copy_that_shows_it_waiting_is_a_step_behind_once_it_is_decided(desk: Desk, mina: Desk) -> None:
    sets(mina, LIMITED)
    card = asks(desk)
    before = desk.on(card)
    decides(mina, Decision(Verdict.DECLINED, "No"))

    assert desk.works(approvals.put_away, before, desk.now).notice is Notice.STALE
    assert kept(desk).verdict == Verdict.DECLINED
    assert Follow(kept(desk).follow) is Follow.DISCOUNT
