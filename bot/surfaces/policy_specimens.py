"""Specimens of what reps may offer, of what they ask for above that, and of what is decided."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.coaching.cases import Card
from bot.coaching.money import Money
from bot.coaching.playbooks import Cause, Follow
from bot.coaching.policies import LIMITS, Had, Policy, Terms
from bot.coaching.reminders import TaskKind
from bot.coaching.requests import Request, Verdict
from bot.surfaces import approvals, blocks, made_up, policies, remedies
from bot.surfaces.approvals import ApprovalOrigin
from bot.surfaces.blocks import Message
from bot.surfaces.stage import Specimen, Stage, show
from bot.surfaces.words import Voice

_LIMITED = Policy(True, Terms(20, 12, Money(1_200_50, "USD")), 2, 12, made_up.COLLEAGUE)
_OTHERS = {
    "once": Policy(times=1, within_months=12, most=Terms(months=1)),
    "not offered": Policy(offered=False),
    "no limit": Policy(),
}


def policies_told(stage: Stage) -> Iterator[Specimen]:
    """The forms of managers, the cards of reps, and the messages between them."""
    voice = stage.voice
    for follow in LIMITS:
        yield show(f"form policy {follow}", policies.policy, voice, follow, Policy())
        yield show(f"form policy {follow}, set", policies.policy, voice, follow, _LIMITED)
    for name, policy in _OTHERS.items():
        yield show(f"policy in short, {name}", _in_short, voice, policy)
    card = _at_a_discount(stage)
    if card is None:
        return
    had = Had(made_up.filled(made_up.remedy(1, card.case.step), {"percent": 20, "months": 1}), made_up.LATER.date())
    yield from stage.cards("card with a remedy that is limited", card)
    yield from stage.cards("card with a remedy they have had", replace(card, had=had))
    yield show("form remedy they have had", remedies.form, voice, replace(card, had=had), made_up.ORIGIN, made_up.NOW)
    for name, given in _REQUESTS.items():
        approval = made_up.approval(card.case.step, **given)
        yield from _asked(stage, name, replace(card, approval=approval))


_DECIDED: dict[str, object] = {"decided_by": made_up.COLLEAGUE, "decided_at": made_up.NOW, "word": made_up.TYPED}
_REQUESTS: Mapping[str, dict[str, object]] = {
    "waits": {},
    "waits for two": {"asked_of": [made_up.COLLEAGUE, made_up.REP]},
    "takes long": {"slow_at": made_up.NOW},
    **{
        verdict: {"verdict": verdict, "less_percent": 10, "less_months": 1, "less_minor": 60_00, **_DECIDED}
        for verdict in Verdict
    },
}


def _at_a_discount(stage: Stage) -> Card | None:
    """The card at the first discount there is."""
    found = [(book, step) for book in stage.worked for step in book.steps.values() if step.follow is Follow.DISCOUNT]
    return stage.card(found[0][0], found[0][1].key, cause=Cause.LEGITIMATE) if found else None


def _asked(stage: Stage, name: str, card: Card) -> Iterator[Specimen]:
    voice, approval = stage.voice, card.approval
    if approval is None:
        return
    yield from stage.cards(f"card whose request {name}", card)
    promised = replace(card, tasks=[made_up.task(TaskKind.CALL_BACK)])
    yield from stage.cards(f"card whose request {name}, with a call-back", promised)
    written = replace(card, case=made_up.filled(card.case.model_copy(), made_up.IN_WRITING))
    yield from stage.cards(f"card whose request {name}, in writing", written)
    for how, case in (("on the phone", card.case), ("in writing", written.case)):
        given = [made_up.filled(made_up.remedy(1, "fix"), {"follow": Follow.FIX})]
        request = Request(approval, case, card.customer, card.team, card.member, given)
        title = card.playbook.steps[approval.key].title
        yield show(f"request that {name}, {how}", approvals.request, voice, request, title)
        yield show(f"request that {name}, {how}, late", approvals.request, voice, request, None, late=True)
    for verdict in (Verdict.LESS, Verdict.DECLINED):
        origin = ApprovalOrigin(approval_id=1, verdict=verdict, response_url=made_up.URL)
        yield show(f"form {verdict} of a request that {name}", approvals.why, voice, request, origin)
    yield from _within(stage, name, request)


def _within(stage: Stage, name: str, request: Request) -> Iterator[Specimen]:
    small: dict[str, Any] = {"percent": 5, "months": 1, "worth_minor": 5_00}
    approval = made_up.filled(request.approval.model_copy(), small)
    within = replace(request, approval=approval, given=())
    yield show(f"request that {name}, within the limits", approvals.request, stage.voice, within, None)


def _in_short(voice: Voice, policy: Policy) -> Message:
    told = "; ".join(policies.told(voice, [(follow, policy) for follow in LIMITS]))
    return blocks.remark(told)
