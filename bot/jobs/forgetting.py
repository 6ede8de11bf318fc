"""What stands in Slack of somebody who is forgotten: emptied, removed, or brought up to date."""

from dataclasses import dataclass
from datetime import datetime

from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.coaching import due, forgetting, members, sights
from bot.jobs.outbox import refusal
from bot.jobs.post import GONE, Post
from bot.storage.outbox import Claimed, Sent
from bot.surfaces import cases as case_surface
from bot.surfaces import reminders as reminder_surface
from bot.surfaces.blocks import Message

_FILE_IS_GONE = ("file_not_found", "file_deleted")


@dataclass(frozen=True)
class EmptiedMessages:
    """A message, or a card before one member's eyes alone, that was about somebody who is forgotten."""

    post: Post

    async def send(self, row: Claimed) -> Sent | None:
        """Let it say that something was removed, and nothing else."""
        member = await self.post.database.read(members.get, row.team_id, row.user_id)
        message = case_surface.forgotten(self.post.voice(member))
        place = forgetting.screen_of(row.key)
        return await self._on_screen(row, place, message) if place else await self.post.in_place(row, message, GONE)

    async def _on_screen(self, row: Claimed, place: str, message: Message) -> Sent | None:
        sight = await self.post.database.read(sights.find, row.team_id, place, self.post.clock.now())
        if sight is None or sight.response_url is None:
            return None
        return await self.post.on_screen(sight.response_url, message)

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows."""


@dataclass(frozen=True)
class Redrawn:
    """A reminder in the DM of which something is gone."""

    post: Post

    async def send(self, row: Claimed) -> Sent | None:
        """Show what is left of it; where nothing is, that something was removed."""
        left = await self.post.database.read(due.left_in, row.team_id, row.user_id, row.message_ts or "")
        voice = self.post.voice(left.member)
        message = (
            reminder_surface.brought(voice, left, self.post.clock.now())
            if left.reminders
            else case_surface.forgotten(voice)
        )
        return await self.post.in_place(row._replace(channel=await self.post.dm_of(row, left.member)), message, GONE)

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows."""


@dataclass(frozen=True)
class RemovedFiles:
    """A file of ours that names somebody who is forgotten."""

    post: Post

    async def send(self, row: Claimed) -> Sent | None:
        """Remove it; one that is gone already needs no more."""
        try:
            await self.post.slack.files_delete(file=forgetting.file_of(row.key))
        except SlackApiError as error:
            if refusal(error) not in _FILE_IS_GONE:
                raise
            return None
        return Sent()

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows."""
