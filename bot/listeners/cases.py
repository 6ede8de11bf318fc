"""`/cancel`, and everything that is pressed or sent about a case."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.coaching import home as agendas
from bot.coaching.cases import Card, Pressed
from bot.coaching.coach import Coach
from bot.coaching.errors import Declined, Reason
from bot.coaching.moves import Move
from bot.coaching.outcomes import Outcome
from bot.listeners.context import Payload, Services, privately
from bot.surfaces import blocks, forms, home, ids
from bot.surfaces import cases as surface
from bot.surfaces.blocks import View
from bot.surfaces.cases import Carried
from bot.surfaces.forms import Opener, Origin, Refused
from bot.surfaces.ids import Ask
from bot.surfaces.manifest import command_of
from bot.surfaces.payloads import Command, Press, Submission
from bot.surfaces.words import Voice, person, unescape

Gesture = Callable[[Coach, Session, Pressed, datetime], Card]


def _move(move: Move) -> Gesture:
    return lambda coach, session, pressed, now: coach.press(session, pressed, move, now)


def _close(outcome: Outcome) -> Gesture:
    return lambda coach, session, pressed, now: coach.close(session, pressed, outcome, now)


_GESTURES: Mapping[str, Gesture] = {
    **{move.value: _move(move) for move in Move},
    Ask.STAYING: _close(Outcome.SAVED),
    Ask.LEAVING: _close(Outcome.LEFT),
    Ask.SOFT_YES: Coach.soften,
    Ask.CARRIED_OUT: Coach.carried_out,
    Ask.UNDO: Coach.undo,
    Ask.HUSH: Coach.hush,
}
_FORMS = (Ask.DETAILS, Ask.COOL_OFF, Ask.LEAVE_OUT)
_OTHERS_MOST = 20


def register(app: AsyncApp, services: Services) -> None:
    """Listen for the command, the presses and the forms of a case."""
    cases = Cases(services)
    app.command(command_of(services.command_prefix, ids.CANCEL))(cases.cancel)
    app.action(re.compile(f"^{re.escape(ids.CASE_PRESS)}\\."))(cases.press)
    app.action(re.compile(f"^{re.escape(ids.CASE_RESUME)}\\."))(cases.resume)
    app.view(ids.NEW_CASE_FORM)(cases.open_from_form)
    app.view(ids.DETAILS_FORM)(cases.describe)
    app.view(ids.COOL_OFF_FORM)(cases.cool_off)
    app.view(ids.LEAVE_OUT_FORM)(cases.leave_out)


@dataclass(frozen=True)
class Cases:
    """The listeners of this feature."""

    services: Services

    async def cancel(self, ack: AsyncAck, body: Payload) -> None:
        """`/cancel [customer] | list | help`: the answer is the card itself."""
        command = Command.model_validate(body)
        text = unescape(command.text).strip()
        special = {"help": self._help, "list": self._list}.get(text.casefold())
        await ack(privately(await (special(command) if special else self._open(command, text))))

    async def _help(self, _command: Command) -> blocks.Message:
        voice = self.services.voice(None)
        books = [book for book in self.services.coach.playbooks.values() if book.words]
        command = command_of(self.services.command_prefix, ids.CANCEL)
        text = voice.text("cases/help", command=command, books=books)
        return blocks.message(text, [blocks.section(text)])

    async def _list(self, command: Command) -> blocks.Message:
        agenda = await self.services.database.read(agendas.agenda, command.team_id, command.user_id, home.SHOWN_MOST)
        return home.listing(self.services.voice(agenda.member), agenda, self.services.now())

    async def _open(self, command: Command, text: str) -> blocks.Message:
        services = self.services
        picked, name = services.coach.understand(text)
        card = await services.database.write(
            services.coach.open, command.team_id, command.user_id, name, services.now(), picked=picked
        )
        if card.member.learned_at is None:
            # Their timezone is wanted before the first promise is booked.
            services.nudge()
        return surface.card(services.voice(card.member), card)

    async def press(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """A button or a menu of a card: one transaction, then the card is redrawn in place or a form opens."""
        press = Press.model_validate(body)
        carried = Carried.read(press.used.chosen)
        pressed = _pressed(press, carried)
        if carried.what in _FORMS:
            await self._open_form(press, pressed, Ask(carried.what), client)
        else:
            await self._gesture(pressed, _gesture_of(carried), press.response_url)
        await ack()

    async def _gesture(self, pressed: Pressed, gesture: Gesture, response_url: str | None) -> None:
        services = self.services
        card = await services.database.write(lambda session: gesture(services.coach, session, pressed, services.now()))
        await self._redraw(card, response_url)

    async def _redraw(self, card: Card, response_url: str | None) -> None:
        """Redraw the card where it was pressed; where that fails, its copy in the DM catches up."""
        services, case = self.services, card.case
        message = surface.card(services.voice(card.member), card)
        if not (response_url and await services.redraw(response_url, message)):
            await services.database.write(
                services.coach.repair, case.team_id, case.rep_id, case.id or 0, services.now()
            )
            services.nudge()
        elif case.outcome:
            services.nudge()

    async def _open_form(self, press: Press, pressed: Pressed, ask: Ask, client: AsyncWebClient) -> None:
        services = self.services
        card = await services.database.write(services.coach.look_closer, pressed, services.now())
        if card.notice:
            await self._redraw(card, press.response_url)
            return
        case = card.case
        origin = Origin(
            case_id=pressed.case_id,
            revision=case.revision,
            response_url=press.response_url,
            message_ts=pressed.message_ts,
        )
        voice = services.voice(card.member)
        others = await services.database.read(services.coach.others, case, _OTHERS_MOST) if ask is Ask.LEAVE_OUT else []
        today = services.today(voice)
        view: View = {
            Ask.DETAILS: lambda: forms.details(voice, card, origin, today),
            Ask.COOL_OFF: lambda: forms.cool_off(voice, origin, today),
            Ask.LEAVE_OUT: lambda: forms.leave_out(voice, others, origin),
        }[ask]()
        await client.views_open(trigger_id=press.trigger_id, view=view)

    async def resume(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """Resume a case: from a list in the list's place, from anywhere else as a new message in the DM."""
        press = Press.model_validate(body)
        services = self.services
        asked = (press.team.id, press.user.id, _number(press.used.value))
        if press.container.is_ephemeral:
            await self._redraw(await services.database.read(services.coach.show, *asked), press.response_url)
        else:
            card = await services.database.write(services.coach.resume, *asked, services.now())
            services.nudge()
            if press.container.type == "view":
                voice = services.voice(card.member)
                told = voice.text("cases/resumed", name=person(surface.named(voice, card.name)))
                await client.views_open(trigger_id=press.trigger_id, view=_said(voice, "resumed", told))
        await ack()

    async def open_from_form(self, ack: AsyncAck, body: Payload) -> None:
        """New cancellation, from the Home: the card comes to the DM."""
        sent = Submission.model_validate(body)
        services = self.services
        voice = services.voice_for(Opener.model_validate_json(sent.view.private_metadata))
        name = forms.read_new_case(voice, sent)
        if isinstance(name, Refused):
            await ack(response_action="errors", errors=name.errors)
            return
        await services.database.write(services.coach.open, sent.team.id, sent.user.id, name, services.now(), in_dm=True)
        services.nudge()
        await ack(response_action="update", view=_said(voice, "opened", voice.text("cases/opened")))

    async def describe(self, ack: AsyncAck, body: Payload) -> None:
        """Details: kept, and the card behind the form is redrawn."""
        sent, origin, voice = self._read_form(body)
        details = forms.read_details(voice, sent, self.services.today(voice))
        if isinstance(details, Refused):
            await ack(response_action="errors", errors=details.errors)
            return
        services = self.services
        card = await services.database.write(
            services.coach.describe, sent.team.id, sent.user.id, origin.case_id, details, services.now()
        )
        await self._redraw(card, origin.response_url)
        await ack()

    async def cool_off(self, ack: AsyncAck, body: Payload) -> None:
        """They need time: the case stays open, with a call booked for the day."""
        sent, origin, voice = self._read_form(body)
        day = forms.read_cool_off(voice, sent, self.services.today(voice))
        if isinstance(day, Refused):
            await ack(response_action="errors", errors=day.errors)
            return
        await self._gesture(
            _from_form(sent, origin),
            lambda coach, session, pressed, now: coach.close(session, pressed, Outcome.COOL_OFF, now, on=day),
            origin.response_url,
        )
        await ack()

    async def leave_out(self, ack: AsyncAck, body: Payload) -> None:
        """Not a case: opened by mistake, or a duplicate."""
        sent, origin, _voice = self._read_form(body)
        other = forms.read_leave_out(sent)
        await self._gesture(
            _from_form(sent, origin),
            lambda coach, session, pressed, now: coach.leave_out(session, pressed, other, now),
            origin.response_url,
        )
        await ack()

    def _read_form(self, body: Payload) -> tuple[Submission, Origin, Voice]:
        sent = Submission.model_validate(body)
        origin = Origin.model_validate_json(sent.view.private_metadata)
        return sent, origin, self.services.voice_for(origin)


def _pressed(press: Press, carried: Carried) -> Pressed:
    return Pressed(
        press.team.id,
        press.user.id,
        carried.case_id,
        carried.revision,
        press.typed(ids.WORDS),
        press.container.message_ts,
    )


def _from_form(sent: Submission, origin: Origin) -> Pressed:
    return Pressed(sent.team.id, sent.user.id, origin.case_id, origin.revision, message_ts=origin.message_ts)


def _gesture_of(carried: Carried) -> Gesture:
    if carried.what == Ask.IDENTIFY:
        customer_id = _number(carried.argument) if carried.argument else None
        return lambda coach, session, pressed, now: coach.identify(session, pressed, customer_id, now)
    if carried.what == Ask.SWITCH:
        playbook = carried.argument or ""
        return lambda coach, session, pressed, now: coach.switch(session, pressed, playbook, now)
    try:
        return _GESTURES[carried.what]
    except KeyError:
        raise Declined(Reason.GONE) from None


def _number(text: str | None) -> int:
    if text is None or not text.isdecimal():
        raise Declined(Reason.GONE)
    return int(text)


def _said(voice: Voice, name: str, text: str) -> View:
    return blocks.word(voice.label(f"form.{name}_title"), voice.label("form.understood"), text)
