"""How the outbox speaks to Slack: into a DM, into a channel, over a message that stands."""

from dataclasses import dataclass

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching import calendar, due, members
from bot.coaching.calendar import Clock
from bot.coaching.members import Profile
from bot.jobs.outbox import refusal
from bot.storage.database import Database
from bot.storage.models import Member
from bot.storage.outbox import Claimed, Sent
from bot.surfaces.blocks import Message
from bot.surfaces.payloads import User
from bot.surfaces.words import Voice, Words

_MESSAGE_IS_GONE = ("message_not_found", "cant_update_message", "channel_not_found")
_METADATA = "comeback_outbox"


@dataclass(frozen=True)
class Post:
    """What every delivery shares: the database, Slack, and the words."""

    database: Database
    slack: AsyncWebClient
    words: Words
    clock: Clock

    def voice(self, member: Member) -> Voice:
        """How to speak to this member."""
        return self.words.voice(member.locale, calendar.zone(member.timezone))

    async def to_member(self, row: Claimed, member: Member, message: Message, key: str | None = None) -> Sent:
        """Post in the member's DM with the app."""
        return await self.to_channel(row, member.dm_channel or await self._open_dm(row), message, key)

    async def to_channel(self, row: Claimed, channel: str, message: Message, key: str | None = None) -> Sent:
        """Post in a channel; the `key` travels along, the row's own where there is no other, to recognise a repeat."""
        metadata = {"event_type": _METADATA, "event_payload": {"key": key or row.key}}
        posted = await self.slack.api_call(
            "chat.postMessage", json={**message, "channel": channel, "metadata": metadata}
        )
        return Sent(channel, str(posted["ts"]))

    async def file_to_member(self, row: Claimed, member: Member, name: str, content: bytes, comment: str) -> Sent:
        """Put a file into the member's DM with the app, below a comment; nobody sees it before Slack has all of it.

        Slack tells of no message then, so there is no `message_ts`. The SDK writes the comment into an address, where
        others might keep it: nothing that is somebody's belongs into it.
        """
        channel = member.dm_channel or await self._open_dm(row)
        await self.slack.files_upload_v2(channel=channel, filename=name, content=content, initial_comment=comment)
        return Sent(channel)

    async def in_place(self, row: Claimed, message: Message) -> Sent | None:
        """Update the message that the row stands for; None where there is none any more."""
        if not (row.channel and row.message_ts):
            return None
        try:
            await self.slack.api_call("chat.update", json={**message, "channel": row.channel, "ts": row.message_ts})
        except SlackApiError as error:
            if refusal(error) in _MESSAGE_IS_GONE:
                return None
            raise
        return Sent(row.channel, row.message_ts)

    async def who_is(self, user_id: str) -> User:
        """Ask Slack who somebody is."""
        found = await self.slack.users_info(user=user_id, include_locale=True)
        return User.model_validate(found["user"])

    async def look_up(self, row: Claimed) -> User:
        """Ask Slack who a member is, and keep what it says."""
        user = await self.who_is(row.user_id)
        profile = Profile(user.tz, user.locale, user.runs_the_workspace)
        await self.database.write(due.learn, row.team_id, row.user_id, profile, self.clock.now())
        return user

    async def _open_dm(self, row: Claimed) -> str:
        opened = await self.slack.conversations_open(users=row.user_id)
        channel = str(opened["channel"]["id"])
        await self.database.write(members.remember_dm, row.team_id, row.user_id, channel)
        return channel
