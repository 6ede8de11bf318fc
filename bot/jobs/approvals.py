"""Requests above the limits: to those who may decide, and on to the next while nobody does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.coaching import approvals, members, requests
from bot.coaching.coach import Coach
from bot.jobs.outbox import Delivery, refusal
from bot.jobs.post import Post
from bot.storage import outbox
from bot.storage.outbox import Claimed, Sent
from bot.surfaces import approvals as surface

_ACCOUNT_IS_GONE = ("account_inactive", "user_not_found", "user_disabled", "cannot_dm_bot", "users_not_found")


@dataclass(frozen=True)
class Requests:
    """A request in the DM of somebody who may decide; once it stands there it is kept up to date."""

    post: Post
    coach: Coach

    async def send(self, row: Claimed) -> Sent | None:
        """Post it while it waits, and say below it what was decided."""
        about = (row.team_id, row.user_id, row.subject_id or 0)
        request = await self.post.database.read(requests.find, *about)
        if request is None:
            return None
        title = self.coach.title_of(request.case, request.approval.key, request.member.locale)
        message = surface.request(self.post.voice(request.member), request, title)
        stands = await self.post.in_place(row, message)
        if stands or not requests.waits(request.approval):
            return stands
        try:
            return await self.post.to_member(row, request.member, message)
        except SlackApiError as error:
            if refusal(error) in _ACCOUNT_IS_GONE:
                await self.post.database.write(_go_on, row, self.post.clock.now())
            raise

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows: what happens while nobody decides has rows of its own."""


def _go_on(session: Session, row: Claimed, now: datetime) -> None:
    """The next one is asked at once; and Slack, whether this one is still there, so that they are not asked again."""
    approvals.widen(session, row.team_id, row.subject_id or 0, now)
    outbox.enqueue(session, members.look_up(row.team_id, row.user_id, now))


@dataclass(frozen=True)
class Waiting:
    """Some time after a request was made: see whether it waits still, and go on from there."""

    post: Post
    look: Callable[[Session, str, int, datetime], None]

    async def send(self, row: Claimed) -> Sent | None:
        """Do what has to be done by now, where nobody has decided."""
        await self.post.database.write(self.look, row.team_id, row.subject_id or 0, self.post.clock.now())
        return Sent()

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows: the rest are rows of their own."""


def deliveries(post: Post, coach: Coach) -> Mapping[str, Delivery]:
    """How each kind of row about a request is sent."""
    return {
        requests.KIND: Requests(post, coach),
        requests.NEXT: Waiting(post, approvals.widen),
        requests.SLOW: Waiting(post, approvals.slow),
    }
