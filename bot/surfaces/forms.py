"""The forms about a case, each with its reader: what a rep typed comes out typed, or as errors beside the fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from pydantic import BaseModel, ConfigDict

from bot.coaching import reminders
from bot.coaching.card_numbers import looks_like_card_number
from bot.coaching.cases import HEARD_THROUGH, NOTE, REASONS, Card, Details
from bot.coaching.money import Money, NotMoneyError, read_money
from bot.coaching.outcomes import STAYED, Outcome
from bot.coaching.reminders import TaskKind
from bot.storage.models import Case
from bot.surfaces import blocks, ids
from bot.surfaces.blocks import Block, View
from bot.surfaces.cases import named, outcome_of
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice, person

NAME = "form.name"
OUTCOME = "form.outcome"
REASON = "form.reason"
REMEDY = "form.remedy"
PRODUCT = "form.product"
HEARD = "form.heard_through"
VALUE = "form.value"
NOTED = "form.note"
RECONNECT = "form.reconnect_on"
COOL_OFF_UNTIL = "form.cool_off_until"
LEAVE_OUT_AS = "form.leave_out_as"

# Short enough for what tells two cases of one customer apart to stand beside it.
OPTION_NAME_MOST = 30

_MISTAKE = "mistake"

Errors = dict[str, str]


class Opener(BaseModel):
    """How whoever opened a form is spoken to, so that its reader need not look that up again."""

    model_config = ConfigDict(frozen=True)

    locale: str | None = None
    timezone: str | None = None


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


def form(voice: Voice, callback_id: str, name: str, opener: Opener, fields: Sequence[Block]) -> View:
    """A modal whose title and buttons are the labels of that `name`."""
    spoken = {"locale": str(voice.locale).replace("_", "-"), "timezone": voice.zone.key}
    return blocks.form(
        callback_id,
        voice.label(f"form.{name}_title"),
        voice.label(f"form.{name}_submit"),
        voice.label("form.close"),
        fields,
        opener.model_copy(update=spoken).model_dump_json(),
    )


def _field(voice: Voice, action_id: str, element: blocks.Element, *, optional: bool = True) -> Block:
    hints = voice.language.labels("hint")
    name = action_id.removeprefix("form.")
    return blocks.field(action_id, voice.label(f"field.{name}"), element, hint=hints.get(name), optional=optional)


def _choice(voice: Voice, action_id: str, labels: Mapping[str, str], chosen: str | None) -> Block:
    placeholder = voice.label("placeholder.choose")
    return _field(voice, action_id, blocks.select(action_id, blocks.options_of(labels), chosen, placeholder))


def new_case(voice: Voice) -> View:
    """Ask for a name, which may be left empty."""
    return form(voice, ids.NEW_CASE_FORM, "new_case", Opener(), [_field(voice, NAME, blocks.text_input(NAME))])


def read_new_case(voice: Voice, sent: Submission) -> str | Refused | None:
    """The name typed, None for none."""
    name = sent.text(NAME)
    return _without_card_numbers(voice, {NAME: name}) or name


def details(voice: Voice, card: Card, origin: Origin, today: date) -> View:
    """What else there is to keep about a case, prefilled; while it runs other things matter than once it is decided."""
    case = card.case
    decided = case.outcome is not None
    name = _field(voice, NAME, blocks.text_input(NAME, card.name))
    how = _choice(voice, OUTCOME, {each: voice.label(f"outcome.{each}") for each in STAYED}, case.outcome)
    heard = {each: voice.label(f"heard_through.{each}") for each in HEARD_THROUGH}
    remedies = {remedy.key: remedy.label for remedy in card.playbook.remedies()}
    fields = [
        *([name] if not decided or not card.name else []),
        *([how] if card.stayed else []),
        _choice(voice, REASON, {each: voice.label(f"reason.{each}") for each in REASONS}, case.reason),
        *([_choice(voice, REMEDY, remedies, case.remedy)] if decided and remedies else []),
        _field(voice, VALUE, blocks.text_input(VALUE, _value(voice, case))),
        _field(voice, PRODUCT, blocks.text_input(PRODUCT, case.product)),
        *([] if decided else [_choice(voice, HEARD, heard, case.heard_through)]),
        _field(voice, NOTED, blocks.text_input(NOTED, case.words.get(NOTE), lines=True)),
        *(
            [_field(voice, RECONNECT, blocks.date_picker(RECONNECT, _reconnects(voice, card, today)))]
            if decided
            else []
        ),
    ]
    return form(voice, ids.DETAILS_FORM, "details", origin, fields)


def read_details(voice: Voice, sent: Submission, today: date) -> Details | Refused:
    """What was filled in; only the fields that the form had."""
    text = {each: sent.text(each) for each in (NAME, REASON, REMEDY, PRODUCT, HEARD, NOTED)}
    if refused := _without_card_numbers(voice, text):
        return refused
    value, reconnect_on = _read_value(voice, sent), _read_day(voice, sent, RECONNECT, today)
    errors = {**_errors(value), **_errors(reconnect_on)}
    if errors:
        return Refused(errors)
    outcome = sent.text(OUTCOME)
    read = {
        NAME: text[NAME],
        OUTCOME: Outcome(outcome) if outcome else None,
        REASON: text[REASON],
        REMEDY: text[REMEDY],
        PRODUCT: text[PRODUCT],
        HEARD: text[HEARD],
        VALUE: value,
        NOTED: text[NOTED],
        RECONNECT: reconnect_on,
    }
    return cast("Details", {name.removeprefix("form."): each for name, each in read.items() if sent.has(name)})


def cool_off(voice: Voice, origin: Origin, today: date) -> View:
    """Until when they want to think, with a sensible day proposed."""
    proposed = reminders.default_day(TaskKind.COOL_OFF_CALL, today)
    picker = blocks.date_picker(COOL_OFF_UNTIL, proposed.isoformat())
    return form(voice, ids.COOL_OFF_FORM, "cool_off", origin, [_field(voice, COOL_OFF_UNTIL, picker, optional=False)])


def read_cool_off(voice: Voice, sent: Submission, today: date) -> date | Refused:
    """The day to call back."""
    day = _read_day(voice, sent, COOL_OFF_UNTIL, today)
    return day or Refused({COOL_OFF_UNTIL: voice.label("error.day_missing")})


def leave_out(voice: Voice, others: Sequence[tuple[Case, str | None]], origin: Origin) -> View:
    """Why a case is none: opened by mistake, or a duplicate of another one."""
    named = {str(case.id): _duplicate(voice, case, name) for case, name in others}
    labels = {_MISTAKE: voice.label("case.by_mistake"), **named}
    return form(voice, ids.LEAVE_OUT_FORM, "leave_out", origin, [_choice(voice, LEAVE_OUT_AS, labels, _MISTAKE)])


def read_leave_out(sent: Submission) -> int | None:
    """The case it duplicates; None when it was opened by mistake."""
    chosen = sent.text(LEAVE_OUT_AS)
    return int(chosen) if chosen and chosen != _MISTAKE else None


def _duplicate(voice: Voice, case: Case, name: str | None) -> str:
    told = (person(named(voice, name), OPTION_NAME_MOST), voice.day(case.opened_at), outcome_of(voice, case))
    return voice.label("case.duplicate_of").format(case=", ".join(told))


def _value(voice: Voice, case: Case) -> str | None:
    if case.value_minor is None or case.currency is None:
        return None
    return Money(case.value_minor, case.currency).shown(voice.locale)


def _reconnects(voice: Voice, card: Card, today: date) -> str | None:
    """The day of what was promised; a hello to somebody who left is proposed by nobody but the rep."""
    left = card.case.outcome == Outcome.LEFT
    due = [task.due_at for task in card.tasks if not left or task.kind == TaskKind.HELLO]
    days = [moment.astimezone(voice.zone).date() for moment in due]
    return next((day.isoformat() for day in days if day >= today), None)


def _read_value(voice: Voice, sent: Submission) -> Money | Refused | None:
    typed = sent.text(VALUE)
    if typed is None:
        return None
    if looks_like_card_number(typed):
        return Refused({VALUE: voice.label("notice.card_number")})
    try:
        return read_money(typed, voice.locale)
    except NotMoneyError:
        example = Money(120_000, "USD").shown(voice.locale)
        return Refused({VALUE: voice.label("error.value").format(example=example)})


def _read_day(voice: Voice, sent: Submission, action_id: str, today: date) -> date | Refused | None:
    typed = sent.text(action_id)
    if typed is None:
        return None
    day = date.fromisoformat(typed)
    return day if day >= today else Refused({action_id: voice.label("error.day_past")})


def _errors(read: object) -> Errors:
    return read.errors if isinstance(read, Refused) else {}


def _without_card_numbers(voice: Voice, texts: Mapping[str, str | None]) -> Refused | None:
    found = [name for name, text in texts.items() if text and looks_like_card_number(text)]
    return Refused({name: voice.label("notice.card_number") for name in found}) if found else None


def moment_in_future(voice: Voice, sent: Submission, action_id: str, now: datetime) -> datetime | Refused:
    """An hour that was picked, if it lies ahead."""
    picked = sent.field(action_id).selected_date_time
    moment = datetime.fromtimestamp(picked, tz=now.tzinfo) if picked else None
    return moment if moment and moment > now else Refused({action_id: voice.label("error.moment_past")})
