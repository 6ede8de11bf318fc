"""Sending what is due: claim, look again whether it is still wanted, render, send, settle.

The claim is committed before anything is sent, and no transaction is open while Slack is asked. What fails in passing
is tried again later; what Slack refuses for good is parked, to be shown to somebody who can act.
"""

import asyncio
import logging
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Protocol

import aiohttp
from slack_sdk.errors import SlackClientError
from sqlmodel import Session

from bot.coaching.calendar import Clock
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.faults import without_rows
from bot.storage.outbox import Claimed, Sent

log = logging.getLogger(__name__)

_FIRST_PAUSE = timedelta(seconds=10)
_LONGEST_PAUSE = timedelta(hours=1)
_MOMENT = timedelta(microseconds=1)
_PASSING = frozenset(
    {
        "ratelimited",
        "rate_limited",
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "file_update_failed",
    }
)
_TOO_MANY = 429
_SERVER_ERROR = 500
_BATCHES_MOST = 1_000


class WithheldError(Exception):
    """What may not be said where it would go, by the name of the reason: as final as if Slack had refused it."""


class Delivery(Protocol):
    """How one kind of row is sent."""

    async def send(self, row: Claimed) -> Sent | None:
        """Send it and say where it stands, or None when it is no longer wanted. Slack's errors pass through."""
        ...

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """What follows from having sent it, in the transaction that settles the row."""
        ...


@dataclass
class Outbox:
    """The worker of one process. `owner` names it in the leases it takes.

    `patience` is how long one sending may take: a whole batch of them has to end within its lease. What is `slow` is
    sent beside the others, and renews its lease itself. What follows from a row that Slack refuses for good happens in
    `set_aside`, in the transaction that puts it there.
    """

    database: Database
    clock: Clock
    deliveries: Mapping[str, Delivery]
    slow: Mapping[str, Delivery] = field(default_factory=dict)
    patience: timedelta = timedelta(seconds=20)
    set_aside: Callable[[Session, Claimed, datetime], None] = lambda _session, _row, _now: None
    owner: str = field(default_factory=lambda: f"{os.getpid()}-{secrets.token_hex(4)}")
    _quiet: dict[str, datetime] = field(default_factory=dict)
    _given_back: Iterator[int] = field(default_factory=partial(count, 1))
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _at_work: asyncio.Lock = field(default_factory=asyncio.Lock)
    _beside: set[asyncio.Task[None]] = field(default_factory=set)

    def nudge(self) -> None:
        """Something may be due now: do not wait for the next tick."""
        self._wake.set()

    async def serve(self) -> None:
        """Send what is due at every nudge, until cancelled."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                try:
                    await self.deliver_due()
                except Exception as error:
                    # One bad tick must not end all of them; the leases bring the rows back.
                    log.exception("Sending what is due was interrupted", exc_info=without_rows(error))
        finally:
            for task in self._beside:
                task.cancel()
            await asyncio.gather(*self._beside, return_exceptions=True)

    async def rest(self) -> None:
        """Wait until nothing is being sent beside the others."""
        while self._beside:
            await asyncio.wait(self._beside)

    async def deliver_due(self) -> int:
        """Send everything that is due and say how many rows were taken."""
        async with self._at_work:
            taken = 0
            for _ in range(_BATCHES_MOST):
                rows = await self.database.write(outbox.claim, self.owner, self.clock.now())
                for row in sorted(rows, key=_rings):
                    if row.kind in self.slow:
                        self._begin(row)
                    else:
                        await self._deliver(row, self.patience.total_seconds())
                taken += len(rows)
                if not rows:
                    break
            return taken

    def _begin(self, row: Claimed) -> None:
        """Send a row beside the others. A task that nobody held could vanish in mid-work."""
        task = asyncio.create_task(self._deliver(row, None), name=f"outbox row {row.id}")
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _deliver(self, row: Claimed, seconds: float | None) -> None:
        quiet = self._quiet.get(row.team_id)
        if quiet and self.clock.now() < quiet:
            # Each a moment after the one before: so they keep their order.
            await self.database.write(outbox.give_back, row, quiet + next(self._given_back) * _MOMENT)
            return
        try:
            delivery = self.slow[row.kind] if row.kind in self.slow else self.deliveries[row.kind]
            async with asyncio.timeout(seconds):
                sent = await delivery.send(row)
        except (TimeoutError, SlackClientError, aiohttp.ClientError, WithheldError) as error:
            await self._failed(row, error)
        except Exception as error:
            # A row that cannot be sent must not keep those behind it waiting.
            log.exception("Outbox row %s (%s) is in trouble", row.id, row.kind, exc_info=without_rows(error))
            await self._failed(row, error)
        else:
            await self.database.write(_settle, delivery, row, self.clock.now(), sent)

    async def _failed(self, row: Claimed, error: Exception) -> None:
        now, name = self.clock.now(), _name(error)
        if _status(error) == _TOO_MANY:
            # Slack counts all that an app says in a workspace together.
            self._quiet[row.team_id] = now + _pause(row, error)
        if _passes(error):
            await self.database.write(outbox.postpone, row, now + _pause(row, error), name)
        else:
            await self.database.write(self._park, row, now, name)
        log.warning("Outbox row %s (%s), attempt %s: %s", row.id, row.kind, row.attempts, name)

    def _park(self, session: Session, row: Claimed, now: datetime, error: str) -> None:
        outbox.park(session, row, now, error)
        self.set_aside(session, row, now)


def _rings(row: Claimed) -> bool:
    """Alarms ring after what else was taken with them: what is asked of a member then comes along."""
    return row.key.startswith(outbox.ALARM)


def _settle(session: Session, delivery: Delivery, row: Claimed, now: datetime, sent: Sent | None) -> None:
    if outbox.settle(session, row, now, sent) and sent:
        delivery.sent(session, row, sent, now)


def refusal(error: Exception) -> str | None:
    """Slack's own name for why it refused, or ours; None where it said nothing that can be read."""
    if isinstance(error, WithheldError):
        return str(error)
    answered = getattr(getattr(error, "response", None), "data", None)
    return str(answered["error"]) if isinstance(answered, Mapping) and answered.get("error") else None


def _passes(error: Exception) -> bool:
    """Whether the same request may well succeed later."""
    name, status = refusal(error), _status(error)
    return name is None or name in _PASSING or status == _TOO_MANY or status >= _SERVER_ERROR


def _pause(row: Claimed, error: Exception) -> timedelta:
    """Slack's own Retry-After where it says so; else longer each time."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    asked = {str(name).lower(): str(value) for name, value in headers.items()}.get("retry-after", "")
    if asked.isdecimal():
        return timedelta(seconds=int(asked))
    return min(_FIRST_PAUSE * (1 << min(row.attempts - 1, 10)), _LONGEST_PAUSE)


def _status(error: Exception) -> int:
    # The SDK hands over its own response, or aiohttp's where it could not read the body.
    response = getattr(error, "response", None)
    return int(getattr(response, "status_code", getattr(response, "status", 0)))


def _name(error: Exception) -> str:
    """What went wrong, without anything that was said in the message."""
    status = _status(error)
    return refusal(error) or (f"http_{status}" if status else type(error).__name__)
