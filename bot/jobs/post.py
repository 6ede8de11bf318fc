"""What every delivery shares: the database, Slack, the words, and the few ways in which something is sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from io import SEEK_END, BytesIO
from typing import BinaryIO

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.coaching import calendar, due, members
from bot.coaching.calendar import Clock
from bot.coaching.members import Profile
from bot.jobs.outbox import WithheldError, refusal
from bot.storage.database import Database
from bot.storage.models import Member
from bot.storage.outbox import Claimed, Sent
from bot.surfaces.blocks import Message
from bot.surfaces.channels import trouble_of
from bot.surfaces.payloads import Conversation, User
from bot.surfaces.words import Voice, Words

GONE = ("message_not_found",)
_OUT_OF_REACH = (*GONE, "cant_update_message", "channel_not_found")
# An app that was installed before it asked to look at channels is refused nothing.
_MAY_NOT_LOOK = ("missing_scope",)
_METADATA = "comeback_outbox"
_OK, _TOO_MANY, _SERVER_ERROR = 200, 429, 500
# A large file takes its time, and still no longer than a lease.
_UPLOAD = aiohttp.ClientTimeout(total=240)


@dataclass(frozen=True)
class Post:
    """What every delivery shares: the database, Slack, and the words."""

    database: Database
    slack: AsyncWebClient
    words: Words
    clock: Clock
    command_prefix: str = ""

    def voice(self, member: Member) -> Voice:
        """How to speak to this member."""
        return self.words.voice(member.locale, calendar.zone(member.timezone), self.clock.now())

    async def to_member(self, row: Claimed, member: Member, message: Message, key: str | None = None) -> Sent:
        """Post in the member's DM with the app."""
        return await self.to_channel(row, await self.dm_of(row, member), message, key)

    async def to_channel(self, row: Claimed, channel: str, message: Message, key: str | None = None) -> Sent:
        """Post in a channel; the `key` travels along, the row's own where there is no other, to recognise a repeat."""
        metadata = {"event_type": _METADATA, "event_payload": {"key": key or row.key}}
        posted = await self.slack.api_call(
            "chat.postMessage", json={**message, "channel": channel, "metadata": metadata}
        )
        return Sent(channel, str(posted["ts"]))

    async def look_at(self, channel: str) -> None:
        """Raise `WithheldError` where nothing for the team alone may be said: it may be shared since it was chosen."""
        try:
            found = await self.slack.conversations_info(channel=channel)
        except SlackApiError as error:
            if refusal(error) not in _MAY_NOT_LOOK:
                raise
            return
        if trouble := trouble_of(Conversation.model_validate(found["channel"])):
            raise WithheldError(trouble)

    async def file_to_member(self, row: Claimed, member: Member, name: str, content: bytes, comment: str) -> Sent:
        """Put a file of that name into the member's DM with the app."""
        return await self.bring_files(row, member, {name: await self.upload(name, BytesIO(content))}, comment)

    async def bring_files(self, row: Claimed, member: Member, uploaded: Mapping[str, str], comment: str) -> Sent:
        """Put files that Slack has, by their names its ids, into the member's DM with the app, all at once.

        Slack tells of no message, so there is no `message_ts`. The SDK writes the comment into an address, where others
        might keep it: nothing that is somebody's belongs into it.
        """
        channel = await self.dm_of(row, member)
        files: list[dict[str, str | None]] = [{"id": file_id, "title": name} for name, file_id in uploaded.items()]
        await self.slack.files_completeUploadExternal(files=files, channel_id=channel, initial_comment=comment)
        return Sent(channel, files=[*uploaded.values()])

    async def upload(self, name: str, file: BinaryIO) -> str:
        """Hand a file over, which nobody sees yet, and say by which id Slack has it.

        One that lies on a disk is read as it goes out, so that it may be of any size.
        """
        length = file.seek(0, SEEK_END)
        file.seek(0)
        place = await self.slack.files_getUploadURLExternal(filename=name, length=length)
        session = self.slack.session
        if session is None:
            raise TypeError("the client has no session")
        # The SDK would read a file as a whole.
        async with session.post(str(place["upload_url"]), data=file, timeout=_UPLOAD) as answer:
            if answer.status != _OK:
                raise SlackRequestError(f"a file was not uploaded: http_{answer.status}")
        return str(place["file_id"])

    async def in_place(self, row: Claimed, message: Message, gone: Collection[str] = _OUT_OF_REACH) -> Sent | None:
        """Update the message that the row stands for; None where there is none any more.

        In `gone` is what Slack says of one that needs no more. What may be posted anew needs none that is out of reach;
        what has to be emptied is still there for others to read.
        """
        if not (row.channel and row.message_ts):
            return None
        try:
            await self.slack.api_call("chat.update", json={**message, "channel": row.channel, "ts": row.message_ts})
        except SlackApiError as error:
            if refusal(error) in gone:
                return None
            raise
        return Sent(row.channel, row.message_ts)

    async def on_screen(self, response_url: str, message: Message) -> Sent | None:
        """Put it in the place of what only one member sees; None where Slack reaches that no more."""
        webhook = AsyncWebhookClient(response_url, session=self.slack.session)
        answer = await webhook.send_dict({**message, "replace_original": True})
        if answer.status_code == _TOO_MANY or answer.status_code >= _SERVER_ERROR:
            raise aiohttp.ClientError(f"http_{answer.status_code}")
        return Sent() if answer.status_code == _OK else None

    async def who_is(self, user_id: str) -> User:
        """Ask Slack who somebody is."""
        found = await self.slack.users_info(user=user_id, include_locale=True)
        return User.model_validate(found["user"])

    async def look_up(self, row: Claimed) -> User:
        """Ask Slack who a member is, and keep what it says. If they are gone, what they have promised is passed on."""
        user = await self.who_is(row.user_id)
        profile = Profile(user.tz, user.locale, user.runs_the_workspace)
        now = self.clock.now()
        await self.database.write(due.learn, row.team_id, row.user_id, profile, now, met_at=row.due_at)
        if user.deleted:
            await self.database.write(due.pass_on, row.team_id, row.user_id, now)
        return user

    async def dm_of(self, row: Claimed, member: Member) -> str:
        """The member's DM with the app."""
        if member.dm_channel:
            return member.dm_channel
        opened = await self.slack.conversations_open(users=row.user_id)
        channel = str(opened["channel"]["id"])
        await self.database.write(members.remember_dm, row.team_id, row.user_id, channel)
        return channel
