"""The forms about a case, each with its reader: what a rep typed comes out typed, or as errors beside the fields."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.coaching import details as kept
from bot.coaching import moves, reasons, reminders
from bot.coaching.card_numbers import looks_like_card_number
from bot.coaching.cases import HEARD_THROUGH, MISFIT, NOTE, Card, Details
from bot.coaching.errors import Declined, Reason
from bot.coaching.money import Money, NotMoneyError, read_money
from bot.coaching.outcomes import STAYED, Outcome
from bot.coaching.reminders import TaskKind
from bot.coaching.spelling import fold
from bot.storage.models import Case, Product, Sale
from bot.surfaces import blocks, ids
from bot.surfaces import reasons as called
from bot.surfaces.blocks import Block, View
from bot.surfaces.cases import named, outcome_of
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice, person

NAME = "form.name"
OUTCOME = "form.outcome"
REASON = "form.reason"
REMEDY = "form.remedy"
PRODUCT = "form.product"
CUSTOMER_KIND = "form.customer_kind"
HEARD = "form.heard_through"
VALUE = "form.value"
BOUGHT = "form.bought_on"
LINK = "form.link"
FIT = "form.fit"
UNFIT = "form.misfit"
NOTED = "form.note"
RECONNECT = "form.reconnect_on"
COOL_OFF_UNTIL = "form.cool_off_until"
LEAVE_OUT_AS = "form.leave_out_as"

# Short enough for what tells two cases of one customer apart to stand beside it.
OPTION_NAME_MOST = 30

_MISTAKE = "mistake"
_CARRIED_NAME_MOST = 200
_YES, _NO = "yes", "no"
_HTTPS = re.compile(r"https://[^\s/?#@<>|]+([/?#][^\s<>|]*)?", re.IGNORECASE)

Errors = dict[str, str]


class Opener(BaseModel):
    """How whoever opened a form is spoken to, so that its reader need not look that up again.

    `currency` is that of amounts without a sign, where the team has set one.
    """

    # A form of one kind carries more than its shared reader asks for; a name that it carries stays out of the log.
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    locale: str | None = None
    timezone: str | None = None
    currency: str | None = None

    @classmethod
    def carried_in(cls, metadata: str) -> Self:
        """What a form carries along; one from before an upgrade may not have all of it."""
        try:
            return cls.model_validate_json(metadata)
        except ValidationError as error:
            raise Declined(Reason.OUTDATED) from error


class Origin(Opener):
    """Where a form was opened from, so that the card behind it can be redrawn."""

    case_id: int
    revision: int
    response_url: str | None = None
    message_ts: str | None = None


@dataclass(frozen=True)
class Refused:
    """A form that cannot be taken as it is: what to mend, by block."""

    errors: Errors


def carried_name(card: Card) -> str | None:
    """The customer's name, as far as a form can carry it along."""
    return blocks.cut(card.name, _CARRIED_NAME_MOST) if card.name else None


def form(voice: Voice, callback_id: str, name: str, opener: Opener, fields: Sequence[Block]) -> View:
    """A modal whose title and buttons are the labels of that `name`."""
    return blocks.form(
        callback_id,
        voice.label(f"form.{name}_title"),
        voice.label(f"form.{name}_submit"),
        voice.label("form.close"),
        [_with_examples(voice, opener.currency, block) for block in fields],
        carried(voice, opener),
    )


def _with_examples(voice: Voice, currency: str | None, block: Block) -> Block:
    """A field whose hint has amounts in it: as its reader writes them, in the currency that one without a sign has."""
    hint = block.get("hint")
    if not isinstance(hint, Mapping) or "{signed}" not in hint["text"]:
        return block
    signed = read_money("80", voice.locale, currency).typed(voice.locale, currency)
    return {**block, "hint": blocks.plain(hint["text"].format(plain=voice.number(120), signed=signed))}


def carried(voice: Voice, opener: Opener) -> str:
    """What a modal carries along: how it was spoken, and what else its reader asks for."""
    spoken = {"locale": str(voice.locale).replace("_", "-"), "timezone": voice.zone.key}
    return opener.model_copy(update=spoken).model_dump_json()


def field(voice: Voice, action_id: str, element: blocks.Element, *, optional: bool = True) -> Block:
    """A field with the label and the hint of its name."""
    hints = voice.language.labels("hint")
    name = action_id.removeprefix("form.")
    return blocks.field(action_id, voice.label(f"field.{name}"), element, hint=hints.get(name), optional=optional)


def choice(
    voice: Voice, action_id: str, labels: Mapping[str, str], chosen: str | None, *, optional: bool = True
) -> Block:
    """A field to choose one thing in; `chosen` is the key of what stands in it."""
    placeholder = voice.label("placeholder.choose")
    menu = blocks.select(action_id, blocks.options_of(labels), chosen, placeholder)
    return field(voice, action_id, menu, optional=optional)


def is_https(text: str) -> bool:
    """Whether a text is one address that begins with https."""
    return _HTTPS.fullmatch(text) is not None


def new_case(voice: Voice) -> View:
    """Ask for a name, which may be left empty."""
    return form(voice, ids.NEW_CASE_FORM, "new_case", Opener(), [field(voice, NAME, blocks.text_input(NAME))])


def read_new_case(voice: Voice, sent: Submission) -> str | Refused | None:
    """The name typed, None for none."""
    name = sent.text(NAME)
    return without_card_numbers(voice, {NAME: name}) or name


def details(voice: Voice, card: Card, origin: Origin, today: date, products: Sequence[Product] = ()) -> View:
    """What else there is to keep about a case, prefilled; while it runs other things matter than once it is decided.

    Where nothing is known of product and value yet, they stand as they were at the sale.
    """
    fields = _once_decided(voice, card, today) if card.case.outcome else _while_open(voice, card)
    name = [field(voice, NAME, blocks.text_input(NAME, card.name))] if not card.case.outcome or not card.name else []
    shared = [
        product(voice, card.case.product or (card.sale.product if card.sale else None), products),
        customer_kind(voice, card.case.customer_kind, card.team.customer_kinds if card.team else ()),
        field(voice, LINK, blocks.text_input(LINK, card.case.link)),
    ]
    note = field(voice, NOTED, blocks.text_input(NOTED, card.case.words.get(NOTE), lines=True))
    origin = origin.model_copy(update={"currency": card.currency})
    return form(voice, ids.DETAILS_FORM, "details", origin, [*name, *fields, *shared, note])


def _while_open(voice: Voice, card: Card) -> Sequence[Block]:
    case = card.case
    heard = {each: voice.label(f"heard_through.{each}") for each in HEARD_THROUGH}
    bought = blocks.date_picker(BOUGHT, case.bought_on.isoformat() if case.bought_on else None)
    value = [] if card.is_appointment else [_value_field(voice, card), field(voice, BOUGHT, bought)]
    return [_reason(voice, card), *value, choice(voice, HEARD, heard, case.heard_through)]


def _once_decided(voice: Voice, card: Card, today: date) -> Sequence[Block]:
    case = card.case
    how = choice(voice, OUTCOME, {each: voice.label(f"outcome.{each}") for each in STAYED}, case.outcome)
    remedies = {remedy.key: remedy.title for remedy in moves.open_remedies(case, card.playbook)}
    parted = case.outcome in (Outcome.LEFT, Outcome.NOT_NOW, Outcome.MISFIT)
    return [
        *([how] if card.stayed else []),
        _reason(voice, card),
        *([choice(voice, REMEDY, remedies, case.remedy)] if remedies else []),
        *([] if card.is_appointment else [_value_field(voice, card)]),
        *(_fit(voice, case) if parted else []),
        *(
            [field(voice, RECONNECT, blocks.date_picker(RECONNECT, _reconnects(voice, card, today)))]
            if kept.reconnects_by(case)
            else []
        ),
    ]


def _reason(voice: Voice, card: Card) -> Block:
    kept = card.case.reason
    return choice(voice, REASON, called.titles(voice, reasons.of(card.team, kept)), kept)


def _value_field(voice: Voice, card: Card) -> Block:
    kept = _value(voice, card, card.case) or _value(voice, card, card.sale)
    return field(voice, VALUE, blocks.text_input(VALUE, kept))


def _fit(voice: Voice, case: Case) -> Sequence[Block]:
    """Whether they ever were a fit: what they say sharpens the picture of the ideal customer (the method, part D)."""
    chosen = None if case.fit is None else _YES if case.fit else _NO
    answers = {each: voice.label(f"fit.{each}") for each in (_YES, _NO)}
    return [
        choice(voice, FIT, answers, chosen),
        field(voice, UNFIT, blocks.text_input(UNFIT, case.words.get(MISFIT))),
    ]


def product(voice: Voice, kept: str | None, products: Sequence[Product]) -> Block:
    """One of the team's products, where the team keeps any; what was `kept` before stays among them."""
    return _one_of(voice, PRODUCT, kept, [each.name for each in products])


def customer_kind(voice: Voice, kept: str | None, kinds: Sequence[str]) -> Block:
    """One of the team's kinds of customers, where it has set any; what was `kept` before stays among them."""
    return _one_of(voice, CUSTOMER_KIND, kept, kinds)


def _one_of(voice: Voice, action_id: str, kept: str | None, names: Sequence[str]) -> Block:
    """A menu of names, spelled as they are there; a field to type in where there are none."""
    if not names:
        return field(voice, action_id, blocks.text_input(action_id, kept))
    spelled = {fold(name): name for name in ([kept, *names] if kept else names)}
    labels = {blocks.cut(name, blocks.VALUE_MOST): name for name in spelled.values()}
    chosen = blocks.cut(spelled[fold(kept)], blocks.VALUE_MOST) if kept else None
    return choice(voice, action_id, labels, chosen)


def read_details(voice: Voice, sent: Submission, today: date) -> Details | Refused:
    """What was filled in; only the fields that the form had."""
    text = {each: sent.text(each) for each in (NAME, REASON, REMEDY, PRODUCT, CUSTOMER_KIND, HEARD, NOTED, LINK, UNFIT)}
    if refused := without_card_numbers(voice, text):
        return refused
    value, reconnect_on = read_value(voice, sent, VALUE), read_day(voice, sent, RECONNECT, today)
    bought_on, link = _read_bought(voice, sent, today), _read_link(voice, text[LINK])
    if errors := errors_of(value, reconnect_on, bought_on, link):
        return Refused(errors)
    outcome, fit = sent.text(OUTCOME), sent.text(FIT)
    read = {
        **text,
        OUTCOME: Outcome(outcome) if outcome else None,
        VALUE: value,
        BOUGHT: bought_on,
        LINK: link,
        FIT: None if fit is None else fit == _YES,
        RECONNECT: reconnect_on,
    }
    return cast("Details", {name.removeprefix("form."): each for name, each in read.items() if sent.has(name)})


def _read_bought(voice: Voice, sent: Submission, today: date) -> date | Refused | None:
    typed = sent.text(BOUGHT)
    day = date.fromisoformat(typed) if typed else None
    return Refused({BOUGHT: voice.label("error.day_ahead")}) if day and day > today else day


def _read_link(voice: Voice, typed: str | None) -> str | Refused | None:
    if typed and not is_https(typed):
        return Refused({LINK: voice.label("error.link")})
    return typed


def cool_off(voice: Voice, origin: Origin, today: date) -> View:
    """Until when they want to think, with a sensible day proposed."""
    proposed = reminders.default_day(TaskKind.COOL_OFF_CALL, today)
    picker = blocks.date_picker(COOL_OFF_UNTIL, proposed.isoformat())
    return form(voice, ids.COOL_OFF_FORM, "cool_off", origin, [field(voice, COOL_OFF_UNTIL, picker, optional=False)])


def read_cool_off(voice: Voice, sent: Submission, today: date) -> date | Refused:
    """The day to call back."""
    return needed_day(voice, sent, COOL_OFF_UNTIL, today)


def leave_out(voice: Voice, others: Sequence[tuple[Case, str | None]], origin: Origin) -> View:
    """Why a case is none: opened by mistake, or a duplicate of another one."""
    named = {str(case.id): _duplicate(voice, case, name) for case, name in others}
    labels = {_MISTAKE: voice.label("case.by_mistake"), **named}
    return form(voice, ids.LEAVE_OUT_FORM, "leave_out", origin, [choice(voice, LEAVE_OUT_AS, labels, _MISTAKE)])


def read_leave_out(sent: Submission) -> int | None:
    """The case it duplicates; None when it was opened by mistake."""
    chosen = sent.text(LEAVE_OUT_AS)
    return int(chosen) if chosen and chosen != _MISTAKE else None


def _duplicate(voice: Voice, case: Case, name: str | None) -> str:
    told = (person(named(voice, name), OPTION_NAME_MOST), voice.day(case.opened_at), outcome_of(voice, case))
    return voice.label("case.duplicate_of").format(case=", ".join(told))


def _value(voice: Voice, card: Card, of: Case | Sale | None) -> str | None:
    if of is None or of.value_minor is None or of.currency is None:
        return None
    return Money(of.value_minor, of.currency).typed(voice.locale, card.currency)


def _reconnects(voice: Voice, card: Card, today: date) -> str | None:
    """The day of what was promised; a hello to somebody who left is proposed by nobody but the rep."""
    due = [task.due_at for task in card.tasks if task.kind == kept.reconnects_by(card.case)]
    days = [moment.astimezone(voice.zone).date() for moment in due]
    return next((day.isoformat() for day in days if day >= today), None)


def read_value(voice: Voice, sent: Submission, action_id: str) -> Money | Refused | None:
    """An amount, as the member's locale writes it, in the currency that the form carries; None for nothing."""
    typed = sent.text(action_id)
    if typed is None:
        return None
    if looks_like_card_number(typed):
        return Refused({action_id: voice.label("notice.card_number")})
    currency = Opener.carried_in(sent.view.private_metadata).currency
    try:
        return read_money(typed, voice.locale, currency)
    except NotMoneyError:
        example = read_money("1200", voice.locale, currency).shown(voice.locale)
        return Refused({action_id: voice.label("error.value").format(example=example)})


def whole(typed: str | None, most: int) -> int:
    """A whole number from 1 to `most`; 0 for anything else that was typed, and for nothing."""
    number = int(typed) if typed and typed.isdecimal() and len(typed) <= len(str(most)) else 0
    return number if number <= most else 0


def read_numbers(voice: Voice, sent: Submission, most: Mapping[str, int]) -> Mapping[str, int] | Refused:
    """The whole numbers of these fields, from 1 to the `most` of each; none of them may be left out."""
    numbers = {name: whole(sent.text(name), each) for name, each in most.items()}
    wrong = {name: voice.label(f"error.{name.removeprefix('form.')}") for name, number in numbers.items() if not number}
    return Refused(wrong) if wrong else numbers


def read_day(voice: Voice, sent: Submission, action_id: str, today: date) -> date | Refused | None:
    """A day that has not passed; None for none."""
    typed = sent.text(action_id)
    if typed is None:
        return None
    day = date.fromisoformat(typed)
    return day if day >= today else Refused({action_id: voice.label("error.day_past")})


def needed_day(voice: Voice, sent: Submission, action_id: str, today: date) -> date | Refused:
    """A day that has not passed, and must be there."""
    return read_day(voice, sent, action_id, today) or Refused({action_id: voice.label("error.day_missing")})


def needed_words(voice: Voice, sent: Submission, action_id: str) -> str | Refused:
    """A few words, without a card number."""
    typed = sent.text(action_id)
    if typed is None:
        return Refused({action_id: voice.label("error.words_missing")})
    return without_card_numbers(voice, {action_id: typed}) or typed


def errors_of(*read: object) -> Errors:
    """What is wrong with what was read, of one field or of several."""
    return {name: error for each in read if isinstance(each, Refused) for name, error in each.errors.items()}


def without_card_numbers(voice: Voice, texts: Mapping[str, str | None]) -> Refused | None:
    found = [name for name, text in texts.items() if text and looks_like_card_number(text)]
    return Refused({name: voice.label("notice.card_number") for name in found}) if found else None


def moment_in_future(voice: Voice, sent: Submission, action_id: str, now: datetime) -> datetime | Refused:
    """An hour that was picked, if it lies ahead."""
    picked = sent.field(action_id).selected_date_time
    moment = datetime.fromtimestamp(picked, tz=now.tzinfo) if picked else None
    return moment if moment and moment > now else Refused({action_id: voice.label("error.moment_past")})
