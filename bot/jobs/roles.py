"""Whoever is asked to manage the team hears of it, and a user group is looked through each day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.coaching import roles
from bot.jobs.post import Post
from bot.storage import outbox
from bot.storage.outbox import Claimed, Sent
from bot.surfaces import roles as surface

_A_DAY = timedelta(days=1)


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
        colleagues = [each for each in new if (await self.post.who_is(each)).works_in(row.team_id)]
        now = self.post.clock.now()
        await self.post.database.write(roles.keep_to_group, row.team_id, row.user_id, group, inside, colleagues, now)
        return Sent()

    def sent(self, session: Session, row: Claimed, _sent: Sent, now: datetime) -> None:
        """It is looked through again tomorrow."""
        outbox.enqueue(session, roles.group_due(row.team_id, row.user_id, now + _A_DAY))
