"""A clock that can be moved on, so that what is due next week can be seen at once."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONDAY = 0
NINE = time(9)


class MovableClock:
    """The real time and whatever was added to it; from a fixed start it stands still between moves."""

    def __init__(self, start: datetime | None = None) -> None:
        self._stands_at = start.astimezone(UTC) if start else None
        self._ahead = timedelta()
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """This moment, in UTC."""
        return (self._stands_at or datetime.now(UTC)) + self._ahead

    def advance(self, by: timedelta) -> None:
        """Move on. Raises `ValueError` for a step back: time in a workspace only goes forward."""
        if by < timedelta():
            raise ValueError("the clock only moves on")
        self._ahead += by
        for listener in self._listeners:
            listener()

    def move_to(self, moment: datetime) -> None:
        """Move on to a moment that lies ahead."""
        self.advance(moment - self.now())

    def next_monday_nine(self, zone: ZoneInfo) -> datetime:
        """The next Monday at nine, where `zone` is."""
        here = self.now().astimezone(zone)
        days = (MONDAY - here.weekday()) % 7
        monday = datetime.combine(here.date() + timedelta(days=days), NINE, tzinfo=zone)
        return monday if monday > here else monday + timedelta(days=7)

    def on_move(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every move."""
        self._listeners.append(listener)
