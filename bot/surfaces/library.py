"""The forms in which managers keep the library, each with its reader."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from bot.coaching import hours, library, reasons
from bot.coaching.library import Link, Problem, ProductFacts
from bot.coaching.money import currency_of
from bot.coaching.playbooks import Kind
from bot.coaching.spelling import fold
from bot.coaching.teams import TeamFacts
from bot.storage.models import Product, Team
from bot.surfaces import blocks, forms, ids, working_hours
from bot.surfaces import reasons as called
from bot.surfaces.blocks import Block, View
from bot.surfaces.forms import Errors, Opener, Refused
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice

PRODUCT_NAME = "form.product_name"
PROBLEMS = "form.problems"
LINKS = "form.useful_links"
REMOVE = "form.remove_product"
HEARD_CHANNEL = "form.heard_channel"
HELP_CHANNEL = "form.help_channel"
VERIFIER = "form.verifier"
STORY_MONTHS = "form.story_months"
CUSTOMER_KINDS = "form.customer_kinds"
REASONS = "form.team_reasons"
CURRENCY = "form.team_currency"
DAYS = "form.withdrawal_days"
KINDS = "form.withdrawal_kinds"
WORDS = "form.withdrawal_words"

PROBLEMS_MOST = 10
LINKS_MOST = 20
DAYS_MOST = 365
MONTHS_MOST = 60
CUSTOMER_KINDS_MOST = 20
REASONS_MOST = 30
REASON_LETTERS_MOST = 40

_REMOVE = "remove"
_BOUGHT = (Kind.SALE, Kind.ORDER)
_DAYS_APART = 10
_QUOTED_MOST = 30
# A number, perhaps with one word in whichever language, and a colon.
_DAYS_FIRST = re.compile(r"(?P<days>\d+)\s*[^\W\d_]*\s*[:：]\s*(?P<rest>.*)")
_PROBLEM = re.compile(r"(?P<problem>[^:：]+)[:：]\s*(?P<answer>.+)")
_LINK = re.compile(r"(?P<title>.+?)\s+(?P<url>\S+)")

T = TypeVar("T")


class ProductOrigin(Opener):
    """Which product a form is about; None for one that is new."""

    product_id: int | None = None


class _WrongLineError(Exception):
    """A line that cannot be read; the error's label says what to write."""


def product(voice: Voice, product: Product | None = None) -> View:
    """Add a product, or change the one given."""
    problems = "\n".join(_problem(voice, each) for each in library.problems_of(product))
    links = "\n".join(_link(voice, each) for each in library.links_of(product))
    remove = blocks.checkboxes(REMOVE, [blocks.option(voice.label("manage.remove_product"), _REMOVE)])
    name = blocks.text_input(PRODUCT_NAME, product.name if product else None, most=blocks.OPTION_MOST)
    fields = [
        forms.field(voice, PRODUCT_NAME, name, optional=False),
        forms.field(voice, PROBLEMS, blocks.text_input(PROBLEMS, problems, lines=True)),
        forms.field(voice, LINKS, blocks.text_input(LINKS, links, lines=True)),
        *([forms.field(voice, REMOVE, remove)] if product else []),
    ]
    origin = ProductOrigin(product_id=product.id if product else None)
    return forms.form(voice, ids.PRODUCT_FORM, "product", origin, fields)


def wants_removal(sent: Submission) -> bool:
    """Whether the product is no longer sold."""
    return _REMOVE in sent.field(REMOVE).ticked


def read_product(voice: Voice, sent: Submission) -> ProductFacts | Refused:
    """What the manager says of the product."""
    typed = {each: sent.text(each) for each in (PRODUCT_NAME, PROBLEMS, LINKS)}
    if refused := forms.without_card_numbers(voice, typed):
        return refused
    problems = _lines(voice, sent, PROBLEMS, PROBLEMS_MOST, _read_problem, _problem)
    links = _lines(voice, sent, LINKS, LINKS_MOST, _read_link, _link)
    if isinstance(problems, Refused) or isinstance(links, Refused):
        return Refused({**_errors(problems), **_errors(links)})
    return ProductFacts(typed[PRODUCT_NAME] or "", problems, links)


def team(voice: Voice, team: Team) -> View:
    """Where views and questions go, who else verifies stories, what reps choose from, and the right to withdraw."""
    kinds = blocks.options_of({kind: voice.label(f"kind.{kind}") for kind in _BOUGHT})
    days = blocks.number_input(DAYS, team.withdrawal_days, 1, DAYS_MOST)
    months = blocks.number_input(STORY_MONTHS, team.story_months, 1, MONTHS_MOST)
    verifier = blocks.users_select(VERIFIER, voice.label("placeholder.colleague"), team.verifier_id)
    customer_kinds = blocks.text_input(CUSTOMER_KINDS, "\n".join(team.customer_kinds), lines=True)
    among = "\n".join(called.title(voice, each) for each in reasons.of(team))
    fields = [
        _channel(voice, HEARD_CHANNEL, team.heard_channel),
        _channel(voice, HELP_CHANNEL, team.help_channel),
        forms.field(voice, VERIFIER, verifier),
        forms.field(voice, STORY_MONTHS, months, optional=False),
        forms.field(voice, REASONS, blocks.text_input(REASONS, among, lines=True)),
        forms.field(voice, CUSTOMER_KINDS, customer_kinds),
        forms.field(voice, CURRENCY, blocks.text_input(CURRENCY, team.currency)),
        forms.field(voice, DAYS, days),
        forms.field(voice, KINDS, blocks.checkboxes(KINDS, kinds, team.withdrawal_kinds)),
        forms.field(voice, WORDS, blocks.text_input(WORDS, team.withdrawal_words, lines=True)),
        *working_hours.fields(voice, hours.as_set(team)),
    ]
    return forms.form(voice, ids.TEAM_FORM, "team", Opener(), fields)


def read_team(voice: Voice, sent: Submission) -> TeamFacts | Refused:
    """What the manager sets for the team."""
    words, kinds, typed = sent.text(WORDS), sent.field(KINDS).ticked, sent.text(DAYS)
    unread = {WORDS: words, **{each: sent.text(each) for each in (CUSTOMER_KINDS, REASONS, CURRENCY)}}
    if refused := forms.without_card_numbers(voice, unread):
        return refused
    days, months = forms.whole(typed, DAYS_MOST), forms.whole(sent.text(STORY_MONTHS), MONTHS_MOST)
    customer_kinds = _lines(voice, sent, CUSTOMER_KINDS, CUSTOMER_KINDS_MOST, _read_customer_kind, _as_it_is)
    among = _lines(voice, sent, REASONS, REASONS_MOST, partial(_read_reason, voice), called.title)
    currency = _read_currency(voice, sent.text(CURRENCY))
    wrong = {
        STORY_MONTHS: not months,
        DAYS: typed is not None and not days,
        KINDS: typed is not None and not kinds,
        WORDS: typed is not None and not words,
    }
    told = {name: voice.label(f"error.{name.removeprefix('form.')}") for name, is_wrong in wrong.items() if is_wrong}
    work = working_hours.read(voice, sent)
    if (
        told
        or isinstance(customer_kinds, Refused)
        or isinstance(among, Refused)
        or isinstance(currency, Refused)
        or isinstance(work, Refused)
    ):
        return Refused({**told, **forms.errors_of(customer_kinds, among, currency, work)})
    return TeamFacts(
        heard_channel=sent.text(HEARD_CHANNEL),
        help_channel=sent.text(HELP_CHANNEL),
        withdrawal_days=days or None,
        withdrawal_kinds=kinds,
        withdrawal_words=words,
        verifier_id=sent.text(VERIFIER),
        story_months=months,
        customer_kinds=customer_kinds,
        reasons=() if [*among] == [*reasons.SHIPPED] else among,
        currency=currency,
        work=work,
    )


def nobody_there(voice: Voice) -> Refused:
    """Who was chosen cannot verify stories."""
    return Refused({VERIFIER: voice.label("error.no_colleague")})


def _channel(voice: Voice, action_id: str, chosen: str | None) -> Block:
    return forms.field(voice, action_id, blocks.channels_select(action_id, voice.label("placeholder.channel"), chosen))


def _lines(
    voice: Voice,
    sent: Submission,
    name: str,
    most: int,
    read: Callable[[str, Sequence[T]], T],
    write: Callable[[Voice, T], str],
) -> Sequence[T] | Refused:
    """What stands in a field, line by line. A wrong line is told by its number, empty ones counted.

    What was read will be written out again in the same field, so it must fit into it.
    """

    def refused(error: str, **facts: object) -> Refused:
        return Refused({name: voice.label(f"error.{error}").format(**facts)})

    label = name.removeprefix("form.")
    found: list[T] = []
    for number, line in enumerate((sent.field(name).value or "").splitlines(), start=1):
        text = " ".join(line.split())
        if not text:
            continue
        if len(found) == most:
            return refused(f"{label}_most", line=number)
        try:
            found.append(read(text, found))
        except _WrongLineError as wrong:
            return refused(str(wrong), line=number, text=blocks.cut(text, _QUOTED_MOST))
    over = len("\n".join(write(voice, each) for each in found)) - blocks.TEXT_MOST
    return Refused({name: voice.counted("error.too_long", over)}) if over > 0 else found


def _errors(read: object) -> Errors:
    return read.errors if isinstance(read, Refused) else {}


def _read_problem(text: str, before: Sequence[Problem]) -> Problem:
    dated = _DAYS_FIRST.fullmatch(text)
    found = _PROBLEM.fullmatch(dated["rest"] if dated else text)
    if not found:
        raise _WrongLineError("problems")
    days = int(dated["days"]) if dated else _DAYS_APART * (len(before) + 1)
    if not 1 <= days <= DAYS_MOST:
        raise _WrongLineError("problems_days")
    return Problem(days, found["problem"].strip(), found["answer"])


def _read_link(text: str, _before: Sequence[Link]) -> Link:
    found = _LINK.fullmatch(text)
    if not found or not forms.is_https(found["url"]):
        raise _WrongLineError("useful_links")
    return Link(found["title"], found["url"])


def _read_customer_kind(text: str, before: Sequence[str]) -> str:
    if len(text) > blocks.OPTION_MOST:
        raise _WrongLineError("customer_kinds")
    if fold(text) in map(fold, before):
        raise _WrongLineError("customer_kinds_twice")
    return text


def _read_reason(voice: Voice, text: str, before: Sequence[str]) -> str:
    if len(text) > REASON_LETTERS_MOST:
        raise _WrongLineError("team_reasons")
    reason = called.key_of(voice, text)
    if fold(reason) in map(fold, before):
        raise _WrongLineError("team_reasons_twice")
    return reason


def _read_currency(voice: Voice, typed: str | None) -> str | Refused | None:
    if typed is None:
        return None
    told = voice.label("error.team_currency").format(text=blocks.cut(typed, _QUOTED_MOST))
    return currency_of(typed, voice.locale) or Refused({CURRENCY: told})


def _as_it_is(_voice: Voice, text: str) -> str:
    return text


def _problem(voice: Voice, problem: Problem) -> str:
    return voice.counted("library.problem", problem.days, problem=problem.problem, answer=problem.answer)


def _link(voice: Voice, link: Link) -> str:
    return voice.label("library.link").format(title=link.title, url=link.url)
