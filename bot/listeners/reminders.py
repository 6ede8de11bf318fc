"""What is pressed on a reminder, in its message or in the list of what is coming."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.coaching import appointments, due, held, homes, reconnecting, reminders
from bot.coaching.due import Round
from bot.coaching.errors import Declined, Reason
from bot.coaching.reminders import Reminder, Snooze
from bot.listeners.colleagues import is_a_colleague
from bot.listeners.context import Payload, Services
from bot.listeners.drafts import with_draft
from bot.storage import outbox
from bot.surfaces import colleagues as colleague_surface
from bot.surfaces import ids
from bot.surfaces import reconnecting as list_surface
from bot.surfaces import reminders as surface
from bot.surfaces.blocks import View
from bot.surfaces.forms import Refused
from bot.surfaces.ids import TaskAsk
from bot.surfaces.payloads import Press, Submission
from bot.surfaces.reminders import TaskOrigin

Gesture = Callable[[Session, str, str, int, datetime], Reminder]


def _snooze(until: Snooze | datetime) -> Gesture:
    return lambda session, team_id, user_id, task_id, now: reminders.snooze(
        session, team_id, user_id, task_id, until, now
    )


_GESTURES: Mapping[TaskAsk, Gesture] = {
    TaskAsk.DONE: reminders.done,
    TaskAsk.MET: partial(appointments.answer_met, met=True),
    TaskAsk.NOT_MET: partial(appointments.answer_met, met=False),
    TaskAsk.HELD: held.answer_held,
    TaskAsk.GONE: held.answer_gone,
    TaskAsk.UNKNOWN: held.answer_unknown,
    TaskAsk.HOUR: _snooze(Snooze.HOUR),
    TaskAsk.TOMORROW: _snooze(Snooze.TOMORROW),
    TaskAsk.NEXT_WEEK: _snooze(Snooze.NEXT_WEEK),
    TaskAsk.KEEP: reminders.keep,
    TaskAsk.UNDO: reminders.undo,
    TaskAsk.UNBOOK: reconnecting.unbook,
}
_FORMS = (TaskAsk.PICK, TaskAsk.HAND_OVER, TaskAsk.DROP)


def register(app: AsyncApp, services: Services) -> None:
    """Listen for the presses and the forms of a reminder."""
    listeners = Reminders(services)
    app.action(re.compile(f"^{re.escape(ids.TASK_PRESS)}\\."))(listeners.press)
    app.view(ids.SNOOZE_FORM)(listeners.snooze)
    app.view(ids.HAND_OVER_FORM)(listeners.hand_over)
    app.view(ids.DROP_FORM)(listeners.drop)


@dataclass(frozen=True)
class Reminders:
    """The listeners of this feature."""

    services: Services

    async def press(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Answered, put off, or taken back: one transaction, then the place says what became of it."""
        press = Press.model_validate(body)
        ask, task_id = _read(press.used.chosen)
        in_list = press.view.id if press.view and press.view.type == "modal" else None
        ts = press.container.message_ts
        origin = TaskOrigin(task_id=task_id, response_url=press.response_url, message_ts=ts, list_of=in_list)
        if ask in _FORMS:
            view = await self._form(press, ask, origin)
            opens = client.views_push if in_list else client.views_open
            await opens(trigger_id=press.trigger_id, view=view)
        else:
            await self._do((press.team.id, press.user.id), origin, _GESTURES[ask], client)
        await ack()

    async def _form(self, press: Press, ask: TaskAsk, origin: TaskOrigin) -> View:
        who = (press.team.id, press.user.id)
        voice = await self.services.voice_of(*who)
        match ask:
            case TaskAsk.PICK:
                view = surface.snooze(voice, origin, self.services.now())
            case TaskAsk.HAND_OVER:
                view = surface.hand_over(voice, origin)
            case _:
                view = surface.drop(voice, origin)
        return await with_draft(self.services, who, view)

    async def snooze(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """The hour that was picked."""
        sent = Submission.model_validate(body)
        origin = TaskOrigin.carried_in(sent.view.private_metadata)
        moment = surface.read_snooze(self.services.voice_for(origin), sent, self.services.now())
        if isinstance(moment, Refused):
            await ack(response_action="errors", errors=moment.errors)
            return
        await self._do((sent.team.id, sent.user.id), origin, _snooze(moment), client)
        await ack()

    async def hand_over(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """A colleague does it."""
        sent = Submission.model_validate(body)
        origin = TaskOrigin.carried_in(sent.view.private_metadata)
        to = sent.text(colleague_surface.COLLEAGUE) or ""
        if not await is_a_colleague(client, sent.team.id, to):
            refused = colleague_surface.nobody_there(self.services.voice_for(origin))
            await ack(response_action="errors", errors=refused.errors)
            return
        await self._do((sent.team.id, sent.user.id), origin, _with(reminders.hand_over, to), client)
        await ack()

    async def drop(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """It is no longer wanted."""
        sent = Submission.model_validate(body)
        origin = TaskOrigin.carried_in(sent.view.private_metadata)
        why = surface.read_drop(self.services.voice_for(origin), sent)
        if isinstance(why, Refused):
            await ack(response_action="errors", errors=why.errors)
            return
        await self._do((sent.team.id, sent.user.id), origin, _with(reminders.drop_one, why), client)
        await ack()

    async def _do(self, who: tuple[str, str], origin: TaskOrigin, gesture: Gesture, client: AsyncWebClient) -> None:
        """One transaction, then what was pressed is drawn anew."""
        services, now = self.services, self.services.now()

        def do(session: Session) -> Round:
            reminder = gesture(session, *who, origin.task_id, now)
            # What is read next has to see what was changed.
            session.flush()
            outbox.enqueue(session, *homes.own(reminder.member, now))
            return Round(reminder.member, due.in_message(session, reminder, origin.message_ts))

        done = await services.database.write(do)
        services.nudge()
        voice = services.voice(done.member)
        if origin.list_of:
            coming = await services.database.read(reconnecting.coming, *who)
            await services.put(client, origin.list_of, list_surface.listed(voice, coming, now, *done.reminders))
        elif origin.response_url:
            await services.redraw(origin.response_url, surface.brought(voice, done, now))


def _with(do: Callable[..., Reminder], argument: str | None) -> Gesture:
    return lambda session, team_id, user_id, task_id, now: do(session, team_id, user_id, task_id, argument, now)


def _read(value: str | None) -> tuple[TaskAsk, int]:
    what, _, task_id = (value or "").partition(":")
    if what not in list(TaskAsk) or not ids.is_number(task_id):
        raise Declined(Reason.GONE)
    return TaskAsk(what), int(task_id)
