"""Minutes after a yes: the conversation as one form, and what was kept and booked."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from bot.coaching import playbooks
from bot.coaching.library import Library
from bot.coaching.playbooks import Playbook, Step
from bot.coaching.reminders import Reminder
from bot.coaching.sales import CHECKS, Solidified, Sureness, Yes
from bot.coaching.spelling import fold
from bot.storage.models import Member, Product, Task
from bot.surfaces import blocks, forms, ids
from bot.surfaces.blocks import Block, Message, View
from bot.surfaces.cases import named
from bot.surfaces.forms import NAME, PRODUCT, Opener, Refused
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice, person

CHECKED = "form.checked"
DECIDED = "form.decided"
BEFORE = "form.before"
VALUE = "form.sale_value"
SURENESS = "form.sureness"
CALL_ON = "form.call_on"


class SaleOrigin(Opener):
    """Whom a form was opened for, as names are compared; None where that is typed into it."""

    called: str | None = None


class CallOrigin(Opener):
    """The call that a form may move."""

    task_id: int


def helped(voice: Voice, command: str) -> Message:
    """How the command is used."""
    text = voice.text("sales/help", command=command)
    return blocks.remark(text)


def solidify(voice: Voice, book: Playbook, member: Member, name: str | None, shelf: Library, today: date) -> View:
    """The conversation in its order, each part with its line and its field. The lines change from day to day."""
    called = forms.field(voice, NAME, blocks.text_input(NAME, name), optional=False)
    return forms.form(
        voice,
        ids.SOLIDIFY_FORM,
        "solidify",
        SaleOrigin(currency=shelf.team.currency, called=fold(name) if name else None),
        [called, *_conversation(voice, book, member, name, shelf.products, today.toordinal())],
    )


def _conversation(
    voice: Voice, book: Playbook, member: Member, name: str | None, products: Sequence[Product], variant: int
) -> Iterator[Block]:
    if attitude := playbooks.line(book.attitude, variant, {}):
        yield blocks.context(voice.text("cases/attitude", attitude=attitude))
    fields = _fields(voice, products)
    for key in book.route(None):
        yield from _step(voice, book.steps[key], member, name, variant)
        yield from fields.pop(key, ())
    # A team's own playbook may lack a step; what is kept of every sale is asked for all the same.
    for rest in fields.values():
        yield from rest


def _fields(voice: Voice, products: Sequence[Product]) -> dict[str, Sequence[Block]]:
    """What is kept, by the step at which it is asked for."""
    checks = blocks.options_of({each: voice.label(f"check.{each}") for each in CHECKS})
    surenesses = blocks.options_of({each: voice.label(f"sureness.{each}") for each in Sureness})
    return {
        "check": [forms.field(voice, CHECKED, blocks.checkboxes(CHECKED, checks))],
        "decide": [forms.field(voice, DECIDED, blocks.text_input(DECIDED, lines=True))],
        "before": [
            forms.field(voice, BEFORE, blocks.text_input(BEFORE, lines=True)),
            forms.product(voice, None, products),
            forms.field(voice, VALUE, blocks.text_input(VALUE)),
        ],
        "sure": [forms.field(voice, SURENESS, blocks.radio_buttons(SURENESS, surenesses), optional=False)],
    }


def _step(voice: Voice, step: Step, member: Member, name: str | None, variant: int) -> Iterator[Block]:
    facts = {"name": person(name) if name else None}
    say, ask = (None if member.cues_only else playbooks.line(lines, variant, facts) for lines in (step.say, step.ask))
    yield blocks.section(voice.text("sales/step", step=step, say=say, ask=ask))
    if step.listen:
        yield blocks.context(voice.text("cases/listen", heading=voice.label("case.listen"), cues=step.listen))


def read_solidify(voice: Voice, sent: Submission) -> Yes | Refused:
    """What was kept of the yes."""
    text = {each: sent.text(each) for each in (NAME, DECIDED, BEFORE, PRODUCT)}
    value = forms.read_value(voice, sent, VALUE)
    if errors := forms.errors_of(forms.without_card_numbers(voice, text), value):
        return Refused(errors)
    name = text[NAME]
    if name is None:
        return Refused({NAME: voice.label("error.name_missing")})
    return Yes(
        name,
        Sureness(sent.text(SURENESS) or ""),
        checked=sent.field(CHECKED).ticked,
        decided=text[DECIDED],
        before=text[BEFORE],
        product=text[PRODUCT],
        value=None if isinstance(value, Refused) else value,
    )


def solidified(voice: Voice, kept: Solidified) -> View:
    """What was kept and booked; where a call is called for, with its day to change."""
    call = kept.call
    text = voice.text(
        "sales/kept",
        name=person(kept.customer.name),
        words=kept.mission is not None,
        sureness=kept.sale.sureness,
        left_alone=kept.customer.left_alone_since is not None,
        namesakes=kept.namesakes,
        tasks=[_booked(voice, task) for task in kept.tasks],
    )
    if call is None or call.id is None:
        return blocks.word(voice.label("form.solidified_title"), voice.label("form.understood"), text)
    picker = blocks.date_picker(CALL_ON, call.due_at.astimezone(voice.zone).date().isoformat())
    form = forms.form(
        voice,
        ids.CALL_FORM,
        "solidified",
        CallOrigin(task_id=call.id),
        [blocks.section(text), forms.field(voice, CALL_ON, picker, optional=False)],
    )
    return {**form, "close": blocks.plain(voice.label("form.solidified_close"))}


def _booked(voice: Voice, task: Task) -> Mapping[str, str | None]:
    problem = task.facts.get("problem")
    return {
        "what": voice.label(f"task.{task.kind}"),
        "day": voice.day(task.due_at),
        "problem": person(problem) if problem else None,
    }


def read_call(voice: Voice, sent: Submission, today: date) -> date | Refused:
    """The day to call."""
    return forms.needed_day(voice, sent, CALL_ON, today)


def call_moved(voice: Voice, call: Reminder) -> View:
    """When the call is now."""
    told = voice.text("sales/moved", name=person(named(voice, call.name)), day=voice.day(call.task.due_at))
    return blocks.word(voice.label("form.call_moved_title"), voice.label("form.understood"), told)
