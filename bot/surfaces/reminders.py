"""A reminder in the DM: who it is about, what to say now, and what to do with it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bot.coaching import held
from bot.coaching.reminders import Reminder, TaskKind, is_open
from bot.storage.models import Task
from bot.surfaces import blocks, forms, ids
from bot.surfaces.blocks import Element, Message, View
from bot.surfaces.cases import named, open_card
from bot.surfaces.ids import TaskAsk
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice, person, unescape

SNOOZE_UNTIL = "form.snooze_until"

_DONE: Mapping[str, Sequence[TaskAsk]] = {
    TaskKind.MET: (TaskAsk.MET, TaskAsk.NOT_MET),
    TaskKind.ANSWER: (),
    TaskKind.CHECK_IN: (TaskAsk.DONE, TaskAsk.GONE),
}


class TaskOrigin(forms.Opener):
    """Which reminder a form was opened from."""

    task_id: int
    response_url: str | None = None


def reminder(voice: Voice, reminder: Reminder) -> Message:
    """What was promised to whom, with a line to say; once it is done or put off, what became of it."""
    task, facts = reminder.task, _facts(voice, reminder)
    draft = voice.text("reminders/draft", **facts)
    parts = [
        [blocks.section(voice.text("reminders/due", **facts))],
        [blocks.field(f"{ids.DRAFT}.{task.id}", voice.label("field.draft"), _draft(task, draft))] if draft else [],
        [blocks.actions(ids.TASK_PRESS, [*_presses(voice, task), *_card(voice, reminder)])],
    ]
    return blocks.message(voice.text("reminders/spoken", **facts), [block for part in parts for block in part])


def answered(voice: Voice, reminder: Reminder) -> Message:
    """What became of a reminder that was pressed."""
    task = reminder.task
    text = voice.text(
        "reminders/answered",
        name=person(named(voice, reminder.name)),
        what=voice.label(f"task.{task.kind}"),
        until=voice.moment(task.due_at) if is_open(task) else None,
        done=task.done_at is not None,
        gone=held.has_gone(task),
        met=reminder.case.met if reminder.case and task.kind == TaskKind.MET else None,
    )
    card = _card(voice, reminder)
    buttons = [blocks.actions(ids.TASK_PRESS, card)] if card else []
    return blocks.message(text, [blocks.section(text), *buttons])


def _facts(voice: Voice, reminder: Reminder) -> Mapping[str, object]:
    task, case, sale = reminder.task, reminder.case, reminder.sale
    words = case.words if case else {}
    meeting = task.facts.get("meeting")
    return {
        "name": person(named(voice, reminder.name)),
        "customer": reminder.name,
        "kind": task.kind,
        "writing": case.writing if case else False,
        "last_word": case.in_touch is False if case else False,
        "by": voice.day(task.due_at),
        "named": "named" in task.facts,
        "note": words.get("note"),
        "mission": words.get("mission") or task.facts.get("mission"),
        "promise": task.facts.get("promise"),
        "problem": task.facts.get("problem"),
        "answer": task.facts.get("answer"),
        "title": task.facts.get("title"),
        "url": task.facts.get("url"),
        "meeting": voice.moment(datetime.fromtimestamp(int(meeting), UTC)) if meeting else None,
        "product": person(sale.product) if sale and sale.product else None,
    }


def _draft(task: Task, text: str) -> Element:
    # What stands in a field is shown as it is, so nothing in it is escaped.
    return blocks.text_input(f"{ids.DRAFT}.{task.id}", unescape(text), lines=True)


def _card(voice: Voice, reminder: Reminder) -> Sequence[Element]:
    task = reminder.task
    return [open_card(voice, f"task.{task.id}", reminder.card)] if reminder.card else []


def _presses(voice: Voice, task: Task) -> Sequence[Element]:
    """Done, or put off; after a new date, whether they met, and at a check-in, that the customer has gone.

    What came of an answer is for the card to say.
    """
    done = _DONE.get(task.kind, (TaskAsk.DONE,))
    return [_press(voice, task, ask) for ask in (*done, TaskAsk.HOUR, TaskAsk.TOMORROW, TaskAsk.PICK)]


def snooze(voice: Voice, origin: TaskOrigin, now: datetime) -> View:
    """Pick the hour to be reminded again."""
    proposed = int((now + timedelta(hours=2)).timestamp())
    picker = blocks.time_and_date_picker(SNOOZE_UNTIL, proposed)
    label = voice.label("field.snooze_until")
    return forms.form(
        voice, ids.SNOOZE_FORM, "snooze", origin, [blocks.field(SNOOZE_UNTIL, label, picker, optional=False)]
    )


def read_snooze(voice: Voice, sent: Submission, now: datetime) -> datetime | forms.Refused:
    """The hour that was picked."""
    return forms.moment_in_future(voice, sent, SNOOZE_UNTIL, now)


def _press(voice: Voice, task: Task, ask: TaskAsk) -> Element:
    style = "primary" if ask in (TaskAsk.DONE, TaskAsk.MET) else None
    return blocks.button(f"{ids.TASK_PRESS}.{ask}", voice.label(f"press.{ask}"), f"{ask}:{task.id}", style=style)
