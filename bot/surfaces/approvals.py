"""A request above the limits, as it reaches a manager: one message that says it all, and a small form for a word."""

from collections.abc import Sequence

from bot.coaching import policies, requests
from bot.coaching.money import Money
from bot.coaching.policies import Limit, Terms
from bot.coaching.requests import Request, Verdict
from bot.surfaces import blocks, forms, ids, reasons
from bot.surfaces import requests as words
from bot.surfaces.blocks import Block, Message, View
from bot.surfaces.cases import named
from bot.surfaces.forms import Opener, Refused
from bot.surfaces.payloads import Submission
from bot.surfaces.remedies import MONTHS, MONTHS_MOST, PERCENT, PERCENT_MOST, WORTH
from bot.surfaces.words import Voice, person

WORD = "form.approval_word"

# What a manager may press; the rest of the verdicts come by themselves.
VERDICTS = (Verdict.APPROVED, Verdict.LESS, Verdict.DECLINED)

_WORD_MOST = 300
_LINE_MOST = 120
_LINES_MOST = 5


class ApprovalOrigin(Opener):
    """Which request a form is about, what was asked, and where its message is redrawn."""

    approval_id: int
    verdict: Verdict
    response_url: str | None = None
    at_home: bool = False
    percent: int | None = None
    months: int | None = None
    worth_minor: int | None = None
    currency: str | None = None

    @property
    def asked(self) -> Terms:
        """How much was asked for."""
        worth = Money(self.worth_minor, self.currency) if self.worth_minor is not None and self.currency else None
        return Terms(self.percent, self.months, worth)


def request(voice: Voice, about: Request, title: str | None, *, late: bool = False) -> Message:
    """Who asks what, for whom, and why; once it is decided, by whom and how.

    `title` is the remedy's. `late` says that a press came too late, or led to something else.
    """
    said = _said(voice, about, title)
    if requests.waits(about.approval):
        return blocks.message(waiting(voice, about, title))
    told = told_late(voice, about) if late else verdict(voice, about)
    return blocks.message([blocks.section(told), blocks.context(said)])


def _said(voice: Voice, about: Request, title: str | None) -> str:
    approval = about.approval
    how = voice.label(f"approval.{'writing' if about.case.writing else 'phone'}")
    return voice.text(
        "approvals/request",
        by=approval.asked_by,
        name=person(named(voice, about.name)),
        what=words.said_of(voice, title, approval),
        words=blocks.cut(approval.words, _LINE_MOST) if approval.words else None,
        above=words.limits(voice, about.policy.most.only(about.above)),
        waits=requests.waits(approval),
        how=how,
        hour=voice.hour(approval.asked_at),
    )


def waiting(voice: Voice, about: Request, title: str | None) -> Sequence[Block]:
    """What is asked for, the case in a few lines, and what can be said to it: in a message, or on the Home."""
    approval, lines = about.approval, voice.text("approvals/case", lines=_lines(voice, about))
    buttons = [
        blocks.button(
            f"{ids.APPROVAL_PRESS}.{each}.{approval.id}",
            voice.label(f"approval.{each}"),
            f"{each}:{approval.id}",
            style="primary" if each is Verdict.APPROVED else None,
        )
        for each in VERDICTS
    ]
    return [
        blocks.section(_said(voice, about, title)),
        *([blocks.section(lines)] if lines else []),
        blocks.actions(f"{ids.APPROVAL_PRESS}.{approval.id}", buttons),
    ]


def _lines(voice: Voice, about: Request) -> Sequence[str]:
    """The case in five lines, each as short as a phone has room for."""
    case = about.case
    value = Money(case.value_minor, case.currency) if case.value_minor is not None and case.currency else None
    given = [
        ", ".join([voice.label(f"follow.{each.follow}"), *words.terms(voice, policies.terms_of(each))])
        for each in about.given
        if each.follow in policies.LIMITS
    ]
    why = [
        voice.label(f"cause.{case.cause}") if case.cause else None,
        reasons.title(voice, case.reason) if case.reason else None,
    ]
    facts = {
        "about": ", ".join(each for each in (case.product, value.shown(voice.locale) if value else None) if each),
        "why": ", ".join(each for each in why if each),
        "behind": case.words.get("why"),
        "hoped": case.words.get("mission"),
        "given": "; ".join(given),
    }
    told = [voice.label(f"approval.{name}").format(text=text) for name, text in facts.items() if text]
    return [blocks.cut(" ".join(line.split()), _LINE_MOST) for line in told][:_LINES_MOST]


def verdict(voice: Voice, about: Request, template: str = "approvals/verdict") -> str:
    """Who decided what."""
    approval = about.approval
    return voice.text(
        template,
        verdict=approval.verdict,
        by=approval.decided_by,
        less=", ".join(words.terms(voice, requests.less(approval))),
        word=approval.word,
    )


def told_late(voice: Voice, about: Request) -> str:
    """What whoever pressed too late is told, or in vain."""
    return verdict(voice, about, "approvals/late")


def why(voice: Voice, about: Request, origin: ApprovalOrigin) -> View:
    """A word to the rep; for a lesser offer, how much is fine."""
    asked = requests.terms(about.approval)
    worth = asked.worth.typed(voice.locale, asked.worth.currency) if asked.worth else None
    amounts = {
        PERCENT: (asked.percent, blocks.number_input(PERCENT, asked.percent, 1, PERCENT_MOST)),
        MONTHS: (asked.months, blocks.number_input(MONTHS, asked.months, 1, MONTHS_MOST)),
        WORTH: (asked.worth, blocks.text_input(WORTH, worth)),
    }
    fields: list[Block] = [
        forms.field(voice, name, element, optional=False)
        for name, (was_asked, element) in amounts.items()
        if origin.verdict is Verdict.LESS and was_asked is not None
    ]
    word = blocks.text_input(WORD, lines=True, most=_WORD_MOST)
    carried = origin.model_copy(
        update={
            "percent": asked.percent,
            "months": asked.months,
            "worth_minor": asked.worth.minor if asked.worth else None,
            "currency": asked.worth.currency if asked.worth else None,
        }
    )
    fields.append(forms.field(voice, WORD, word, optional=False))
    return forms.form(voice, ids.APPROVAL_FORM, origin.verdict, carried, fields)


def read_word(voice: Voice, sent: Submission) -> str | Refused:
    """A few words."""
    return forms.needed_words(voice, sent, WORD)


def read_less(voice: Voice, sent: Submission, origin: ApprovalOrigin) -> Terms | Refused:
    """How much is fine: no more than was asked of anything, and less of something."""
    asked, terms = origin.asked, _read_terms(voice, sent, origin)
    if isinstance(terms, Refused):
        return terms
    fields = {Limit.PERCENT: PERCENT, Limit.MONTHS: MONTHS, Limit.WORTH: WORTH}
    more = {
        field: voice.label("error.more_than_asked").format(asked=", ".join(words.terms(voice, asked.only([limit]))))
        for limit, field in fields.items()
        if policies.exceeds(getattr(terms, limit), getattr(asked, limit))
    }
    if more:
        return Refused(more)
    if terms == asked:
        first = next(field for limit, field in fields.items() if getattr(asked, limit) is not None)
        return Refused({first: voice.label("error.nothing_less")})
    return terms


def _read_terms(voice: Voice, sent: Submission, origin: ApprovalOrigin) -> Terms | Refused:
    wanted = ((PERCENT, origin.percent, PERCENT_MOST), (MONTHS, origin.months, MONTHS_MOST))
    numbers = forms.read_numbers(voice, sent, {name: most for name, asked, most in wanted if asked is not None})
    worth = forms.read_value(voice, sent, WORTH) if origin.asked.worth else None
    if origin.asked.worth and worth is None:
        worth = Refused({WORTH: voice.label("error.worth_missing")})
    if isinstance(numbers, Refused) or isinstance(worth, Refused):
        return Refused(forms.errors_of(numbers, worth))
    return Terms(numbers.get(PERCENT), numbers.get(MONTHS), worth)
