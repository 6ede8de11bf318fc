"""What is pressed on a reminder."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.coaching import appointments, held, reminders
from bot.coaching.errors import Declined, Reason
from bot.coaching.reminders import Reminder, Snooze
from bot.listeners.context import Payload, Services
from bot.surfaces import ids
from bot.surfaces import reminders as surface
from bot.surfaces.forms import Refused
from bot.surfaces.ids import TaskAsk
from bot.surfaces.payloads import Press, Submission
from bot.surfaces.reminders import TaskOrigin

_ANSWERS: Mapping[TaskAsk, Callable[[Session, str, str, int, datetime], Reminder]] = {
    TaskAsk.DONE: reminders.done,
    TaskAsk.MET: partial(appointments.answer_met, met=True),
    TaskAsk.NOT_MET: partial(appointments.answer_met, met=False),
    TaskAsk.GONE: held.answer_gone,
}
_SNOOZES = {TaskAsk.HOUR: Snooze.HOUR, TaskAsk.TOMORROW: Snooze.TOMORROW}


def register(app: AsyncApp, services: Services) -> None:
    """Listen for the presses and the form of a reminder."""
    listeners = Reminders(services)
    app.action(re.compile(f"^{re.escape(ids.TASK_PRESS)}\\."))(listeners.press)
    app.view(ids.SNOOZE_FORM)(listeners.snooze)


@dataclass(frozen=True)
class Reminders:
    """The listeners of this feature."""

    services: Services

    async def press(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Answered, or put off: one transaction, then the reminder says what became of it."""
        press = Press.model_validate(body)
        services = self.services
        ask, task_id = _read(press.used.value)
        whose = (press.team.id, press.user.id, task_id)
        if ask is TaskAsk.PICK:
            voice = await services.voice_of(press.team.id, press.user.id)
            origin = TaskOrigin(task_id=task_id, response_url=press.response_url)
            await client.views_open(trigger_id=press.trigger_id, view=surface.snooze(voice, origin, services.now()))
        elif ask in _ANSWERS:
            answered = await services.database.write(_ANSWERS[ask], *whose, services.now())
            # Somebody who is no longer with us takes their story out of sight.
            services.nudge()
            await self._answer(answered, press.response_url)
        else:
            put_off = await services.database.write(reminders.snooze, *whose, _SNOOZES[ask], services.now())
            await self._answer(put_off, press.response_url)
        await ack()

    async def snooze(self, ack: AsyncAck, body: Payload) -> None:
        """The hour that was picked."""
        sent = Submission.model_validate(body)
        services = self.services
        origin = TaskOrigin.model_validate_json(sent.view.private_metadata)
        voice = services.voice_for(origin)
        moment = surface.read_snooze(voice, sent, services.now())
        if isinstance(moment, Refused):
            await ack(response_action="errors", errors=moment.errors)
            return
        reminder = await services.database.write(
            reminders.snooze, sent.team.id, sent.user.id, origin.task_id, moment, services.now()
        )
        await self._answer(reminder, origin.response_url)
        await ack()

    async def _answer(self, reminder: Reminder, response_url: str | None) -> None:
        if response_url:
            voice = self.services.voice(reminder.member)
            await self.services.redraw(response_url, surface.answered(voice, reminder))


def _read(value: str | None) -> tuple[TaskAsk, int]:
    what, _, task_id = (value or "").partition(":")
    if what not in list(TaskAsk) or not task_id.isdecimal():
        raise Declined(Reason.GONE)
    return TaskAsk(what), int(task_id)
