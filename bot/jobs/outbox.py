"""Sending what is due: claim, look again whether it is still wanted, render, send, settle.

The claim is committed before anything is sent, and no transaction is open while Slack is asked. What fails in passing
is tried again later; what Slack refuses for good is parked, to be shown to somebody who can act.
"""

import asyncio
import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlmodel import Session

from bot.coaching.calendar import Clock
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.models import OutboxRow
from bot.storage.outbox import Sent

log = logging.getLogger(__name__)

_FIRST_PAUSE = timedelta(seconds=10)
_LONGEST_PAUSE = timedelta(hours=1)
_PASSING = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
_TOO_MANY = 429
_SERVER_ERROR = 500
_BATCHES_MOST = 1_000


class Delivery(Protocol):
    """How one kind of row is sent."""

    async def send(self, row: OutboxRow) -> Sent | None:
        """Send it and say where it stands, or None when it is no longer wanted. Slack's errors pass through."""
        ...

    def sent(self, session: Session, row: OutboxRow, now: datetime) -> None:
        """What follows from having sent it, in the transaction that settles the row."""
        ...


@dataclass
class Outbox:
    """The worker of one process. `owner` names it in the leases it takes."""

    database: Database
    clock: Clock
    deliveries: Mapping[str, Delivery]
    owner: str = field(default_factory=lambda: f"{os.getpid()}-{secrets.token_hex(4)}")
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _at_work: asyncio.Lock = field(default_factory=asyncio.Lock)

    def nudge(self) -> None:
        """Something may be due now: do not wait for the next tick."""
        self._wake.set()

    async def serve(self) -> None:
        """Send what is due at every nudge, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self.deliver_due()
            except Exception:
                # One bad tick must not end all of them; the leases bring the rows back.
                log.exception("Sending what is due was interrupted")

    async def deliver_due(self) -> int:
        """Send everything that is due and say how many rows were taken."""
        async with self._at_work:
            taken = 0
            for _ in range(_BATCHES_MOST):
                rows = await self.database.write(outbox.claim, self.owner, self.clock.now())
                for row in rows:
                    await self._deliver(row)
                taken += len(rows)
                if not rows:
                    break
            return taken

    async def _deliver(self, row: OutboxRow) -> None:
        delivery = self.deliveries[row.kind]
        try:
            sent = await delivery.send(row)
        except (TimeoutError, SlackClientError, aiohttp.ClientError) as error:
            await self._failed(row, error)
            return
        await self.database.write(_settle, delivery, row, self.clock.now(), sent)

    async def _failed(self, row: OutboxRow, error: Exception) -> None:
        now, name = self.clock.now(), _name(error)
        if _passes(error):
            await self.database.write(outbox.postpone, row, now + _pause(row, error), name)
        else:
            await self.database.write(outbox.park, row, now, name)
        log.warning("Outbox row %s (%s), attempt %s: %s", row.id, row.kind, row.attempts, name)


def _settle(session: Session, delivery: Delivery, row: OutboxRow, now: datetime, sent: Sent | None) -> None:
    if outbox.settle(session, row, now, sent) and sent:
        delivery.sent(session, row, now)


def _passes(error: Exception) -> bool:
    """Whether the same request may well succeed later."""
    if not isinstance(error, SlackApiError):
        return True
    status = error.response.status_code
    return error.response.get("error") in _PASSING or status == _TOO_MANY or status >= _SERVER_ERROR


def _pause(row: OutboxRow, error: Exception) -> timedelta:
    """Slack's own Retry-After where it says so; else longer each time."""
    if isinstance(error, SlackApiError):
        asked = {name.lower(): value for name, value in error.response.headers.items()}.get("retry-after")
        if asked and str(asked).isdecimal():
            return timedelta(seconds=int(asked))
    return min(_FIRST_PAUSE * (1 << min(row.attempts - 1, 10)), _LONGEST_PAUSE)


def _name(error: Exception) -> str:
    """What went wrong, without anything that was said in the message."""
    if isinstance(error, SlackApiError):
        return str(error.response.get("error") or f"http_{error.response.status_code}")
    return type(error).__name__
