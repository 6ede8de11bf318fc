"""Two who have a case with the same customer are told of each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.coaching import meanwhile
from bot.jobs.outbox import Delivery
from bot.jobs.post import Post
from bot.storage.outbox import Claimed, Sent
from bot.surfaces import cases as case_surface


@dataclass(frozen=True)
class Meetings:
    """Somebody has opened a case with a customer of this member's."""

    post: Post

    async def send(self, row: Claimed) -> Sent | None:
        """Say who, while both are open."""
        met = await self.post.database.read(meanwhile.find, row.team_id, row.user_id, row.subject_id or 0)
        if met is None:
            return None
        return await self.post.to_member(row, met.member, case_surface.met(self.post.voice(met.member), met))

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows: they will talk."""


@dataclass(frozen=True)
class MeetingsAnew:
    """Somebody else has a case now, or it is open again: whoever has one with the same customer hears of it."""

    post: Post

    async def send(self, row: Claimed) -> Sent | None:
        """Let each have a row of its own."""
        await self.post.database.write(meanwhile.tell, row.team_id, row.subject_id or 0, self.post.clock.now())
        return Sent()

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows: they are on their way."""


def deliveries(post: Post) -> Mapping[str, Delivery]:
    """How each kind of row of these is sent."""
    return {meanwhile.KIND: Meetings(post), meanwhile.ANEW: MeetingsAnew(post)}
