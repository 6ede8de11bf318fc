"""The kinds of rows in the outbox, and how each is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from sqlmodel import Session

from bot.coaching import calendar, colleagues, members, posts, reminders, searches, sights, stories, tellings, verifiers
from bot.coaching.calendar import Clock
from bot.coaching.coach import CARD, Coach
from bot.coaching.due import due_now
from bot.coaching.errors import Declined, Reason
from bot.coaching.members import Profile
from bot.jobs.outbox import Delivery, refusal
from bot.storage.database import Database
from bot.storage.models import Member, OutboxRow
from bot.storage.outbox import Sent
from bot.surfaces import cases as case_surface
from bot.surfaces import colleagues as colleague_surface
from bot.surfaces import reminders as reminder_surface
from bot.surfaces import searches as search_surface
from bot.surfaces import stories as story_surface
from bot.surfaces import verifiers as queue_surface
from bot.surfaces.blocks import Message
from bot.surfaces.payloads import User
from bot.surfaces.words import Voice, Words

_MESSAGE_IS_GONE = ("message_not_found", "cant_update_message", "channel_not_found")
_VIEW_IS_GONE = ("not_found", "view_not_found")
_METADATA = "comeback_outbox"
_OK, _TOO_MANY, _SERVER_ERROR = 200, 429, 500


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

    async def to_member(self, row: OutboxRow, member: Member, message: Message) -> Sent:
        """Post in the member's DM with the app."""
        return await self.to_channel(row, member.dm_channel or await self._open_dm(row), message)

    async def to_channel(self, row: OutboxRow, channel: str, message: Message) -> Sent:
        """Post in a channel; the row's key travels along, so that a repeat can be recognised."""
        metadata = {"event_type": _METADATA, "event_payload": {"key": row.key}}
        posted = await self.slack.api_call(
            "chat.postMessage", json={**message, "channel": channel, "metadata": metadata}
        )
        return Sent(channel, str(posted["ts"]))

    async def in_place(self, row: OutboxRow, message: Message) -> Sent | None:
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

    async def _open_dm(self, row: OutboxRow) -> str:
        opened = await self.slack.conversations_open(users=row.user_id)
        channel = str(opened["channel"]["id"])
        await self.database.write(members.remember_dm, row.team_id, row.user_id, channel)
        return channel


@dataclass(frozen=True)
class CardCopies:
    """The copy of a card in the DM: posted once, then kept up to date."""

    post: Post
    coach: Coach

    async def send(self, row: OutboxRow) -> Sent | None:
        """Post or update the copy as the case stands now."""
        whose = (row.team_id, row.user_id, row.subject_id or 0)
        try:
            # The story that it brings is kept with the case.
            card = await self.post.database.write(self.coach.show, *whose, self.post.clock.now())
        except Declined as declined:
            return await self._handed_over(row) if declined.reason is Reason.NOT_YOURS else None
        message = case_surface.card(self.post.voice(card.member), card)
        return await self.post.in_place(row, message) or await self.post.to_member(row, card.member, message)

    async def _handed_over(self, row: OutboxRow) -> Sent | None:
        """What stands in the place of a copy whose case was handed on; nothing new is posted for that."""
        whose = (row.team_id, row.user_id, row.subject_id or 0)
        try:
            handed = await self.post.database.read(colleagues.find_handed, *whose)
        except Declined:
            return None
        undo = handed.can_undo(self.post.clock.now())
        message = case_surface.handed_over(self.post.voice(handed.member), handed, undo=undo)
        return await self.post.in_place(row, message)

    def sent(self, session: Session, row: OutboxRow, now: datetime) -> None:
        """Nothing follows from a copy."""


@dataclass(frozen=True)
class Reminders:
    """A promise that is due."""

    post: Post

    async def send(self, row: OutboxRow) -> Sent | None:
        """Post the reminder, unless the task is done, dropped, or no longer this member's."""
        try:
            reminder = await self.post.database.write(
                due_now, row.team_id, row.user_id, row.subject_id or 0, self.post.clock.now()
            )
        except Declined:
            return None
        if reminder is None:
            return None
        message = reminder_surface.reminder(self.post.voice(reminder.member), reminder)
        return await self.post.to_member(row, reminder.member, message)

    def sent(self, session: Session, row: OutboxRow, now: datetime) -> None:
        """A promise to somebody who leaves comes back until it is kept."""
        reminders.ask_again(session, reminders.find(session, row.team_id, row.user_id, row.subject_id or 0), now)


@dataclass(frozen=True)
class MemberLookups:
    """A member of whom we know nothing, or nothing fresh: ask Slack for what it knows."""

    post: Post

    async def send(self, row: OutboxRow) -> Sent | None:
        """Look the member up and keep what Slack says."""
        found = await self.post.slack.users_info(user=row.user_id, include_locale=True)
        user = User.model_validate(found["user"])
        profile = Profile(user.tz, user.locale, user.runs_the_workspace)
        await self.post.database.write(members.learn, row.team_id, row.user_id, profile, row.due_at)
        return Sent()

    def sent(self, session: Session, row: OutboxRow, now: datetime) -> None:
        """Nothing follows from a look-up."""


@dataclass(frozen=True)
class Posts:
    """What is said in a channel on a member's behalf."""

    post: Post

    async def send(self, row: OutboxRow) -> Sent | None:
        """Say it in the channel that the team chose."""
        posted = await self.post.database.read(posts.find, row.team_id, row.subject_id or 0)
        if posted is None:
            return None
        voice = self.post.words.voice(None, calendar.zone(None))
        return await self.post.to_channel(row, posted.post.channel, colleague_surface.post(voice, posted))

    def sent(self, session: Session, row: OutboxRow, now: datetime) -> None:
        """Nothing follows: what has to be told to the customer is a task of its own."""


@dataclass(frozen=True)
class Sights:
    """What only one member sees, and on which a story stands that is told no more: a card, or a search."""

    post: Post
    coach: Coach

    async def send(self, row: OutboxRow) -> Sent | None:
        """Redraw it where it stands, while Slack still reaches it."""
        place, now = sights.place_of(row.key), self.post.clock.now()
        sight = await self.post.database.read(sights.find, row.team_id, place, now)
        if sight is None:
            return None
        if sight.response_url is None:
            return await self._search(row, place)
        return await self._card(row, sight.case_id or 0, sight.response_url)

    async def _search(self, row: OutboxRow, place: str) -> Sent | None:
        now = self.post.clock.now()
        found = await self.post.database.write(
            lambda session: searches.again(self.coach, session, row.team_id, place, now)
        )
        if found is None:
            return None
        view = search_surface.found(self.post.voice(found.member), place, found)
        try:
            await self.post.slack.views_update(external_id=place, view=view)
        except SlackApiError as error:
            if refusal(error) in _VIEW_IS_GONE:
                return None
            raise
        return Sent()

    async def _card(self, row: OutboxRow, case_id: int, response_url: str) -> Sent | None:
        whose = (row.team_id, row.user_id, case_id)
        try:
            card = await self.post.database.write(
                self.coach.show, *whose, self.post.clock.now(), response_url=response_url
            )
        except Declined:
            return None
        message = case_surface.card(self.post.voice(card.member), card)
        webhook = AsyncWebhookClient(response_url, session=self.post.slack.session)
        answer = await webhook.send_dict({**message, "replace_original": True})
        if answer.status_code == _TOO_MANY or answer.status_code >= _SERVER_ERROR:
            raise aiohttp.ClientError(f"http_{answer.status_code}")
        return Sent() if answer.status_code == _OK else None

    def sent(self, session: Session, row: OutboxRow, now: datetime) -> None:
        """Nothing follows: what stands there now is kept with the card."""


@dataclass(frozen=True)
class StoryQueue:
    """The stories that wait for a verifier, once a day at most; a message that stands is kept up to date."""

    post: Post

    async def send(self, row: OutboxRow) -> Sent | None:
        """Post or update what waits for this member now."""
        waiting = await self.post.database.read(verifiers.queue, row.team_id, row.user_id, queue_surface.QUEUE_MOST)
        if not (waiting.count or row.message_ts):
            return None
        message = queue_surface.queue(self.post.voice(waiting.member), waiting)
        return await self.post.in_place(row, message) or await self.post.to_member(row, waiting.member, message)

    def sent(self, session: Session, row: OutboxRow, now: datetime) -> None:
        """What still waits comes back in a week; a message that was brought up to date asks nobody anew."""
        if row.message_ts is None:
            verifiers.ask_again(session, row.team_id, row.user_id, now)


@dataclass(frozen=True)
class StoryWords:
    """What was decided of a story, or that its time is up: its author hears of it."""

    post: Post

    async def send(self, row: OutboxRow) -> Sent | None:
        """Tell them, while that is how it stands."""
        about = (row.team_id, row.subject_id or 0)
        if row.kind == stories.EXPIRY:
            word = await self.post.database.write(stories.expire, *about, self.post.clock.now())
        else:
            word = await self.post.database.read(stories.word, *about)
        if word is None:
            return None
        return await self.post.to_member(row, word.member, story_surface.word(self.post.voice(word.member), word))

    def sent(self, session: Session, row: OutboxRow, now: datetime) -> None:
        """Nothing follows: what the author does is theirs to do."""


@dataclass(frozen=True)
class StoryThanks:
    """A story that helped to keep somebody: its author is thanked."""

    post: Post

    async def send(self, row: OutboxRow) -> Sent | None:
        """Thank them, where it still holds."""
        thanks = await self.post.database.read(tellings.thanks, row.team_id, row.subject_id or 0)
        if thanks is None:
            return None
        message = story_surface.thanked(self.post.voice(thanks.author), thanks)
        return await self.post.to_member(row, thanks.author, message)

    def sent(self, session: Session, row: OutboxRow, now: datetime) -> None:
        """Nothing follows from thanks."""


def deliveries(post: Post, coach: Coach) -> Mapping[str, Delivery]:
    """How each kind of row is sent."""
    return {
        CARD: CardCopies(post, coach),
        reminders.KIND: Reminders(post),
        members.LOOK_UP: MemberLookups(post),
        posts.KIND: Posts(post),
        sights.KIND: Sights(post, coach),
        tellings.THANKS: StoryThanks(post),
        verifiers.KIND: StoryQueue(post),
        stories.WORD: StoryWords(post),
        stories.EXPIRY: StoryWords(post),
    }
