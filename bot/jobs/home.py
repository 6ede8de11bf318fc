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
from bot.storage import outbox
from bot.storage.outbox import Claimed, Sent
from bot.surfaces import home as surface


@dataclass(frozen=True)
class Homes:
    """The Home of one member."""

    post: Post
    coach: Coach

    async def send(self, row: Claimed) -> Sent | None:
        """Draw it as things stand."""
        now, whose = self.post.clock.now(), (row.team_id, row.user_id)
        asked = (*whose, surface.SHOWN_MOST, self.coach.spoken, now)
        agenda = await self.post.database.read(agendas.at_home, *asked)
        view = surface.home(self.post.voice(agenda.member), agenda, now, self.post.command_prefix)
        await self.post.slack.views_publish(user_id=row.user_id, view=view)
        return Sent()

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows."""


@dataclass(frozen=True)
class ManagersHomes:
    """The Homes of the managers who look at theirs, when something has happened that is everybody's."""

    post: Post

    async def send(self, row: Claimed) -> Sent | None:
        """Let each have a row of its own: one that cannot be drawn keeps none of the others."""
        await self.post.database.write(homes.redraw_managers, row.team_id, self.post.clock.now())
        return Sent()

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows: they are on their way."""


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


def set_aside(session: Session, row: Claimed, now: datetime) -> None:
    """What Slack refuses for good stands on the managers' Homes, drawn anew for anything but a Home that it refuses."""
    if row.kind not in (homes.KIND, homes.MANAGERS):
        outbox.enqueue(session, homes.managers(row.team_id, row.user_id, now))


def deliveries(post: Post, coach: Coach) -> Mapping[str, Delivery]:
    """How each kind of row of these is sent."""
    return {homes.KIND: Homes(post, coach), homes.MANAGERS: ManagersHomes(post), setup.WELCOME: Welcomes(post)}
