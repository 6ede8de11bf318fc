"""The record: what happened in a case, its correction, and the search from which a manager reaches any of them."""

import re
from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.coaching import corrections, forgetting, members, record
from bot.coaching.cases import Card
from bot.coaching.errors import Declined, Reason
from bot.listeners.context import Payload, Services
from bot.listeners.drafts import with_draft
from bot.surfaces import cases as case_surface
from bot.surfaces import forgetting as forgetting_surface
from bot.surfaces import ids
from bot.surfaces import record as surface
from bot.surfaces.blocks import View
from bot.surfaces.forms import Opener, Origin, Refused
from bot.surfaces.ids import RecordAsk
from bot.surfaces.payloads import Press, Submission
from bot.surfaces.presses import Carried
from bot.surfaces.record import CorrectOrigin


def register(app: AsyncApp, services: Services) -> None:
    """Listen for what is pressed in the record, and for its forms."""
    listeners = Record(services)
    app.action(re.compile(f"^{re.escape(ids.RECORD_PRESS)}\\."))(listeners.press)
    app.view(ids.CUSTOMER_FORM)(listeners.search)
    app.view(ids.CORRECT_FORM)(listeners.correct)


@dataclass(frozen=True)
class Record:
    """The listeners of this feature."""

    services: Services

    async def from_card(self, press: Press, carried: Carried, client: AsyncWebClient) -> None:
        """What happened in the case of a card."""
        origin = Origin(
            case_id=carried.case_id,
            revision=carried.revision,
            response_url=press.response_url,
            message_ts=press.container.message_ts,
        )
        view = await self._history((press.team.id, press.user.id), origin)
        await client.views_open(trigger_id=press.trigger_id, view=view)

    async def press(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """A customer to look for, the history of a case, or its correction."""
        press = Press.model_validate(body)
        who = (press.team.id, press.user.id)
        ask, _, number = (press.used.value or "").partition(":")
        if press.view is None or not (ask == RecordAsk.CUSTOMER or ids.is_number(number)):
            raise Declined(Reason.GONE)
        match ask:
            case RecordAsk.CUSTOMER:
                manager = await self.services.database.read(members.require_manager, *who)
                view = surface.customer(self.services.voice(manager))
                await client.views_push(trigger_id=press.trigger_id, view=view)
            case RecordAsk.HISTORY:
                view = await self._history(who, Origin(case_id=int(number), revision=0))
                await self.services.put(client, press.view.id, view)
            case RecordAsk.CORRECT:
                origin = Origin.carried_in(press.view.private_metadata)
                view = await self._correct(who, origin, press.view.id)
                await client.views_push(trigger_id=press.trigger_id, view=view)
            case RecordAsk.FORGET:
                view = await self._forget(who, int(number))
                await self.services.put(client, press.view.id, view)
        await ack()

    async def search(self, ack: AsyncAck, body: Payload) -> None:
        """The customers of a name, with their cases."""
        sent = Submission.model_validate(body)
        voice = self.services.voice_for(Opener.carried_in(sent.view.private_metadata))
        name = surface.read_customer(voice, sent)
        if isinstance(name, Refused):
            await ack(response_action="errors", errors=name.errors)
            return
        _, found = await self.services.database.read(record.search, sent.team.id, sent.user.id, name)
        await ack(response_action="update", view=surface.found(voice, name, found))

    async def correct(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """How it really ended: the history below says so, and so does the card."""
        sent = Submission.model_validate(body)
        services, who, now = self.services, (sent.team.id, sent.user.id), self.services.now()
        origin = CorrectOrigin.carried_in(sent.view.private_metadata)
        read = surface.read_correct(services.voice_for(origin), sent, now)
        if isinstance(read, Refused):
            await ack(response_action="errors", errors=read.errors)
            return

        def correct(session: Session) -> Card:
            return corrections.correct(services.coach, session, *who, origin.case_id, origin.revision, *read, now)

        card = await services.database.write(correct)
        services.nudge()
        await ack()
        await services.put(client, origin.view_id, await self._history(who, origin))
        if origin.response_url:
            await services.redraw(origin.response_url, case_surface.card(services.voice(card.member), card))

    async def _history(self, who: tuple[str, str], origin: Origin) -> View:
        told = await self.services.database.read(record.history, *who, origin.case_id)
        books = self.services.coach.spoken(told.member.locale).all
        return surface.history(self.services.voice(told.member), told, books, origin)

    async def _correct(self, who: tuple[str, str], origin: Origin, view_id: str) -> View:
        case, _, member = await self.services.database.read(record.may_see, *who, origin.case_id)
        if not corrections.ways(case):
            raise Declined(Reason.NOTHING_TO_CORRECT)
        over = CorrectOrigin(**{**origin.model_dump(), "revision": case.revision}, view_id=view_id)
        view = surface.correct(self.services.voice(member), case, over, self.services.now())
        return await with_draft(self.services, who, view)

    async def _forget(self, who: tuple[str, str], customer_id: int) -> View:
        asked = await self.services.database.read(forgetting.ask, *who, customer_id)
        return forgetting_surface.confirm(self.services.voice(asked.member), asked)
