"""Forms that are closed midway: what was typed is kept, as far as Slack tells, and stands there the next time."""

import re
from dataclasses import dataclass
from datetime import datetime

from slack_bolt.async_app import AsyncAck, AsyncApp
from sqlmodel import Session

from bot.coaching import drafts
from bot.listeners.context import Payload, Services
from bot.surfaces import drafts as surface
from bot.surfaces.blocks import View
from bot.surfaces.payloads import Closed
from bot.surfaces.words import Voice


def register(app: AsyncApp, services: Services) -> None:
    """Listen for what is closed."""
    app.view_closed(re.compile(f"^({'|'.join(map(re.escape, surface.FORMS))})$"))(Drafts(services).keep)


@dataclass(frozen=True)
class Drafts:
    """The listeners of this feature, and the way in which a form brings back what was typed."""

    services: Services

    async def keep(self, ack: AsyncAck, body: Payload) -> None:
        """Keep what was typed."""
        closed = Closed.model_validate(body)
        services, view, typed = self.services, closed.view, surface.typed(closed)
        if typed:
            whose = (closed.team.id, closed.user.id, view.callback_id, surface.about(view.model_dump()))
            await services.database.write(drafts.keep, *whose, typed, services.now())
        await ack()


def with_draft(session: Session, voice: Voice, team_id: str, user_id: str, view: View, now: datetime) -> View:
    """A form, with what this member had typed into it when they closed it; Slack tells when it is closed again."""
    if view["callback_id"] not in surface.FORMS:
        return view
    draft = drafts.take(session, team_id, user_id, str(view["callback_id"]), surface.about(view), now)
    return {**(surface.restored(voice, view, draft) if draft else view), "notify_on_close": True}
