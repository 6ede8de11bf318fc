"""A reminder in the DM: who it is about, what to say now, and what to do with it."""

from datetime import datetime, timedelta

from bot.coaching.reminders import Reminder, is_open
from bot.storage.models import Task
from bot.surfaces import blocks, forms, ids
from bot.surfaces.blocks import Element, Message, View
from bot.surfaces.cases import named, open_card
from bot.surfaces.ids import TaskAsk
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice, person

SNOOZE_UNTIL = "form.snooze_until"


class TaskOrigin(forms.Opener):
    """Which reminder a form was opened from."""

    task_id: int
    response_url: str | None = None


def reminder(voice: Voice, reminder: Reminder) -> Message:
    """What was promised to whom, with a line to say; once it is done or put off, what became of it."""
    task = reminder.task
    facts = {
        "name": person(named(voice, reminder.name)),
        "kind": task.kind,
        "note": reminder.case.words.get("note"),
        "mission": reminder.case.words.get("mission"),
        "opened": voice.day_and_year(reminder.case.opened_at),
    }
    told = voice.text("reminders/due", **facts)
    presses = [*(_press(voice, task, each) for each in TaskAsk), open_card(voice, f"task.{task.id}", task.case_id)]
    buttons = blocks.actions(ids.TASK_PRESS, presses)
    return blocks.message(voice.text("reminders/spoken", **facts), [blocks.section(told), buttons])


def answered(voice: Voice, reminder: Reminder) -> Message:
    """What became of a reminder that was pressed."""
    task = reminder.task
    text = voice.text(
        "reminders/answered",
        name=person(named(voice, reminder.name)),
        what=voice.label(f"task.{task.kind}"),
        until=voice.moment(task.due_at) if is_open(task) else None,
        done=task.done_at is not None,
    )
    card = blocks.actions(ids.TASK_PRESS, [open_card(voice, f"task.{task.id}", task.case_id)])
    return blocks.message(text, [blocks.section(text), card])


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
    style = "primary" if ask is TaskAsk.DONE else None
    return blocks.button(f"{ids.TASK_PRESS}.{ask}", voice.label(f"press.{ask}"), f"{ask}:{task.id}", style=style)
