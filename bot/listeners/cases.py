"""`/cancel`, and everything that is pressed on a card; the forms that open over one are in `case_forms`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.coaching import answers, appointments, approvals, colleagues, endings, openings, remedies, tellings
from bot.coaching import home as agendas
from bot.coaching.cases import Card, Pressed
from bot.coaching.coach import Coach
from bot.coaching.endings import Ending
from bot.coaching.errors import Declined, Reason
from bot.coaching.moves import Move
from bot.coaching.outcomes import Outcome
from bot.listeners.context import Payload, Services, privately, said
from bot.listeners.forms import Forms
from bot.listeners.record import Record
from bot.surfaces import blocks, home, ids, lines
from bot.surfaces import cases as surface
from bot.surfaces.ids import Ask
from bot.surfaces.manifest import command_of
from bot.surfaces.payloads import Command, Element, Press
from bot.surfaces.presses import Carried
from bot.surfaces.words import person

Gesture = Callable[[Coach, Session, Pressed, datetime], Card]


def _move(move: Move) -> Gesture:
    return lambda coach, session, pressed, now: coach.press(session, pressed, move, now)


def _close(outcome: Outcome) -> Gesture:
    return lambda coach, session, pressed, now: endings.close(coach, session, pressed, Ending(outcome), now)


def _landed(said: bool | None) -> Gesture:
    return lambda coach, session, pressed, now: tellings.answer(coach, session, pressed, said, now)


_GESTURES: Mapping[str, Gesture] = {
    **{move.value: _move(move) for move in Move},
    Ask.STAYING: _close(Outcome.SAVED),
    Ask.LEAVING: _close(Outcome.LEFT),
    Ask.NO_SHOW: _close(Outcome.NO_SHOW),
    Ask.SOFT_YES: endings.soften,
    Ask.CARRIED_OUT: endings.carried_out,
    Ask.LEAVE_ALONE: endings.leave_alone,
    Ask.UNDO: endings.undo,
    Ask.HUSH: Coach.hush,
    Ask.SENT: answers.wait,
    Ask.STEPS: answers.run_steps,
    Ask.ANOTHER_STORY: tellings.another,
    Ask.LANDED: _landed(True),
    Ask.NOT_LANDED: _landed(False),
    Ask.NOT_TOLD: _landed(None),
    Ask.TAKE_LESS: approvals.take_less,
    Ask.UNASK: approvals.put_away,
    Ask.LEAVE_LESS: approvals.put_away,
    Ask.CALL_BACK: approvals.call_back,
}
# What has to look at the control that was used, beside what it carries.
_WITH_ARGUMENT: Mapping[str, Callable[[str, Element], Gesture]] = {
    Ask.IDENTIFY: lambda argument, _used: _identify(int(argument) if ids.is_number(argument) else None),
    Ask.SWITCH: lambda argument, _used: lambda coach, *pressed: coach.switch(*pressed, playbook=argument),
    Ask.HEARD: lambda argument, _used: lambda coach, *pressed: coach.switch(*pressed, heard=argument),
    Ask.TURN_TO: lambda argument, _used: (
        lambda coach, session, pressed, now: remedies.turn_to(coach, session, pressed, argument, now)
    ),
    Ask.WORRY: lambda argument, _used: (
        lambda coach, session, pressed, now: tellings.name_worry(coach, session, pressed, argument, now)
    ),
    Ask.FIND_STORY: lambda argument, _used: (
        lambda coach, session, pressed, now: tellings.choose(coach, session, pressed, _number(argument), now)
    ),
    Ask.TAKE_BACK: lambda argument, _used: (
        lambda coach, session, pressed, now: remedies.take_back(coach, session, pressed, _number(argument), now)
    ),
    Ask.WAIT_UNTIL: lambda _argument, used: _wait_until(used.selected_date),
    Ask.SLOT: lambda argument, used: _offer(_number(argument), used.selected_date_time),
}


def register(app: AsyncApp, services: Services) -> None:
    """Listen for the command, the presses and the forms of a case."""
    cases = Cases(services, Forms(services), Record(services))
    app.command(command_of(services.command_prefix, ids.CANCEL))(cases.cancel)
    app.action(re.compile(f"^{re.escape(ids.CASE_PRESS)}\\."))(cases.press)
    app.action(re.compile(f"^{re.escape(ids.CASE_RESUME)}\\."))(cases.resume)
    app.action(ids.CASE_TAKE_BACK)(cases.take_case_back)
    cases.forms.register(app)


@dataclass(frozen=True)
class Cases:
    """The listeners of this feature."""

    services: Services
    forms: Forms
    record: Record

    async def cancel(self, ack: AsyncAck, body: Payload) -> None:
        """`/cancel [customer] | list | help`: the answer is the card itself."""
        command = Command.model_validate(body)
        text = command.said
        special = {"help": self._help, "list": self._list}.get(text.casefold())
        await ack(privately(await (special(command) if special else self._open(command, text))))

    async def _help(self, asked: Command) -> blocks.Message:
        voice = await self.services.voice_for_help(asked.team_id, asked.user_id)
        books = [book for book in self.services.coach.spoken(str(voice.locale)).worked.values() if book.words]
        command = command_of(self.services.command_prefix, ids.CANCEL)
        text = voice.text("cases/help", command=command, books=books)
        return blocks.remark(text)

    async def _list(self, command: Command) -> blocks.Message:
        agenda = await self.services.database.read(agendas.agenda, command.team_id, command.user_id, home.SHOWN_MOST)
        return home.listing(self.services.voice(agenda.member), agenda, self.services.now())

    async def _open(self, command: Command, text: str) -> blocks.Message:
        services = self.services
        picked = openings.understand(services.coach, text)
        card = await services.database.write(
            partial(openings.open_case, services.coach), command.team_id, command.user_id, picked, services.now()
        )
        if card.member.learned_at is None:
            # Their timezone is wanted before the first promise is booked.
            services.nudge()
        return surface.card(services.voice(card.member), card)

    async def press(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """A button or a menu of a card: one transaction, then the card is redrawn in place or a form opens."""
        press = Press.model_validate(body)
        carried = Carried.of(press.used.action_id, press.used.chosen)
        pressed = _pressed(press, carried)
        try:
            await self._take(press, pressed, carried, client)
        except Declined as declined:
            if declined.reason is not Reason.FORGOTTEN or press.response_url is None:
                raise
            # Whatever stands there still says whom it was about.
            voice = await self.services.voice_of(pressed.team_id, pressed.user_id)
            await self.services.redraw(press.response_url, surface.forgotten(voice))
        await ack()

    async def _take(self, press: Press, pressed: Pressed, carried: Carried, client: AsyncWebClient) -> None:
        if carried.what == Ask.HISTORY:
            await self.record.from_card(press, carried, client)
        elif carried.what in self.forms.openers:
            await self.forms.open(press, pressed, Ask(carried.what), client)
        else:
            await self.forms.gesture(pressed, _gesture_of(carried, press.used), press.response_url)

    async def resume(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Resume a case: from a list in the list's place, from anywhere else as a new message in the DM."""
        press = Press.model_validate(body)
        services = self.services
        asked = (press.team.id, press.user.id, _number(press.used.value or ""), services.now())
        if press.container.is_ephemeral:
            card = await services.database.write(
                services.coach.show,
                *asked,
                response_url=press.response_url,
                message_ts=press.container.message_ts,
            )
            await self.forms.redraw(card, press.response_url)
        else:
            card = await services.database.write(services.coach.resume, *asked)
            services.nudge()
            if press.container.type == "view":
                voice = services.voice(card.member)
                told = voice.text("cases/resumed", name=person(surface.named(voice, card.name)))
                await client.views_open(trigger_id=press.trigger_id, view=said(voice, "resumed", told))
        await ack()

    async def take_case_back(self, ack: AsyncAck, body: Payload) -> None:
        """Undo of handing over: the case comes back as it stands."""
        press = Press.model_validate(body)
        services = self.services
        asked = (press.team.id, press.user.id, _number(press.used.value or ""))
        card = await services.database.write(
            lambda session: colleagues.take_back(services.coach, session, *asked, services.now())
        )
        services.nudge()
        await self.forms.redraw(card, press.response_url)
        await ack()


def _pressed(press: Press, carried: Carried) -> Pressed:
    return Pressed(
        press.team.id,
        press.user.id,
        carried.case_id,
        carried.revision,
        lines.typed(press),
        press.container.message_ts,
        press.response_url,
    )


def _gesture_of(carried: Carried, used: Element) -> Gesture:
    try:
        if carried.what in _WITH_ARGUMENT:
            return _WITH_ARGUMENT[carried.what](carried.argument or "", used)
        return _GESTURES[carried.what]
    except KeyError:
        raise Declined(Reason.GONE) from None


def _identify(customer_id: int | None) -> Gesture:
    return lambda coach, session, pressed, now: coach.identify(session, pressed, customer_id, now)


def _wait_until(day: str | None) -> Gesture:
    until = date.fromisoformat(day) if day else None
    return lambda coach, session, pressed, now: answers.wait(coach, session, pressed, now, until=until)


def _offer(which: int, moment: int | None) -> Gesture:
    at = datetime.fromtimestamp(moment or 0, UTC)
    return lambda coach, session, pressed, now: appointments.offer(coach, session, pressed, which, at, now)


def _number(text: str) -> int:
    if not ids.is_number(text):
        raise Declined(Reason.GONE)
    return int(text)
