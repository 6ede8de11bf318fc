"""Forms that are closed midway: what was typed is kept, as far as Slack tells, and stands there the next time."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.coaching import drafts
from bot.listeners.context import Payload, Services
from bot.surfaces import drafts as surface
from bot.surfaces.blocks import View
from bot.surfaces.forms import Opener
from bot.surfaces.payloads import Filled


def register(app: AsyncApp, services: Services) -> None:
    """Listen for what is closed, and stand beside what is sent."""
    listeners = Drafts(services)
    app.middleware(listeners.watch)
    app.view_closed(re.compile(f"^({'|'.join(map(re.escape, surface.FORMS))})$"))(listeners.keep)


@dataclass(frozen=True)
class Drafts:
    """The listeners of this feature."""

    services: Services

    async def keep(self, ack: AsyncAck, body: Payload) -> None:
        """Keep what was typed."""
        closed = Filled.model_validate(body)
        if typed := surface.typed(closed):
            whose = (closed.team.id, closed.user.id, closed.view.callback_id, surface.about_closed(closed))
            await self.services.database.write(drafts.keep, *whose, typed, self.services.now())
        await ack()

    async def watch(
        self,
        body: Payload,
        context: AsyncBoltContext,
        next: Callable[[], Awaitable[None]],  # noqa: A002 - Bolt hands it over by this name
    ) -> None:
        """What was brought back into a form is kept until the form is taken; one with errors is not."""
        if body.get("type") == "view_submission":
            sent = Filled.model_validate(body)
            if sent.view.callback_id in surface.FORMS and surface.brings_back(sent):
                context["ack"] = _Taken(partial(self._let_go, sent))
        await next()

    async def _let_go(self, sent: Filled) -> None:
        whose = (sent.team.id, sent.user.id, sent.view.callback_id, surface.about(sent.view.model_dump()))
        await self.services.database.write(drafts.let_go, *whose)


@dataclass
class _Taken(AsyncAck):
    """The answer to a form that was sent, and what follows where it is taken."""

    let_go: Callable[[], Awaitable[None]]
    response: BoltResponse | None = None

    async def __call__(self, *said: Any, **told: Any) -> BoltResponse:
        if told.get("response_action") != "errors":
            await self.let_go()
        return await super().__call__(*said, **told)


async def with_draft(services: Services, who: tuple[str, str], view: View) -> View:
    """A form, with what this member had typed into it when they closed it; Slack tells when it is closed again."""
    form = str(view.get("callback_id"))
    if form not in surface.FORMS or view.get("notify_on_close"):
        return view
    draft = await services.database.read(drafts.find, *who, form, surface.about(view), services.now())
    voice = services.voice_for(Opener.carried_in(str(view["private_metadata"])))
    return {**(surface.restored(voice, view, draft) if draft else view), "notify_on_close": True}
