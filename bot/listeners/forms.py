"""The forms that open over a card: which one, what it is opened with, and what becomes of what was sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from typing import TypeVar

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.coaching import colleagues, details, endings, library, openings, remedies, sales, sights, stories
from bot.coaching.cases import Card, Pressed
from bot.coaching.coach import Coach
from bot.coaching.colleagues import Handed
from bot.coaching.endings import Ending
from bot.coaching.openings import Picked
from bot.coaching.outcomes import Outcome
from bot.listeners.colleagues import is_a_colleague
from bot.listeners.context import Payload, Services, said
from bot.listeners.drafts import with_draft
from bot.surfaces import cases as surface
from bot.surfaces import colleagues as colleague_surface
from bot.surfaces import endings as ending_surface
from bot.surfaces import forms, ids
from bot.surfaces import remedies as remedy_surface
from bot.surfaces import stories as story_surface
from bot.surfaces.blocks import View
from bot.surfaces.colleagues import ColleagueOrigin
from bot.surfaces.forms import Opener, Origin, Refused
from bot.surfaces.ids import Ask
from bot.surfaces.payloads import Press, Submission
from bot.surfaces.remedies import RemedyOrigin
from bot.surfaces.words import Voice

T = TypeVar("T")
Gesture = Callable[[Coach, Session, Pressed, datetime], Card]
_Build = Callable[[Voice, Card, Origin, Session], View]

_OTHERS_MOST = 20


@dataclass(frozen=True)
class Forms:
    """The forms of a case: opened by a press on its card, and redrawing that card when they are sent."""

    services: Services

    @cached_property
    def openers(self) -> Mapping[str, _Build]:
        """The form that each press opens, with what it looks up."""
        now, today = self.services.now, self.services.today
        return {
            Ask.DETAILS: lambda voice, card, origin, session: forms.details(
                voice,
                replace(card, sale=sales.of_case(session, card.case)),
                origin,
                today(voice),
                library.products(session, card.case.team_id),
            ),
            Ask.COOL_OFF: lambda voice, _card, origin, _session: forms.cool_off(voice, origin, today(voice)),
            Ask.LEAVE_OUT: lambda voice, card, origin, session: forms.leave_out(
                voice, details.others(session, card.case, _OTHERS_MOST), origin
            ),
            Ask.AGREE: lambda voice, card, origin, _session: remedy_surface.form(voice, card, origin, now()),
            Ask.NEW_DATE: lambda voice, card, origin, session: ending_surface.new_date(
                voice, card, origin, library.products(session, card.case.team_id), now()
            ),
            Ask.NOT_NOW: lambda voice, _card, origin, _session: ending_surface.not_now(voice, origin),
            Ask.MISFIT: lambda voice, _card, origin, _session: ending_surface.misfit(voice, origin),
            Ask.IN_TOUCH: lambda voice, _card, origin, _session: ending_surface.in_touch(voice, origin, today(voice)),
            Ask.STORY: lambda voice, card, origin, session: story_surface.keep_case(
                voice, card, origin, library.of(session, card.case.team_id)
            ),
            Ask.COLLEAGUE: lambda voice, card, origin, _session: colleague_surface.form(voice, card, origin),
        }

    def register(self, app: AsyncApp) -> None:
        """Listen for what is sent."""
        app.view(ids.NEW_CASE_FORM)(self.open_case)
        app.view(ids.DETAILS_FORM)(self.describe)
        app.view(ids.COOL_OFF_FORM)(self.cool_off)
        app.view(ids.LEAVE_OUT_FORM)(self.leave_out)
        app.view(ids.REMEDY_FORM)(self.agree)
        app.view(ids.NEW_DATE_FORM)(self.new_date)
        app.view(ids.NOT_NOW_FORM)(self.not_now)
        app.view(ids.MISFIT_FORM)(self.misfit)
        app.view(ids.IN_TOUCH_FORM)(self.in_touch)
        app.view(ids.COLLEAGUE_FORM)(self.colleague)
        app.view(ids.STORY_FORM)(self.keep_story)

    async def open(self, press: Press, pressed: Pressed, ask: Ask, client: AsyncWebClient) -> None:
        """Open a form over the card that was pressed, and keep what stands typed in the card."""
        card, view = await self.services.database.write(self._look_closer, pressed, ask, press.response_url)
        if view is None:
            await self.redraw(card, press.response_url)
        else:
            view = await with_draft(self.services, (pressed.team_id, pressed.user_id), view)
            await client.views_open(trigger_id=press.trigger_id, view=view)

    def _look_closer(
        self, session: Session, pressed: Pressed, ask: Ask, response_url: str | None
    ) -> tuple[Card, View | None]:
        services = self.services
        card = services.coach.look_closer(session, pressed, services.now())
        if card.notice:
            return card, None
        origin = Origin(
            case_id=pressed.case_id,
            revision=card.case.revision,
            response_url=response_url,
            message_ts=pressed.message_ts,
        )
        return card, self.openers[ask](services.voice(card.member), card, origin, session)

    async def gesture(self, pressed: Pressed, gesture: Gesture, response_url: str | None) -> Card:
        """One transaction, then the card is redrawn where it was pressed."""
        services = self.services
        card = await services.database.write(lambda session: gesture(services.coach, session, pressed, services.now()))
        await self.redraw(card, response_url)
        return card

    async def redraw(self, card: Card, response_url: str | None) -> None:
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

    async def open_case(self, ack: AsyncAck, body: Payload) -> None:
        """New cancellation, from the Home: the card comes to the DM."""
        sent = Submission.model_validate(body)
        services = self.services
        voice = services.voice_for(Opener.carried_in(sent.view.private_metadata))
        name = forms.read_new_case(voice, sent)
        if isinstance(name, Refused):
            await ack(response_action="errors", errors=name.errors)
            return
        who = (sent.team.id, sent.user.id, Picked(name))
        await services.database.write(partial(openings.open_case, services.coach), *who, services.now(), in_dm=True)
        services.nudge()
        await ack(response_action="update", view=said(voice, "opened", voice.text("cases/opened")))

    async def describe(self, ack: AsyncAck, body: Payload) -> None:
        """Details: kept, and the card behind the form is redrawn."""
        sent, origin, voice = self._read(body)
        services = self.services
        read = forms.read_details(voice, sent, services.today(voice))
        if isinstance(read, Refused):
            await ack(response_action="errors", errors=read.errors)
            return
        about, now = (sent.team.id, sent.user.id, origin.case_id, read), services.now()

        def describe(session: Session) -> Card:
            card = details.describe(services.coach, session, *about, now, drawn_in=origin.message_ts)
            sights.keep_card(session, card, origin.response_url, origin.message_ts, now)
            return card

        await self.redraw(await services.database.write(describe), origin.response_url)
        await ack()

    async def cool_off(self, ack: AsyncAck, body: Payload) -> None:
        """They need time: the case stays open, with a call booked for the day."""
        sent, origin, voice = self._read(body)
        day = forms.read_cool_off(voice, sent, self.services.today(voice))
        ending = day if isinstance(day, Refused) else Ending(Outcome.COOL_OFF, day)
        await self._take(ack, sent, origin, ending, endings.close)

    async def new_date(self, ack: AsyncAck, body: Payload) -> None:
        """A new date for an appointment."""
        sent, origin, voice = self._read(body)
        products = await self.services.database.read(library.products, sent.team.id)
        ending = ending_surface.read_new_date(voice, sent, products, self.services.now())
        await self._take(ack, sent, origin, ending, endings.close)

    async def not_now(self, ack: AsyncAck, body: Payload) -> None:
        """An appointment that is not to be now."""
        sent, origin, voice = self._read(body)
        ending = ending_surface.read_not_now(voice, sent, self.services.today(voice))
        await self._take(ack, sent, origin, ending, endings.close)

    async def misfit(self, ack: AsyncAck, body: Payload) -> None:
        """An appointment with somebody who is no fit."""
        sent, origin, voice = self._read(body)
        await self._take(ack, sent, origin, ending_surface.read_misfit(voice, sent), endings.close)

    async def leave_out(self, ack: AsyncAck, body: Payload) -> None:
        """Not a case: opened by mistake, or a duplicate."""
        sent, origin, _voice = self._read(body)
        await self._take(ack, sent, origin, forms.read_leave_out(sent), endings.leave_out)

    async def agree(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """They would like a remedy: it is kept, or a manager is asked where it lies above the limits."""
        sent, _origin, voice = self._read(body)
        origin = RemedyOrigin.carried_in(sent.view.private_metadata)
        agreement = remedy_surface.read(voice, sent, origin, self.services.now())
        owner = None if isinstance(agreement, Refused) else agreement.owner
        if owner and owner != sent.user.id and not await is_a_colleague(client, sent.team.id, owner):
            agreement = remedy_surface.nobody_there(voice)
        if isinstance(agreement, Refused):
            await ack(response_action="errors", errors=agreement.errors)
            return
        card = await self.gesture(
            _from_form(sent, origin),
            lambda coach, session, pressed, now: remedies.agree(coach, session, pressed, agreement, now),
            origin.response_url,
        )
        self.services.nudge()
        if refused := remedy_surface.refusal(voice, card, agreement):
            await ack(response_action="errors", errors=refused.errors)
        else:
            await ack()

    async def keep_story(self, ack: AsyncAck, body: Payload) -> None:
        """Somebody who stayed has become a story, for somebody else to verify."""
        sent, origin, voice = self._read(body)
        await self._take(ack, sent, origin, story_surface.read(voice, sent), stories.keep_case)

    async def in_touch(self, ack: AsyncAck, body: Payload) -> None:
        """They may be contacted again, on a day of their own."""
        sent, origin, voice = self._read(body)
        day = ending_surface.read_in_touch(voice, sent, self.services.today(voice))
        await self._take(ack, sent, origin, day, endings.stay_in_touch)

    async def colleague(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """A colleague takes the case over; or all of them are asked."""
        sent, _origin, voice = self._read(body)
        origin = ColleagueOrigin.carried_in(sent.view.private_metadata)
        call = colleague_surface.read(voice, sent, origin)
        if not isinstance(call, Refused) and call.to and not await is_a_colleague(client, sent.team.id, call.to):
            call = colleague_surface.nobody_there(voice)
        if isinstance(call, Refused):
            await ack(response_action="errors", errors=call.errors)
            return
        pressed, words = _from_form(sent, origin), call.words
        if call.to:
            await self._hand_over(pressed, call.to, words, origin.response_url)
        else:
            await self.gesture(
                pressed,
                lambda coach, session, pressed, now: colleagues.ask(coach, session, pressed, words or "", now),
                origin.response_url,
            )
        self.services.nudge()
        await ack()

    async def _hand_over(self, pressed: Pressed, to: str, note: str | None, response_url: str | None) -> None:
        services = self.services
        given = await services.database.write(
            lambda session: colleagues.hand_over(services.coach, session, pressed, to, note, services.now())
        )
        if not isinstance(given, Handed):
            await self.redraw(given, response_url)
        elif response_url:
            message = surface.handed_over(services.voice(given.member), given, undo=True)
            await services.redraw(response_url, message)

    async def _take(
        self,
        ack: AsyncAck,
        sent: Submission,
        origin: Origin,
        read: T | Refused,
        make: Callable[[Coach, Session, Pressed, T, datetime], Card],
    ) -> None:
        """What was read of a form: errors beside its fields, or the gesture that it asks for."""
        if isinstance(read, Refused):
            await ack(response_action="errors", errors=read.errors)
            return
        await self.gesture(
            _from_form(sent, origin),
            lambda coach, session, pressed, now: make(coach, session, pressed, read, now),
            origin.response_url,
        )
        await ack()

    def _read(self, body: Payload) -> tuple[Submission, Origin, Voice]:
        sent = Submission.model_validate(body)
        origin = Origin.carried_in(sent.view.private_metadata)
        return sent, origin, self.services.voice_for(origin)


def _from_form(sent: Submission, origin: Origin) -> Pressed:
    return Pressed(
        sent.team.id,
        sent.user.id,
        origin.case_id,
        origin.revision,
        message_ts=origin.message_ts,
        response_url=origin.response_url,
    )
