"""How much a remedy is, how much is a rep's to offer, and what stands on a card of what was asked for above that."""

from collections.abc import Sequence
from dataclasses import replace

from bot.coaching import policies, requests
from bot.coaching.cases import Card
from bot.coaching.money import Money
from bot.coaching.policies import Policy, Terms
from bot.coaching.reminders import TaskKind
from bot.coaching.requests import Verdict
from bot.storage.models import Approval, Task
from bot.surfaces import blocks, ids, presses
from bot.surfaces.blocks import Block
from bot.surfaces.ids import Ask
from bot.surfaces.words import Voice

_WORDS_MOST = 300


def terms(voice: Voice, terms: Terms) -> Sequence[str]:
    """How much a remedy is: "30 percent", "for 6 months", "worth $180.00"."""
    return _said(voice, "terms", terms)


def limits(voice: Voice, most: Terms) -> Sequence[str]:
    """How much it may be: "up to 20 percent", "for up to 3 months"."""
    return _said(voice, "limit", most)


def may(voice: Voice, policy: Policy) -> Sequence[str]:
    """How much of a kind of remedy is a rep's to offer, and how often: "up to 20 percent", "2 times in 12 months"."""
    said = [*limits(voice, policy.most)]
    if policy.times and policy.within_months:
        times = voice.counted("policy.times", policy.times)
        months = voice.counted("policy.months", policy.within_months)
        said.append(voice.label("policy.often").format(times=times, months=months))
    return said


def _said(voice: Voice, table: str, terms: Terms) -> Sequence[str]:
    counted = {"percent": terms.percent, "months": terms.months}
    said = [voice.counted(f"{table}.{name}", count) for name, count in counted.items() if count is not None]
    if isinstance(terms.worth, Money):
        said.append(voice.label(f"{table}.worth").format(number=terms.worth.shown(voice.locale)))
    return said


def offer(voice: Voice, card: Card, *, asks: bool = False) -> str:
    """What is a rep's to offer of the remedy at hand, or since when the customer has had it; else nothing.

    `asks` says how more is asked for.
    """
    had = card.had
    step = card.playbook.steps.get(had.remedy.key) if had else None
    return voice.text(
        "approvals/limits",
        had=(step.title if step else voice.label(f"follow.{had.remedy.follow}")) if had else None,
        on=voice.day_and_year(had.remedy.agreed_at) if had else None,
        amount=", ".join(terms(voice, policies.terms_of(had.remedy))) if had else None,
        next=voice.day_and_year(had.next_on) if had else None,
        limits=may(voice, card.policy),
        asks=asks,
    )


def what(voice: Voice, card: Card, approval: Approval, terms_: Terms | None = None) -> str:
    """What is asked for, by its name and how much it is."""
    step = card.playbook.steps.get(approval.key)
    return said_of(voice, step.title if step else None, approval, terms_)


def said_of(voice: Voice, title: str | None, approval: Approval, terms_: Terms | None = None) -> str:
    """The same by the remedy's title, where its playbook has it still."""
    named = title or voice.label(f"follow.{approval.follow}")
    return ", ".join([named, *terms(voice, terms_ or requests.terms(approval))])


def at_hand(voice: Voice, card: Card) -> Sequence[Block]:
    """At a remedy: what is the rep's to offer of it, while nothing is asked for."""
    told = offered(voice, card)
    return [blocks.context(told)] if told else []


def offered(voice: Voice, card: Card) -> str:
    """The same in a sentence; empty where there is nothing to say."""
    is_remedy = card.playbook.steps[card.case.step].follow and not card.case.outcome
    return offer(voice, card) if is_remedy and not stands_in(card) else ""


def on_card(voice: Voice, card: Card) -> Sequence[Block]:
    """What was asked for: a line to say while it waits, then what was decided, and what can be pressed."""
    approval = card.approval
    if approval is None:
        return []
    case, waits = card.case, requests.waits(approval)
    away = Ask.UNASK if waits else Ask.LEAVE_LESS if approval.verdict == Verdict.LESS else None
    can_promise = waits and approval.slow_at is not None and _call_back(card) is None
    row = [
        *([presses.press(voice, case, Ask.CALL_BACK)] if can_promise else []),
        *([presses.press(voice, case, Ask.TAKE_LESS, "primary")] if away is Ask.LEAVE_LESS else []),
    ]
    return [
        blocks.section(_told(voice, card, approval), presses.press(voice, case, away) if away else None),
        *([blocks.actions(f"{ids.CASE_PRESS}.request", row)] if row else []),
    ]


def stands_in(card: Card) -> bool:
    """Whether what became of a request takes the place of the step's own lines: it is what there is to say now."""
    return card.approval is not None and card.approval.key == card.case.step


def _told(voice: Voice, card: Card, approval: Approval) -> str:
    template = "approvals/waits" if requests.waits(approval) else "approvals/decided"
    return voice.text(template, request=_facts(voice, card, approval))


def _facts(voice: Voice, card: Card, approval: Approval) -> dict[str, object]:
    policy, promised = policies.of(card.team, approval.follow), _call_back(card)
    lesser = requests.less(approval)
    return {
        "verdict": approval.verdict,
        "what": what(voice, card, approval),
        "hour": voice.hour(approval.asked_at),
        "asked_of": approval.asked_of,
        "writing": card.case.writing,
        "slow": approval.slow_at is not None,
        "call_back": voice.moment(promised.due_at) if promised else None,
        "by": approval.decided_by,
        "less": what(voice, card, approval, lesser),
        "sayable": _sayable(voice, lesser),
        "word": blocks.cut(approval.word, _WORDS_MOST) if approval.word else None,
        "limits": limits(voice, policy.most) if policy.offered else [],
    }


def _sayable(voice: Voice, lesser: Terms) -> str:
    """How much it is, as it is said aloud: what it is worth only where there is nothing else to say."""
    said = terms(voice, replace(lesser, worth=None))
    return ", ".join(said) or (lesser.worth.shown(voice.locale) if lesser.worth else "")


def _call_back(card: Card) -> Task | None:
    return next((task for task in card.tasks if task.kind == TaskKind.CALL_BACK), None)
