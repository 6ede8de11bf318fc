"""Homes that follow what changes, and the one message for somebody new."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.coaching import home as agendas
from bot.coaching import homes, setup
from bot.coaching.coach import Coach
from bot.jobs.outbox import Delivery
from bot.jobs.post import Post
from bot.storage.outbox import Claimed, Sent
from bot.surfaces import home as surface


@dataclass(frozen=True)
class Homes:
    """The Home of one member, or those of the managers who look at theirs."""

    post: Post
    coach: Coach

    async def send(self, row: Claimed) -> Sent | None:
        """Draw them as things stand."""
        if row.kind == homes.KIND:
            await self._draw(row.team_id, row.user_id)
            return Sent()
        now = self.post.clock.now()
        for user_id in await self.post.database.read(homes.of_managers, row.team_id, now):
            await self._draw(row.team_id, user_id)
        return Sent()

    async def _draw(self, team_id: str, user_id: str) -> None:
        now, most, books = self.post.clock.now(), surface.SHOWN_MOST, self.coach.spoken
        agenda = await self.post.database.read(agendas.at_home, team_id, user_id, most, books, now)
        voice = self.post.voice(agenda.member)
        view = surface.home(voice, agenda, now, self.post.command_prefix)
        await self.post.slack.views_publish(user_id=user_id, view=view)

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows."""


@dataclass(frozen=True)
class Welcomes:
    """One message for whoever is new, with one thing to do."""

    post: Post

    async def send(self, row: Claimed) -> Sent | None:
        """Say it, where it was not said and is wanted."""
        found = await self.post.database.read(setup.welcome, row.team_id, row.user_id)
        if found is None:
            return None
        return await self.post.to_member(row, found.member, surface.welcome(self.post.voice(found.member), found))

    def sent(self, session: Session, row: Claimed, _sent: Sent, now: datetime) -> None:
        """It is said once."""
        setup.welcomed(session, row.team_id, row.user_id, now)


def deliveries(post: Post, coach: Coach) -> Mapping[str, Delivery]:
    """How each kind of row of these is sent."""
    drawn = Homes(post, coach)
    return {homes.KIND: drawn, homes.MANAGERS: drawn, setup.WELCOME: Welcomes(post)}
