"""Files that a manager asked for: made a page at a time, with a message that says how far they are."""

import logging
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlmodel import Session

from bot.coaching import exports, figures, forgetting
from bot.coaching.coach import Coach
from bot.coaching.exports import PAGE_MOST, After, Files, Running
from bot.coaching.figures import Figures
from bot.coaching.matching import Tale
from bot.jobs.outbox import refusal
from bot.jobs.post import Post
from bot.storage import outbox
from bot.storage.outbox import Claimed, Sent
from bot.surfaces import exports as surface
from bot.surfaces.blocks import Message

log = logging.getLogger(__name__)

_TOO_LARGE = ("file_upload_size_restricted", "file_too_large")
# So often at most somebody is told how far it is.
_TOLD_TIMES = 10
# What has failed so often, for an hour or so, would go on to; and while it tries, nobody can ask for another.
_ATTEMPTS_MOST = 8


@dataclass(frozen=True)
class Exports:
    """An export: it takes as long as it takes, beside whatever else is due."""

    post: Post
    coach: Coach
    page_most: int = PAGE_MOST

    async def send(self, row: Claimed) -> Sent | None:
        """Write the files, say meanwhile how far they are, and send them. Nothing is kept of them here."""
        running = await self.post.database.read(exports.find, row.team_id, row.subject_id or 0)
        if running is None:
            return None
        database, wish = self.post.database, running.wish
        if row.attempts > _ATTEMPTS_MOST:
            await self._tell(row, running, surface.given_up(self.post.voice(running.member), wish))
            return None
        count = await database.read(exports.count, row.team_id, wish)
        await self._tell(row, running, surface.progress(self.post.voice(running.member), wish, 0, count))
        voice = self.post.voice(running.member)
        with tempfile.TemporaryDirectory(prefix="comeback-export-") as folder:
            files = await self._write(row, running, Path(folder), count)
            try:
                sent = await self._bring(row, running, files) if files else None
            except SlackApiError as error:
                if refusal(error) not in _TOO_LARGE:
                    raise
                await self._tell(row, running, surface.too_large(voice, wish))
                return Sent()
        if sent is None:
            # Somebody else has taken it over.
            return None
        await database.write(_keep, row, running, sent, self.post.clock.now())
        try:
            books = self.coach.spoken(running.member.locale).all
            await self._tell(row, running, surface.done(voice, wish, count, books))
        except (TimeoutError, SlackClientError, aiohttp.ClientError) as error:
            # The files are there. To fail now would be to send them once more.
            log.warning("Export %s did not say that it is done: %s", running.export.id, type(error).__name__)
        return sent

    async def _bring(self, row: Claimed, running: Running, files: Files) -> Sent | None:
        """Hand over one file after the other, and then all at once; None where the row is not ours any more."""
        uploaded: dict[str, str] = {}
        for path in files.paths:
            if not await self.post.database.write(outbox.renew, row, self.post.clock.now()):
                return None
            with path.open("rb") as file:
                uploaded[path.name] = await self.post.upload(path.name, file)
        if not await self.post.database.write(outbox.renew, row, self.post.clock.now()):
            return None
        comment = self.post.voice(running.member).text("exports/files")
        return await self.post.bring_files(row, running.member, uploaded, comment)

    async def _write(self, row: Claimed, running: Running, folder: Path, count: int) -> Files | None:
        """All pages, each read in a transaction of its own; None where the row is not ours any more.

        Whoever is forgotten meanwhile may be in what was written by then: it is written anew.
        """
        database, voice, began = self.post.database, self.post.voice(running.member), self.post.clock.now()
        with Files(folder, running.wish) as files:
            after: After | None = None
            written = told = 0
            while True:
                page, after = await database.read(files.write, row.team_id, after, self.page_most)
                written += page
                if after is None:
                    break
                if not await database.write(outbox.renew, row, self.post.clock.now()):
                    return None
                if written * _TOLD_TIMES >= (told + 1) * count:
                    told = written * _TOLD_TIMES // max(count, 1)
                    message = surface.progress(voice, running.wish, written, max(count, written))
                    await self._tell(row, running, message)
        if running.wish.named and await database.read(forgetting.was_forgotten, row.team_id, began):
            return await self._write(row, running, folder, count)
        return files

    async def _tell(self, row: Claimed, running: Running, message: Message) -> None:
        """Put it where the message stands; where it does not yet, or does not any more, as a new one."""
        export = running.export
        place = row._replace(channel=export.channel, message_ts=export.message_ts)
        stands = await self.post.in_place(place, message) or await self.post.to_member(row, running.member, message)
        if stands.message_ts != export.message_ts:
            export.channel, export.message_ts = stands.channel, stands.message_ts
            whose = (row.team_id, row.subject_id or 0)
            await self.post.database.write(exports.stands_at, *whose, stands.channel, stands.message_ts)

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows: the files were remembered as soon as they were there."""


def _keep(session: Session, row: Claimed, running: Running, sent: Sent, now: datetime) -> None:
    """Remember files with names, in case that somebody is to be forgotten."""
    if running.wish.named:
        whose = (row.team_id, row.user_id)
        forgetting.keep_files(session, whose, sent.files, None, running.export.asked_at, now)


@dataclass(frozen=True)
class OnePage:
    """A period on a page, for a manager to forward."""

    post: Post
    coach: Coach

    async def send(self, row: Claimed) -> Sent | None:
        """Count its figures, draw the page, and send it."""
        running = await self.post.database.read(exports.find, row.team_id, row.subject_id or 0)
        if running is None:
            return None
        wish, now, voice = running.wish, self.post.clock.now(), self.post.voice(running.member)
        if row.attempts > _ATTEMPTS_MOST:
            return await self.post.to_member(row, running.member, surface.given_up(voice, wish))

        def look_up(session: Session) -> tuple[Figures, dict[int, Tale]]:
            found = figures.figures(session, row.team_id, wish.period, wish.filters)
            told = [each.story_id for each in found.stories]
            return found, dict(self.coach.tales(session, row.team_id, told, now))

        counted, tales = await self.post.database.read(look_up)
        books = self.coach.spoken(running.member.locale).all
        page = surface.page(voice, counted, wish.filters, books, tales)
        name = surface.page_name(wish.period)
        comment = voice.text("exports/page_file")
        return await self.post.file_to_member(row, running.member, name, page.encode(), comment)

    def sent(self, session: Session, row: Claimed, sent: Sent, now: datetime) -> None:
        """Nothing follows: the page names nobody."""
