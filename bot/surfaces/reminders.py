"""A reminder in the DM: who it is about, what to say now, and what to do with it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bot.coaching import held
from bot.coaching.due import Round
from bot.coaching.reminders import IGNORED_TIMES, KEPT, Reminder, TaskKind, is_open, undoable_since
from bot.storage.models import Case, Task
from bot.surfaces import blocks, colleagues, forms, ids, reasons
from bot.surfaces.blocks import Block, Element, Message, View
from bot.surfaces.cases import named, open_card, outcome_of
from bot.surfaces.ids import TaskAsk
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice, person, unescape

SNOOZE_UNTIL = "form.snooze_until"
DROP_WHY = "form.drop_why"

_WHY_MOST = 300
_SPOKEN_IN_FULL = 3
_LATE = timedelta(days=1)
_BACK_WITHIN = timedelta(days=1)

_DONE: Mapping[str, Sequence[TaskAsk]] = {
    TaskKind.MET: (TaskAsk.MET, TaskAsk.NOT_MET),
    TaskKind.ANSWER: (),
    TaskKind.CHECK_IN: (TaskAsk.DONE, TaskAsk.GONE),
    TaskKind.HELD: (TaskAsk.HELD, TaskAsk.GONE, TaskAsk.UNKNOWN),
}


class TaskOrigin(forms.Opener):
    """Which reminder a form was opened from."""

    task_id: int
    response_url: str | None = None
    message_ts: str | None = None
    list_of: str | None = None


def brought(voice: Voice, due: Round, now: datetime, *, fresh: bool = False) -> Message:
    """What is due, in one message, oldest first; what was answered says what became of it. `fresh` before it is sent.

    Each has what to say, and what to do with it.
    """
    several = len(due.reminders) > 1 or due.more
    head = [blocks.section(voice.text("reminders/several", count=len(due.reminders), more=due.more))] if several else []
    told = [[blocks.divider(), *_told(voice, each, now, fresh=fresh)] for each in due.reminders]
    shown = [*head, *(block for each in told for block in (each if several else each[1:]))]
    return blocks.message(shown, brief=_in_brief(voice, due, now, fresh=fresh))


def _told(voice: Voice, reminder: Reminder, now: datetime, *, fresh: bool) -> Sequence[Block]:
    if not (fresh or reminder.waits_for_answer):
        return answered(voice, reminder, now)
    task, facts = reminder.task, _facts(voice, reminder, now)
    draft = voice.text("reminders/draft", **facts)
    field = blocks.field(f"{ids.DRAFT}.{task.id}", voice.label("field.draft"), _draft(task, draft)) if draft else None
    return [
        blocks.section(voice.text("reminders/due", **facts)),
        *([field] if field else []),
        blocks.actions(f"{ids.TASK_PRESS}.{task.id}", _row(voice, reminder)),
        *(_ignored(voice, task) if _is_ignored(task, fresh=fresh) else []),
    ]


def _row(voice: Voice, reminder: Reminder) -> Sequence[Element]:
    task = reminder.task
    rare = [] if task.kind == TaskKind.HELD else [menu(voice, task)]
    return [*presses(voice, task), *rare, *_card(voice, reminder)]


def _in_brief(voice: Voice, due: Round, now: datetime, *, fresh: bool) -> str | None:
    """Of many, each with its first line: what else there is to say finds no room."""
    if len(due.reminders) <= _SPOKEN_IN_FULL:
        return None
    waits = [fresh or each.waits_for_answer for each in due.reminders]
    return "\n\n".join(
        voice.text("reminders/title", **_facts(voice, each, now)) if open_still else _answer(voice, each)
        for each, open_still in zip(due.reminders, waits, strict=True)
    )


def answered(voice: Voice, reminder: Reminder, now: datetime) -> Sequence[Block]:
    """What became of a reminder that was pressed, with the way back."""
    task = reminder.task
    since = undoable_since(task, reminder.member.user_id)
    back = [press(voice, task, TaskAsk.UNDO)] if since and now - since < _BACK_WITHIN else []
    controls = [*back, *_card(voice, reminder)]
    row = [blocks.actions(f"{ids.TASK_PRESS}.{task.id}", controls)] if controls else []
    return [blocks.section(_answer(voice, reminder)), *row]


def _answer(voice: Voice, reminder: Reminder) -> str:
    task = reminder.task
    return voice.text(
        "reminders/answered",
        name=person(named(voice, reminder.name)),
        what=voice.label(f"task.{task.kind}"),
        until=voice.moment(task.due_at) if is_open(task) else None,
        to=task.owner_id if task.owner_id != reminder.member.user_id else None,
        done=task.done_at is not None,
        left_open=task.kind == TaskKind.LEFT_OPEN,
        held=task.facts.get(held.HELD),
        why=task.dropped_why,
        met=reminder.case.met if reminder.case and task.kind == TaskKind.MET else None,
    )


def _is_ignored(task: Task, *, fresh: bool) -> bool:
    """Whether this is the time to ask what to do about a reminder that nobody answers."""
    return task.times + fresh == IGNORED_TIMES and KEPT not in task.facts


def _ignored(voice: Voice, task: Task) -> Sequence[Block]:
    asked = voice.text("reminders/ignored", times=IGNORED_TIMES)
    return [blocks.section(asked, press(voice, task, TaskAsk.KEEP))]


def _facts(voice: Voice, reminder: Reminder, now: datetime) -> Mapping[str, object]:
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
        "given_by": task.handed_by if task.owner_id == reminder.member.user_id else None,
        "late": now - task.due_at > _LATE,
        "last": _last(voice, case) if case else None,
        "named": "named" in task.facts,
        "note": words.get("note"),
        "mission": words.get("mission") or task.facts.get("mission"),
        "promise": task.facts.get("promise"),
        "problem": task.facts.get("problem"),
        "answer": task.facts.get("answer"),
        "title": task.facts.get("title"),
        "url": task.facts.get("url"),
        "meeting": voice.moment(datetime.fromtimestamp(int(meeting), UTC)) if meeting else None,
        "days": task.facts.get("days"),
        "product": person(sale.product) if sale and sale.product else None,
    }


def _last(voice: Voice, case: Case) -> str | None:
    """How it went last time, in a few words."""
    if case.decided_at is None:
        return None
    reason = reasons.title(voice, case.reason) if case.reason else None
    return ", ".join(part for part in (outcome_of(voice, case), voice.day_and_year(case.decided_at), reason) if part)


def _draft(task: Task, text: str) -> Element:
    # What stands in a field is shown as it is, so nothing in it is escaped.
    return blocks.text_input(f"{ids.DRAFT}.{task.id}", unescape(text), lines=True)


def _card(voice: Voice, reminder: Reminder) -> Sequence[Element]:
    task = reminder.task
    return [open_card(voice, f"task.{task.id}", reminder.card, reminder.name)] if reminder.card else []


def presses(voice: Voice, task: Task) -> Sequence[Element]:
    """Done, or what came of it, or put off. What came of an answer the card will ask."""
    done = _DONE.get(task.kind, (TaskAsk.DONE,))
    later = () if task.kind == TaskKind.HELD else (TaskAsk.HOUR, TaskAsk.TOMORROW)
    return [press(voice, task, ask) for ask in (*done, *later)]


def menu(voice: Voice, task: Task) -> Element:
    """What is done with a reminder more rarely."""
    asks = (TaskAsk.NEXT_WEEK, TaskAsk.PICK, TaskAsk.HAND_OVER, TaskAsk.DROP)
    options = {f"{ask}:{task.id}": voice.label(f"press.{ask}") for ask in asks}
    return blocks.overflow(f"{ids.TASK_PRESS}.menu.{task.id}", blocks.options_of(options))


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


def hand_over(voice: Voice, origin: TaskOrigin) -> View:
    """To whom a task goes."""
    colleague = blocks.users_select(colleagues.COLLEAGUE, voice.label("placeholder.colleague"))
    chosen = blocks.field(colleagues.COLLEAGUE, voice.label("field.colleague"), colleague, optional=False)
    return forms.form(voice, ids.HAND_OVER_FORM, "hand_over", origin, [chosen])


def drop(voice: Voice, origin: TaskOrigin) -> View:
    """Why a task is no longer wanted, in a word or none."""
    why = blocks.text_input(DROP_WHY, lines=True, most=_WHY_MOST)
    return forms.form(voice, ids.DROP_FORM, "drop", origin, [forms.field(voice, DROP_WHY, why)])


def read_drop(voice: Voice, sent: Submission) -> str | forms.Refused | None:
    """The word on why."""
    why = sent.text(DROP_WHY)
    return forms.without_card_numbers(voice, {DROP_WHY: why}) or why


def press(voice: Voice, task: Task, ask: TaskAsk) -> Element:
    style = "primary" if ask in (TaskAsk.DONE, TaskAsk.MET, TaskAsk.HELD) else None
    return blocks.button(
        f"{ids.TASK_PRESS}.{ask}.{task.id}", voice.label(f"press.{ask}"), f"{ask}:{task.id}", style=style
    )
