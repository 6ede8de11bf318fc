"""The states of what reps may offer, of what they ask for above that, and of what is decided."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.coaching.cases import Card, Notice
from bot.coaching.library import Library
from bot.coaching.money import Money
from bot.coaching.playbooks import Follow
from bot.coaching.policies import LIMITS, Had, Policy, Terms
from bot.coaching.remedies import Agreement
from bot.coaching.reminders import TaskKind
from bot.coaching.requests import Request, Verdict
from bot.storage.models import Approval, Member, Remedy, Team
from bot.surfaces import approvals, cases, made_up, policies, remedies
from bot.surfaces.approvals import VERDICTS, ApprovalOrigin
from bot.surfaces.forms import Refused
from bot.surfaces.remedies import RemedyOrigin
from tests.surfaces.library_states import managed
from tests.surfaces.playbook_states import OF_ORDER, errors, of
from tests.surfaces.scenes import NOW, ORIGIN, ROSA, SAM, TODAY, Built, Scene, said, submission, task

SET = {
    "discount": {"percent": 20, "months": 3, "worth_minor": 100_00, "currency": "USD", "approver_id": SAM},
    "billing": {"months": 1, "times": 1, "within_months": 12},
    "fix": {"worth_minor": 50_00, "currency": "USD"},
    "session": {"offered": False},
    "note": {"times": 2, "within_months": 6},
}
TEAM = Team(team_id="T1", policies=SET)
DECIDED = {"decided_by": SAM, "decided_at": NOW, "word": "Not <this> time\nplease"}
LESSER = {"less_percent": 25, "less_months": 1, "less_minor": 90_00}


def at(scene: Scene, follow: Follow, **given: Any) -> Card:
    return of(scene, "order").card(OF_ORDER[follow], **({"kind": "order", "cause": "legitimate", "team": TEAM} | given))


def approval(**given: Any) -> Approval:
    filled = {
        "team_id": "T1",
        "id": 3,
        "case_id": 7,
        "key": "discount",
        "follow": "discount",
        "words": "30 <off>\nfor half a year",
        "percent": 30,
        "months": 6,
        "worth_minor": 180_00,
        "currency": "USD",
        "asked_by": ROSA,
        "asked_at": NOW - timedelta(minutes=4),
        "asked_of": [SAM],
    }
    return Approval(**(filled | given))


def decided(verdict: Verdict, **given: Any) -> Approval:
    return approval(verdict=verdict, **(DECIDED | (LESSER if verdict is Verdict.LESS else {}) | given))


def asked(scene: Scene, of_it: Approval, **given: Any) -> Built:
    """The card on which a request stands."""
    return cases.card(scene.voice, at(scene, Follow.DISCOUNT, approval=of_it, **given))


def request(scene: Scene, of_it: Approval, *, late: bool = False, **of_case: Any) -> Built:
    """The message of somebody who may decide."""
    return approvals.request(scene.voice, about(scene, of_it, **of_case), "A smaller bill", late=late)


def about(scene: Scene, of_it: Approval, **of_case: Any) -> Request:
    given = Remedy(
        team_id="T1", id=1, case_id=7, key="fix", follow="fix", words="A charger", agreed_by=ROSA, agreed_at=NOW
    )
    filled = {
        "product": "Corner <sofa>",
        "value_minor": 1_200_00,
        "currency": "USD",
        "reason": "cost",
        "cause": "legitimate",
        "words": {"why": "The <bills> are\nhigh", "mission": "Quiet Sundays"},
    }
    case = scene.case("discount", **(filled | of_case))
    return Request(of_it, case, scene.customer, TEAM, Member(team_id="T1", user_id=SAM), [given])


def had(card: Card) -> Card:
    before = Remedy(
        team_id="T1",
        id=1,
        case_id=2,
        key=card.case.step,
        follow="discount",
        percent=20,
        months=1,
        agreed_by=ROSA,
        agreed_at=NOW - timedelta(days=90),
    )
    return replace(card, had=Had(before, TODAY + timedelta(days=275)))


def form(scene: Scene, card: Card) -> Built:
    return remedies.form(scene.voice, card, ORIGIN, NOW)


def remedy_refuses(scene: Scene, **typed: str) -> Built:
    origin = RemedyOrigin(case_id=7, revision=3, key="discount", follow=Follow.DISCOUNT, limit_currency="USD")
    sent = submission({f"form.{name}": {"value": value} for name, value in typed.items()})
    return errors(remedies.read(scene.voice, sent, origin, NOW))


def not_kept(scene: Scene, card: Card, notice: Notice) -> Built:
    agreement = Agreement("discount", "30 off", 30, 6, Money(180_00, "USD"))
    return errors(remedies.refusal(scene.voice, replace(card, notice=notice), agreement))


def policy_refuses(scene: Scene, **typed: str) -> Built:
    return errors(policies.read(scene.voice, submission({f"form.{name}": {"value": typed[name]} for name in typed})))


def origin(verdict: Verdict) -> ApprovalOrigin:
    return ApprovalOrigin(
        approval_id=3, verdict=verdict, percent=30, months=6, worth_minor=180_00, currency="USD", response_url="u"
    )


def less_refuses(scene: Scene, **typed: str) -> Built:
    sent = submission({f"form.{name}": {"value": value} for name, value in typed.items()})
    found = approvals.read_less(scene.voice, sent, origin(Verdict.LESS))
    assert isinstance(found, Refused)
    return errors(found)


def home_of_a_manager(scene: Scene, team: Team) -> Built:
    return managed(scene, Library(team, []), manages_since=NOW)


POLICIES: Mapping[str, Callable[[Scene], Built]] = {
    "policy_home": lambda scene: home_of_a_manager(scene, TEAM),
    "policy_home_without_a_limit": lambda scene: home_of_a_manager(
        scene, Team(team_id="T1", policies={"note": {"offered": True}})
    ),
    **{
        f"policy_form_{follow}": lambda scene, follow=follow: policies.policy(scene.voice, follow, Policy())  # type: ignore[misc]
        for follow in LIMITS
    },
    "policy_form_set": lambda scene: policies.policy(
        scene.voice, Follow.DISCOUNT, Policy(False, Terms(20, 3, Money(100_00, "USD")), 1, 12, SAM)
    ),
    "policy_remedies": lambda scene: of(scene, "order").shown("remedy", kind="order", cause="legitimate", team=TEAM),
    "policy_remedy_at_hand": lambda scene: cases.card(scene.voice, at(scene, Follow.DISCOUNT)),
    "policy_remedy_had": lambda scene: cases.card(scene.voice, had(at(scene, Follow.DISCOUNT))),
    "policy_remedy_not_offered": lambda scene: cases.card(scene.voice, at(scene, Follow.SESSION)),
    "policy_remedy_form": lambda scene: form(scene, at(scene, Follow.DISCOUNT)),
    "policy_remedy_form_fix": lambda scene: form(scene, at(scene, Follow.FIX)),
    "policy_remedy_form_had": lambda scene: form(scene, had(at(scene, Follow.DISCOUNT))),
    "request_waits": lambda scene: asked(scene, approval()),
    "request_waits_for_two": lambda scene: asked(scene, approval(asked_of=[SAM, made_up.REP])),
    "request_waits_in_writing": lambda scene: asked(scene, approval(), writing=True, heard_through="email"),
    "request_waits_elsewhere": lambda scene: of(scene, "order").shown(
        "settle", kind="order", cause="legitimate", team=TEAM, approval=approval()
    ),
    "request_takes_long": lambda scene: asked(scene, approval(slow_at=NOW)),
    "request_takes_long_with_a_call_back": lambda scene: asked(
        scene, approval(slow_at=NOW), tasks=[task(TaskKind.CALL_BACK, days=0)]
    ),
    **{
        f"request_{verdict}": lambda scene, verdict=verdict: asked(scene, decided(verdict))  # type: ignore[misc]
        for verdict in Verdict
        if verdict not in (Verdict.TAKEN_BACK, Verdict.ENDED)
    },
    "request_to_decide": lambda scene: request(scene, approval()),
    "request_to_decide_with_little_known": lambda scene: request(
        scene,
        approval(percent=None, months=None, words=None, follow="fix", key="fix"),
        writing=True,
        product=None,
        value_minor=None,
        reason=None,
        cause=None,
        words={},
    ),
    "request_to_decide_within_the_limits": lambda scene: request(
        scene, approval(percent=20, months=3, worth_minor=100_00)
    ),
    **{
        f"request_decided_{verdict}": lambda scene, verdict=verdict: request(scene, decided(verdict))  # type: ignore[misc]
        for verdict in Verdict
    },
    "request_decided_by_somebody_else": lambda scene: request(scene, decided(Verdict.LESS), late=True),
    **{
        f"request_form_{verdict}": lambda scene, verdict=verdict: approvals.why(  # type: ignore[misc]
            scene.voice, about(scene, approval()), origin(verdict)
        )
        for verdict in VERDICTS[1:]
    },
    "request_too_late": lambda scene: said(
        scene, "decided", approvals.told_late(scene.voice, about(scene, decided(Verdict.DECLINED)))
    ),
}

POLICY_ANSWERS: Mapping[str, Callable[[Scene], Built]] = {
    "policy_refuses_limits": lambda scene: policy_refuses(
        scene, most_percent="150", most_months="0", most_worth="a lot", times="21", within_months="61"
    ),
    "policy_refuses_less_than_nothing": lambda scene: policy_refuses(scene, most_percent="-5", within_months="12"),
    "policy_refuses_an_approver": lambda scene: errors(policies.nobody_there(scene.voice)),
    "policy_remedy_refuses": lambda scene: remedy_refuses(
        scene, billing="30 off", percent="101", months="", worth="€5"
    ),
    "policy_remedy_had_already": lambda scene: not_kept(scene, had(at(scene, Follow.DISCOUNT)), Notice.HAD),
    "policy_remedy_nobody_to_ask": lambda scene: not_kept(scene, at(scene, Follow.DISCOUNT), Notice.NOBODY_TO_ASK),
    "request_less_refuses_more": lambda scene: less_refuses(scene, percent="31", months="6", worth="$200"),
    "request_less_refuses_the_same": lambda scene: less_refuses(scene, percent="30", months="6", worth="$180"),
    "request_less_refuses_nothing": lambda scene: less_refuses(scene, percent="", months="61"),
}
