"""Socket Mode, with a watchdog: a connection that has gone deaf is replaced by a new one (never revived)."""

import asyncio
import logging

import aiohttp
import anyio
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)

_LOOK_EVERY_SECONDS = 10.0
_CLOSE_SECONDS = 5.0


class Socket:
    """Keeps one working connection to Slack until it is stopped."""

    def __init__(
        self, app: AsyncApp, app_token: str, client: AsyncWebClient, *, look_every: float = _LOOK_EVERY_SECONDS
    ) -> None:
        self._app, self._token, self._client, self._look_every = app, app_token, client, look_every
        self._handler: AsyncSocketModeHandler | None = None

    async def serve(self) -> None:
        """Connect, and connect anew whenever the connection is lost, until cancelled."""
        try:
            while True:
                if not await self._is_alive():
                    await self._renew()
                await asyncio.sleep(self._look_every)
        finally:
            with anyio.CancelScope(shield=True):
                await self._drop()

    async def connect(self) -> None:
        """Connect once; raises what Slack refuses, so that a wrong token is met at start."""
        # The SDK's own asking tries again for ever, whatever the answer.
        opened = await self._client.apps_connections_open(app_token=self._token)
        handler = AsyncSocketModeHandler(self._app, self._token, web_client=self._client)
        handler.client.wss_uri = str(opened["url"])
        self._handler = handler
        await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it without types

    async def _is_alive(self) -> bool:
        return self._handler is not None and await self._handler.client.is_connected()

    async def _renew(self) -> None:
        await self._drop()
        try:
            await self.connect()
        except (TimeoutError, SlackClientError, aiohttp.ClientError, OSError) as error:
            log.warning("Socket Mode is not connected (%s); trying again", type(error).__name__)

    async def _drop(self) -> None:
        handler, self._handler = self._handler, None
        if handler is None:
            return
        closing = handler.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it without types
        try:
            await asyncio.wait_for(closing, _CLOSE_SECONDS)
        except TimeoutError:
            # Whoever is deaf does not say goodbye either.
            await handler.client.aiohttp_client_session.close()
