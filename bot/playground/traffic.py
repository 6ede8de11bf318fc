"""What Slack and the bot say to each other, kept for whoever wants to look."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_KEPT = 500

TO_BOT = "to bot"
FROM_BOT = "from bot"


@dataclass(frozen=True)
class Exchange:
    """One request and its answer; `milliseconds` is how long the answer took."""

    at: datetime
    direction: str
    name: str
    body: Any
    status: int
    answer: Any
    milliseconds: float

    def shown(self) -> dict[str, Any]:
        """The exchange as the page takes it."""
        return {
            "at": self.at.isoformat(),
            "direction": self.direction,
            "name": self.name,
            "body": self.body,
            "status": self.status,
            "answer": self.answer,
            "ms": self.milliseconds,
        }


class Traffic:
    """The latest exchanges, oldest first."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.exchanges: deque[Exchange] = deque(maxlen=_KEPT)

    def record(
        self, direction: str, name: str, body: Any, *, answer: Any, milliseconds: float, status: int = 200
    ) -> None:
        """Keep one exchange."""
        self.exchanges.append(Exchange(self._now(), direction, name, body, status, answer, milliseconds))
