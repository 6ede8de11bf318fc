"""Exports: files that a manager asks for, from `/saves` or beside the figures."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.coaching import calendar, exports, library, members, periods
from bot.coaching.errors import Declined, Reason
from bot.coaching.exports import Wish
from bot.coaching.library import Library
from bot.coaching.periods import Period
from bot.listeners.context import Payload, Services
from bot.storage.models import Member
from bot.surfaces import exports as surface
from bot.surfaces import ids
from bot.surfaces.blocks import View
from bot.surfaces.forms import Refused
from bot.surfaces.ids import ExportAsk
from bot.surfaces.payloads import Press, Submission
from bot.surfaces.saves import Looked, Span

_WEEK = timedelta(days=7)


def register(app: AsyncApp, services: Services) -> None:
    """Listen for the buttons beside the figures, and for the form."""
    listeners = Exports(services)
    app.action(re.compile(f"^{re.escape(ids.EXPORT_PRESS)}\\."))(listeners.press)
    app.view(ids.EXPORT_FORM)(listeners.ask)


@dataclass(frozen=True)
class Exports:
    """The listeners of this feature."""

    services: Services

    async def form(self, who: tuple[str, str], looked: Looked) -> View:
        """The form, for what stands in the modal."""

        def look_up(session: Session) -> tuple[Member, Library]:
            return members.require_manager(session, *who), library.of(session, who[0])

        manager, shelf = await self.services.database.read(look_up)
        period = period_of(looked, self.services.now(), manager)
        books = self.services.coach.spoken(manager.locale).worked
        return surface.form(self.services.voice(manager), looked, period, shelf, books)

    async def press(self, ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        """The form, or the page at once."""
        press = Press.model_validate(body)
        who, ask = (press.team.id, press.user.id), press.used.value
        if press.view is None or ask not in list(ExportAsk):
            raise Declined(Reason.GONE)
        looked = Looked.carried_in(press.view.private_metadata)
        if ask == ExportAsk.FORM:
            view = await self.form(who, looked)
        else:
            manager = await self.services.database.read(members.require_manager, *who)
            period = period_of(looked, self.services.now(), manager)
            await self._begin(who, Wish(period, filters=looked.filters))
            view = surface.coming(self.services.voice(manager), page=True)
        await client.views_push(trigger_id=press.trigger_id, view=view)
        await ack()

    async def ask(self, ack: AsyncAck, body: Payload) -> None:
        """The files that were wished for, in the background."""
        sent = Submission.model_validate(body)
        voice = self.services.voice_for(Looked.carried_in(sent.view.private_metadata))
        wish = surface.read(voice, sent)
        if isinstance(wish, Refused):
            await ack(response_action="errors", errors=wish.errors)
            return
        await self._begin((sent.team.id, sent.user.id), wish)
        await ack(response_action="update", view=surface.coming(voice, page=False))

    async def _begin(self, who: tuple[str, str], wish: Wish) -> None:
        await self.services.database.write(exports.ask, *who, wish, self.services.now())
        self.services.nudge()


def period_of(looked: Looked, now: datetime, member: Member | None) -> Period:
    """The period that stands in the modal, as its member lives it."""
    where = calendar.zone(member.timezone if member else None)
    today = now.astimezone(where).date()
    if looked.first and looked.last:
        found = periods.between(looked.first, looked.last, where)
        if isinstance(found, Period):
            return found
    match looked.span:
        case Span.LAST_WEEK:
            return periods.week_of(today - _WEEK, where)
        case Span.LAST_MONTH:
            return periods.month_of(today, where).before()
        case Span.THIS_QUARTER:
            return periods.quarter_of(today, where)
        case Span.LAST_QUARTER:
            return periods.quarter_of(today, where).before()
    return periods.week_of(today, where)
