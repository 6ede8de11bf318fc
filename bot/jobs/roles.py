"""Whoever is asked to manage the team hears of it, and a user group is looked through each day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.coaching import roles
from bot.jobs.outbox import refusal
from bot.jobs.post import Post
from bot.storage import outbox
from bot.storage.outbox import Claimed, Sent
from bot.surfaces import roles as surface

_A_DAY = timedelta(days=1)
# So many are looked up in one sending, which has to end in time.
_LOOKED_UP_MOST = 10
_NOBODY = ("user_not_found", "users_not_found", "user_not_visible")


@dataclass(frozen=True)
class Invitations:
    """Somebody who was asked to manage the team: one message, which changes with what becomes of it."""

    post: Post

    async def send(self, row: Claimed) -> Sent | None:
        """Tell them where they stand."""
        standing = await self.post.database.read(roles.standing, row.team_id, row.user_id)
        message = surface.asked(self.post.voice(standing.member), standing)
        return await self.post.in_place(row, message) or await self.post.to_member(row, standing.member, message)

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows until they answer."""


@dataclass(frozen=True)
class UserGroups:
    """The user group whose members are asked along."""

    post: Post

    async def send(self, row: Claimed) -> Sent | None:
        """Ask whoever is new in it, and let whoever has left it manage no longer."""
        group = await self.post.database.read(roles.group_of, row.team_id)
        if group is None:
            return None
        found = await self.post.slack.usergroups_users_list(usergroup=group.id)
        inside = [str(each) for each in found["users"]]
        new = await self.post.database.read(roles.newcomers, row.team_id, group, inside)
        about = {each: await self._works_here(row, each) for each in new[:_LOOKED_UP_MOST]}
        colleagues, others = ([each for each in about if about[each] is works] for works in (True, False))
        whose, now = (row.team_id, row.user_id), self.post.clock.now()
        await self.post.database.write(roles.keep_to_group, *whose, group, inside, colleagues, others, now)
        if len(new) > _LOOKED_UP_MOST:
            # The row is out of our hands by that, and comes again at once for the rest.
            await self.post.database.write(outbox.enqueue, roles.group_due(*whose, now))
        return Sent()

    async def _works_here(self, row: Claimed, user_id: str) -> bool:
        try:
            return (await self.post.who_is(user_id)).works_in(row.team_id)
        except SlackApiError as error:
            if refusal(error) not in _NOBODY:
                raise
            return False

    def sent(self, session: Session, row: Claimed, _sent: Sent, now: datetime) -> None:
        """It is looked through again tomorrow."""
        outbox.enqueue(session, roles.group_due(row.team_id, row.user_id, now + _A_DAY))
