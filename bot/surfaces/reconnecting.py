"""`/reconnect`: the list of what is due and coming, what was understood, and time away."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from bot.coaching import hours
from bot.coaching.reconnecting import Away, Coming
from bot.coaching.reminders import Reminder, undoable_since
from bot.coaching.when import Trouble
from bot.storage.models import Member
from bot.surfaces import blocks, colleagues, forms, ids
from bot.surfaces.blocks import Block, Element, Message, View
from bot.surfaces.cases import in_list, named, open_card
from bot.surfaces.forms import Opener
from bot.surfaces.ids import AwayAsk, TaskAsk
from bot.surfaces.reminders import answered, menu, press, presses
from bot.surfaces.words import Voice, person

_TOMORROW = timedelta(days=1)


class AwayOrigin(Opener):
    """Where somebody who is away was when they handed their reminders over."""

    response_url: str | None = None


def listed(voice: Voice, coming: Coming, now: datetime, pressed: Reminder | None = None) -> View:
    """Everything that a member has promised, by day, each with what to do about it.

    What was just done with the one that was `pressed` stands at the top, where it can be taken back.
    """
    today = now.astimezone(voice.zone).date()

    def day(reminder: Reminder) -> date:
        return max(reminder.task.due_at.astimezone(voice.zone).date(), today - _TOMORROW)

    days = [block for each, of_day in groupby(coming.reminders, day) for block in _day(voice, each, [*of_day], today)]
    said = voice.text("reconnect/listed", count=coming.count, more=coming.count - len(coming.reminders))
    away = away_still(voice, coming.member, now)
    just = answered(voice, pressed, now) if pressed and undoable_since(pressed.task, coming.member.user_id) else []
    sheet = blocks.sheet(
        voice.label("form.reconnect_title"), voice.label("form.close"), [*just, *away, blocks.section(said), *days]
    )
    return {**sheet, "private_metadata": forms.carried(voice, Opener())}


def away_still(voice: Voice, member: Member, now: datetime) -> Sequence[Block]:
    """Until when a member is away, and the way back; nothing where they are not."""
    until = member.away_until
    if until is None or until <= now:
        return []
    told = voice.text("reconnect/away_still", until=voice.moment(until))
    return [blocks.section(told, _away(voice, AwayAsk.COME_BACK))]


def _day(voice: Voice, day: date, reminders: Sequence[Reminder], today: date) -> Sequence[Block]:
    named_days = {today - _TOMORROW: "overdue", today: "today", today + _TOMORROW: "tomorrow"}
    head = voice.label(f"day.{named_days[day]}") if day in named_days else voice.day(day)
    return [blocks.header(head), *(block for each in reminders for block in _listed(voice, each))]


def _listed(voice: Voice, reminder: Reminder) -> Sequence[Block]:
    task = reminder.task
    told = voice.text(
        "reconnect/task",
        name=in_list(voice, reminder.name),
        what=voice.label(f"task.{task.kind}"),
        when=voice.moment(task.due_at),
    )
    card = [open_card(voice, f"task.{task.id}", reminder.card, reminder.name)] if reminder.card else []
    return [
        blocks.section(told, menu(voice, task)),
        blocks.actions(f"{ids.TASK_PRESS}.{task.id}", [*presses(voice, task), *card]),
    ]


def booked(voice: Voice, reminder: Reminder) -> Message:
    """What was understood, with the way back. Where they do not work then, it is said when it comes instead."""
    task, works = reminder.task, hours.of(reminder.member, reminder.team)
    comes = voice.moment(works.next_open(task.due_at)) if not (task.exact or works.cover(task.due_at)) else None
    when = voice.moment(task.due_at)
    text = voice.text("reconnect/booked", name=person(named(voice, reminder.name)), when=when, comes=comes)
    back = blocks.actions(f"{ids.TASK_PRESS}.{task.id}", [press(voice, task, TaskAsk.UNBOOK)])
    return blocks.message([blocks.section(text), back])


def not_understood(voice: Voice, command: str, trouble: Trouble, name: str | None) -> Message:
    """Why nothing was booked, and how it could be said."""
    told = person(name) if name else None
    text = voice.text("reconnect/trouble", command=command, trouble=trouble, name=told)
    return blocks.remark(text)


def nobody_named(voice: Voice, command: str) -> Message:
    """A time was understood, and whom it is about was not said."""
    text = voice.text("reconnect/nobody", command=command)
    return blocks.remark(text)


def helped(voice: Voice, command: str) -> Message:
    """What can be typed after the command."""
    text = voice.text("reconnect/help", command=command)
    return blocks.remark(text)


def away(voice: Voice, away: Away) -> Message:
    """Until when a member is away, and what becomes of their reminders."""
    text = voice.text("reconnect/away", until=voice.moment(away.until), count=away.count)
    hand = [_away(voice, AwayAsk.HAND_ALL)] if away.count else []
    return blocks.message(
        [blocks.section(text), blocks.actions(ids.AWAY_PRESS, [*hand, _away(voice, AwayAsk.COME_BACK)])]
    )


def back(voice: Voice, *, was_away: bool) -> Message:
    """What is said to somebody who is back, or was never away."""
    text = voice.text("reconnect/back", was_away=was_away)
    return blocks.remark(text)


def calendar_comes(voice: Voice, count: int) -> Message:
    """What is said while a calendar file is on its way; nothing comes where nothing is promised."""
    text = voice.text("reconnect/calendar_comes", count=count)
    return blocks.remark(text)


def hand_all(voice: Voice, origin: AwayOrigin) -> View:
    """To whom everything goes that falls due meanwhile."""
    colleague = blocks.users_select(colleagues.COLLEAGUE, voice.label("placeholder.colleague"))
    chosen = blocks.field(colleagues.COLLEAGUE, voice.label("field.colleague"), colleague, optional=False)
    return forms.form(voice, ids.HAND_ALL_FORM, "hand_over", origin, [chosen])


def handed(voice: Voice, count: int, to: str, at: datetime) -> Message:
    """What was handed over while somebody is away, with the way back."""
    text = voice.text("reconnect/handed", count=count, to=to)
    undo = _away(voice, AwayAsk.TAKE_ALL_BACK, at.isoformat())
    return blocks.message([blocks.section(text), blocks.actions(ids.AWAY_PRESS, [undo])])


def taken_back(voice: Voice, count: int) -> Message:
    """What has come back to somebody."""
    text = voice.text("reconnect/taken_back", count=count)
    return blocks.remark(text)


def _away(voice: Voice, ask: AwayAsk, argument: str = "") -> Element:
    return blocks.button(f"{ids.AWAY_PRESS}.{ask}", voice.label(f"press.{ask}"), f"{ask}:{argument}")
