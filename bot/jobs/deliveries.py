"""The kinds of rows in the outbox, and how each is sent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.coaching import (
    calendar,
    colleagues,
    drafts,
    due,
    exports,
    forgetting,
    held,
    homes,
    members,
    posts,
    reconnecting,
    reminders,
    roles,
    searches,
    sights,
    stories,
    summaries,
    tellings,
    verifiers,
)
from bot.coaching.coach import Coach
from bot.coaching.copies import CARD, LEFT_BEHIND
from bot.coaching.errors import Declined, Reason
from bot.coaching.matching import Tale
from bot.coaching.summaries import Summary
from bot.jobs import approvals, home, meanwhile
from bot.jobs.exports import Exports, OnePage
from bot.jobs.forgetting import EmptiedMessages, Redrawn, RemovedFiles
from bot.jobs.outbox import Delivery, refusal
from bot.jobs.post import Post
from bot.jobs.roles import Invitations, UserGroups
from bot.storage import outbox
from bot.storage.models import Sight
from bot.storage.outbox import Claimed, Sent
from bot.surfaces import cases as case_surface
from bot.surfaces import colleagues as colleague_surface
from bot.surfaces import reminders as reminder_surface
from bot.surfaces import searches as search_surface
from bot.surfaces import stories as story_surface
from bot.surfaces import summaries as summary_surface
from bot.surfaces import verifiers as queue_surface
from bot.surfaces.blocks import Message
from bot.surfaces.calendar_file import FILE_NAME, calendar_file

_VIEW_IS_GONE = ("not_found", "view_not_found")
# A modal opens within the three seconds for which Slack keeps the way to it open.
_OPENS_WITHIN = timedelta(seconds=5)
_BLOCKS_REFUSED = ("invalid_blocks", "invalid_blocks_format")
# What a rep is asked about a case some time after the last press.
Ask = Callable[[Session, str, str, int, datetime], None]
_ASKS: Mapping[str, Ask] = {reminders.LEFT_OPEN: due.left_open, held.KIND: held.bring}


@dataclass(frozen=True)
class CardCopies:
    """The copy of a card in the DM: posted once, then kept up to date."""

    post: Post
    coach: Coach

    async def send(self, row: Claimed) -> Sent | None:
        """Post or update the copy as the case stands now."""
        whose = (row.team_id, row.user_id, row.subject_id or 0)
        try:
            # The story that it brings is kept with the case.
            card = await self.post.database.write(self.coach.show, *whose, self.post.clock.now())
        except Declined as declined:
            return await self._handed_over(row) if declined.reason is Reason.NOT_YOURS else None
        message = case_surface.card(self.post.voice(card.member), card)
        return await self.post.in_place(row, message) or await self.post.to_member(row, card.member, message)

    async def _handed_over(self, row: Claimed) -> Sent | None:
        """What stands in the place of a copy whose case was handed on; nothing new is posted for that."""
        whose = (row.team_id, row.user_id, row.subject_id or 0)
        try:
            handed = await self.post.database.read(colleagues.find_handed, *whose)
        except Declined:
            return None
        undo = handed.can_undo(self.post.clock.now())
        message = case_surface.handed_over(self.post.voice(handed.member), handed, undo=undo)
        return await self.post.in_place(row, message)

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows from a copy."""


@dataclass(frozen=True)
class LeftBehind:
    """A copy of a card whose case goes on in a newer message."""

    post: Post

    async def send(self, row: Claimed) -> Sent | None:
        """Show the way there, and nothing else."""
        member = await self.post.database.read(members.get, row.team_id, row.user_id)
        return await self.post.in_place(row, case_surface.left_behind(self.post.voice(member)))

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows."""


@dataclass(frozen=True)
class Alarms:
    """What is due for one member, in one message."""

    post: Post
    asks: Mapping[str, Ask]

    async def send(self, row: Claimed) -> Sent | None:
        """Bring what is due and still wanted; nothing to somebody who is gone."""
        whose, now = (row.team_id, row.user_id), self.post.clock.now()
        member = await self.post.database.read(members.find, *whose)
        if member is None or not members.is_known(member, now):
            user = await self.post.look_up(row)
            if user.deleted:
                return Sent()
        due_now = await self.post.database.write(self._round, *whose, self.post.clock.now())
        if not due_now.reminders:
            return Sent()
        message = reminder_surface.brought(self.post.voice(due_now.member), due_now, self.post.clock.now(), fresh=True)
        sent = await self.post.to_member(row, due_now.member, message, due_now.key)
        return replace(sent, told=[each.task.id or 0 for each in due_now.reminders])

    def _round(self, session: Session, team_id: str, user_id: str, now: datetime) -> due.Round:
        # What is asked at this very hour comes along.
        for row in outbox.take(session, team_id, user_id, self.asks, now):
            self.asks[row.kind](session, team_id, user_id, row.subject_id or 0, now)
        session.flush()
        return due.round_of(session, team_id, user_id, now)

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """What nobody answers comes again, and the alarm is set for the next. The Home says that it is overdue."""
        due.brought(session, row.team_id, row.user_id, sent.told, sent.message_ts, now)
        homes.follow(session, row.team_id, (row.user_id,), now)


@dataclass(frozen=True)
class CalendarFiles:
    """The calendar file that a member asked for."""

    post: Post

    async def send(self, row: Claimed) -> Sent | None:
        """Put all that they have promised into it, as it stands now."""
        whose = (row.team_id, row.user_id)
        coming = await self.post.database.read(reconnecting.coming, *whose, reconnecting.CALENDAR_MOST)
        voice = self.post.voice(coming.member)
        content = calendar_file(voice, coming.reminders, self.post.clock.now())
        comment = voice.text("reconnect/calendar")
        sent = await self.post.file_to_member(row, coming.member, FILE_NAME, content, comment)
        return replace(sent, told=[each.customer.id or 0 for each in coming.reminders if each.customer])

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Who is in it is remembered, in case that somebody is to be forgotten."""
        if sent.told:
            forgetting.keep_files(session, (row.team_id, row.user_id), sent.files, sent.told, row.due_at, now)


@dataclass(frozen=True)
class Summaries:
    """The weekly summary of a channel, and the rest of it in the thread below."""

    post: Post
    coach: Coach

    async def send(self, row: Claimed) -> Sent | None:
        """Count its week, and say it; without a chart where the workspace refuses one.

        The next week has its own before anything is said: whatever becomes of this one.
        """
        about = (row.team_id, row.subject_id or 0)
        if row.kind == summaries.SUMMARY:
            await self.post.database.write(summaries.plan, *about, self.post.clock.now())
        due_now = await self.post.database.read(summaries.due, *about, row.key)
        if due_now is None:
            return None
        await self.post.look_at(due_now.subscription.channel)
        voice = self.post.words.voice(None, calendar.zone(due_now.subscription.timezone), self.post.clock.now())
        channel = due_now.subscription.channel
        if row.kind == summaries.SUMMARY:
            return await self._say(
                row, channel, [summary_surface.channel(voice, due_now, drawn=on) for on in (True, False)]
            )
        above = await self.post.database.read(outbox.find, row.team_id, summaries.above(row.key))
        tales = await self.post.database.read(self._tales, row.team_id, due_now)
        books = self.coach.spoken(None).all
        told = [summary_surface.thread(voice, due_now, books, tales, drawn=on) for on in (True, False)]
        ts = above.message_ts if above else None
        return await self._say(row, channel, [{**each, "thread_ts": ts} for each in told])

    async def _say(self, row: Claimed, channel: str, told: Sequence[Message]) -> Sent:
        drawn, plain = told
        try:
            return await self.post.to_channel(row, channel, drawn)
        except SlackApiError as error:
            if refusal(error) not in _BLOCKS_REFUSED:
                raise
        return await self.post.to_channel(row, channel, plain)

    def _tales(self, session: Session, team_id: str, summary: Summary) -> Mapping[int, Tale]:
        ids = [each.story_id for each in summary.figures.stories]
        return self.coach.tales(session, team_id, ids, self.post.clock.now())

    def sent(self, session: Session, row: Claimed, _sent: Sent, now: datetime) -> None:
        """The rest goes below it at once."""
        if row.kind == summaries.SUMMARY:
            outbox.enqueue(session, summaries.rest(row, now))


@dataclass(frozen=True)
class Asked:
    """What a rep is asked about a case some time after the last press: how it ended, or whether it held."""

    post: Post
    ask: Ask

    async def send(self, row: Claimed) -> Sent | None:
        """Make it a promise of theirs, where there is still something to ask."""
        whose = (row.team_id, row.user_id, row.subject_id or 0)
        await self.post.database.write(self.ask, *whose, self.post.clock.now())
        return Sent()

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows: the alarm is set."""


@dataclass(frozen=True)
class MemberLookups:
    """A member of whom we know nothing, or nothing fresh: ask Slack for what it knows."""

    post: Post

    async def send(self, row: Claimed) -> Sent | None:
        """Look the member up and keep what Slack says."""
        await self.post.look_up(row)
        return Sent()

    def sent(self, session: Session, row: Claimed, _sent: Sent, now: datetime) -> None:
        """Who they are decides what stands on their Home, and in which hours and words."""
        member = members.find(session, row.team_id, row.user_id)
        if member and homes.is_open(member, now):
            outbox.enqueue(session, homes.redraw(row.team_id, row.user_id, now))


@dataclass(frozen=True)
class Posts:
    """What is said in a channel on a member's behalf."""

    post: Post

    async def send(self, row: Claimed) -> Sent | None:
        """Say it in the channel that the team chose."""
        posted = await self.post.database.read(posts.find, row.team_id, row.subject_id or 0)
        if posted is None:
            return None
        await self.post.look_at(posted.post.channel)
        voice = self.post.words.voice(None, calendar.zone(None), self.post.clock.now())
        return await self.post.to_channel(row, posted.post.channel, colleague_surface.post(voice, posted))

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows: what has to be told to the customer is a task of its own."""


@dataclass(frozen=True)
class Sights:
    """What only one member sees, and on which a story stands that is told no more: a card, or a search."""

    post: Post
    coach: Coach

    async def send(self, row: Claimed) -> Sent | None:
        """Redraw it where it stands, while Slack still reaches it."""
        place, now = sights.place_of(row.key), self.post.clock.now()
        sight = await self.post.database.read(sights.find, row.team_id, place, now)
        if sight is None:
            return None
        if sight.response_url is None:
            return await self._search(row, sight, now)
        return await self._card(row, sight, sight.response_url)

    async def _search(self, row: Claimed, sight: Sight, now: datetime) -> Sent | None:
        place = sight.place
        found = await self.post.database.write(
            lambda session: searches.again(self.coach, session, row.team_id, place, now)
        )
        if found is None:
            return None
        view = search_surface.found(self.post.voice(found.member), place, found)
        try:
            await self.post.slack.views_update(external_id=place, view=view)
        except SlackApiError as error:
            if refusal(error) not in _VIEW_IS_GONE:
                raise
            if now - sight.seen_at < _OPENS_WITHIN:
                # It may be about to open. The outbox looks again once that is over.
                raise aiohttp.ClientError("not_open_yet") from error
            return None
        return Sent()

    async def _card(self, row: Claimed, sight: Sight, response_url: str) -> Sent | None:
        whose, where = (row.team_id, row.user_id, sight.case_id or 0), sights.message_of(sight)
        try:
            card = await self.post.database.write(
                self.coach.show, *whose, self.post.clock.now(), response_url=response_url, message_ts=where
            )
        except Declined:
            return None
        message = case_surface.card(self.post.voice(card.member), card)
        return await self.post.on_screen(response_url, message)

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows: what stands there now is kept with the card."""


@dataclass(frozen=True)
class StoryQueue:
    """The stories that wait for a verifier, once a day at most; a message that stands is kept up to date."""

    post: Post

    async def send(self, row: Claimed) -> Sent | None:
        """Post or update what waits for this member now, and nothing new while they are away."""
        whose = (row.team_id, row.user_id)
        if not row.message_ts and await self.post.database.write(verifiers.put_off, *whose, self.post.clock.now()):
            return None
        waiting = await self.post.database.read(verifiers.queue, *whose, verifiers.QUEUE_MOST)
        if not (waiting.count or row.message_ts):
            return None
        message = queue_surface.queue(self.post.voice(waiting.member), waiting)
        return await self.post.in_place(row, message) or await self.post.to_member(row, waiting.member, message)

    def sent(self, session: Session, row: Claimed, _sent: Sent, now: datetime) -> None:
        """What still waits comes back in a week; a message that was brought up to date asks nobody anew."""
        if row.message_ts is None:
            verifiers.ask_again(session, row.team_id, row.user_id, now)


@dataclass(frozen=True)
class StoryWords:
    """What was decided of a story, or that its time is up: its author hears of it."""

    post: Post

    async def send(self, row: Claimed) -> Sent | None:
        """Tell them, while that is how it stands."""
        about = (row.team_id, row.subject_id or 0)
        if row.kind == stories.EXPIRY:
            word = await self.post.database.write(stories.expire, *about, self.post.clock.now())
        else:
            word = await self.post.database.read(stories.word, *about)
        if word is None:
            return None
        return await self.post.to_member(row, word.member, story_surface.word(self.post.voice(word.member), word))

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows: what the author does is theirs to do."""


@dataclass(frozen=True)
class StoryThanks:
    """A story that helped to keep somebody: its author is thanked."""

    post: Post

    async def send(self, row: Claimed) -> Sent | None:
        """Thank them, where it still holds."""
        thanks = await self.post.database.read(tellings.thanks, row.team_id, row.subject_id or 0)
        if thanks is None:
            return None
        message = story_surface.thanked(self.post.voice(thanks.author), thanks)
        return await self.post.to_member(row, thanks.author, message)

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows from thanks."""


@dataclass(frozen=True)
class OldDrafts:
    """What was typed into forms that were closed, once it is a day old."""

    async def send(self, _row: Claimed) -> Sent | None:
        """Nothing is said of it."""
        return Sent()

    def sent(self, session: Session, row: Claimed, _sent: Sent, now: datetime) -> None:
        """It is kept no longer, and the alarm is set for what will be next."""
        drafts.expire(session, row.team_id, row.user_id, now)


def deliveries(post: Post, coach: Coach) -> Mapping[str, Delivery]:
    """How each kind of row is sent."""
    return {
        CARD: CardCopies(post, coach),
        LEFT_BEHIND: LeftBehind(post),
        reminders.KIND: Alarms(post, _ASKS),
        **{kind: Asked(post, ask) for kind, ask in _ASKS.items()},
        reconnecting.CALENDAR: CalendarFiles(post),
        summaries.SUMMARY: Summaries(post, coach),
        summaries.THREAD: Summaries(post, coach),
        members.LOOK_UP: MemberLookups(post),
        posts.KIND: Posts(post),
        **meanwhile.deliveries(post),
        sights.KIND: Sights(post, coach),
        roles.KIND: Invitations(post),
        roles.GROUP: UserGroups(post),
        tellings.THANKS: StoryThanks(post),
        verifiers.KIND: StoryQueue(post),
        stories.WORD: StoryWords(post),
        stories.EXPIRY: StoryWords(post),
        **approvals.deliveries(post, coach),
        **home.deliveries(post, coach),
        exports.PAGE: OnePage(post, coach),
        forgetting.MESSAGE: EmptiedMessages(post),
        forgetting.FILE: RemovedFiles(post),
        due.REDRAWN: Redrawn(post),
        drafts.KIND: OldDrafts(),
    }


def slow_deliveries(post: Post, coach: Coach) -> Mapping[str, Delivery]:
    """The same for rows that take long."""
    return {exports.KIND: Exports(post, coach)}
