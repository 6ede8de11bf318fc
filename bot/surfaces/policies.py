"""What managers set of one kind of remedy: whether reps may offer it, how much of it, and who approves more."""

from collections.abc import Sequence

from bot.coaching.money import Money
from bot.coaching.playbooks import Follow
from bot.coaching.policies import LIMITS, Limit, Policy, Terms
from bot.surfaces import blocks, forms, ids, requests
from bot.surfaces.blocks import Block, Element, View
from bot.surfaces.forms import Opener, Refused
from bot.surfaces.payloads import Submission
from bot.surfaces.remedies import MONTHS_MOST, PERCENT_MOST
from bot.surfaces.words import Voice

OFFERED = "form.offered"
PERCENT = "form.most_percent"
MONTHS = "form.most_months"
WORTH = "form.most_worth"
TIMES = "form.times"
WITHIN = "form.within_months"
APPROVER = "form.approver"

TIMES_MOST = 20

_MAY = "may"


class PolicyOrigin(Opener):
    """Which kind of remedy a form is about."""

    follow: Follow


def menu(voice: Voice) -> Element:
    """The kinds of remedies, to set what reps may offer."""
    options = blocks.options_of({follow: voice.label(f"follow.{follow}") for follow in LIMITS})
    return blocks.select(ids.HOME_POLICY, options, None, voice.label("placeholder.change_policy"))


def told(voice: Voice, policies: Sequence[tuple[Follow, Policy]]) -> Sequence[str]:
    """What is set, kind by kind: "A lower price: up to 20 percent, for up to 3 months"."""
    return [f"{voice.label(f'follow.{follow}')}: {_in_short(voice, policy)}" for follow, policy in policies]


def _in_short(voice: Voice, policy: Policy) -> str:
    if not policy.offered:
        return voice.label("policy.not_offered")
    return ", ".join(requests.may(voice, policy)) or voice.label("policy.no_limit")


def policy(voice: Voice, follow: Follow, policy: Policy, currency: str | None = None) -> View:
    """One form a kind, with nothing in it that cannot be limited there; `currency` is the team's."""
    may = blocks.option(voice.label("policy.offered"), _MAY)
    offered = blocks.checkboxes(OFFERED, [may], [_MAY] if policy.offered else [])
    most = policy.most
    limits = {
        Limit.PERCENT: (PERCENT, blocks.number_input(PERCENT, most.percent, 1, PERCENT_MOST)),
        Limit.MONTHS: (MONTHS, blocks.number_input(MONTHS, most.months, 1, MONTHS_MOST)),
        Limit.WORTH: (
            WORTH,
            blocks.text_input(WORTH, most.worth.typed(voice.locale, currency) if most.worth else None),
        ),
    }
    approver = blocks.users_select(APPROVER, voice.label("placeholder.colleague"), policy.approver_id)
    fields: list[Block] = [
        blocks.context(voice.text("library/policy", title=voice.label(f"follow.{follow}"))),
        forms.field(voice, OFFERED, offered),
        *(forms.field(voice, *limits[limit]) for limit in LIMITS[follow]),
        forms.field(voice, TIMES, blocks.number_input(TIMES, policy.times, 1, TIMES_MOST)),
        forms.field(voice, WITHIN, blocks.number_input(WITHIN, policy.within_months, 1, MONTHS_MOST)),
        # Where nothing can be limited, nothing lies above.
        *([forms.field(voice, APPROVER, approver)] if LIMITS[follow] else []),
    ]
    return forms.form(voice, ids.POLICY_FORM, "policy", PolicyOrigin(follow=follow, currency=currency), fields)


def read(voice: Voice, sent: Submission) -> Policy | Refused:
    """What the manager sets."""
    asked = {PERCENT: PERCENT_MOST, MONTHS: MONTHS_MOST, TIMES: TIMES_MOST, WITHIN: MONTHS_MOST}
    # How often says nothing without how long, and the other way round.
    needed = {*([WITHIN] if sent.text(TIMES) else []), *([TIMES] if sent.text(WITHIN) else [])}
    typed = {name: most for name, most in asked.items() if name in needed or sent.text(name)}
    numbers, worth = forms.read_numbers(voice, sent, typed), forms.read_value(voice, sent, WORTH)
    if isinstance(numbers, Refused) or isinstance(worth, Refused):
        return Refused(forms.errors_of(numbers, worth))
    return Policy(
        offered=_MAY in sent.field(OFFERED).ticked,
        most=Terms(numbers.get(PERCENT), numbers.get(MONTHS), worth if isinstance(worth, Money) else None),
        times=numbers.get(TIMES),
        within_months=numbers.get(WITHIN),
        approver_id=sent.text(APPROVER),
    )


def nobody_there(voice: Voice) -> Refused:
    """Who was chosen cannot approve anything."""
    return Refused({APPROVER: voice.label("error.no_colleague")})
