"""Stories in and out of files, for whoever runs the command line: all of a file or none of it."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import typer
from sqlmodel import Session

from bot.coaching import members, stories, story_files
from bot.coaching.stories import What
from bot.coaching.story_files import Line, Mistake, Trouble
from bot.storage.database import Database
from bot.surfaces.words import Voice

_SAID_MOST = 50


class TransferError(Exception):
    """Why nothing was brought in or written out; each argument is a line of it."""


def import_stories(
    database: Database, voice: Voice, path: Path, team: str | None, author: str | None, now: datetime
) -> int:
    """Bring in the stories of a file, and say how many. None of them is verified by that.

    `author` is whoever imports: they wrote the stories that name nobody. Raises `TransferError`, and keeps nothing,
    where anything has to be mended first.
    """
    if author and not story_files.is_member_id(author):
        raise TransferError(f"--author {author}: {voice.label('error.file_author')}")
    with database.begin(writes=False) as session:
        team_id = _workspace(session, team)
        found = _read(path, author)
        lines = [each for each in found if isinstance(each, Line)]
        mistakes = [each for each in found if isinstance(each, Mistake)]
        mistakes += story_files.kept_already(session, team_id, lines)
        mistakes += story_files.without_worry(session, team_id, lines)
    if mistakes:
        raise TransferError(*_told(voice, path, mistakes))
    if lines:
        written = [(line.author, line.facts) for line in lines]
        # On SQLite nobody else can write meanwhile, so that this one does nothing but write.
        with (
            database.begin() as session,
            typer.progressbar(written, label="Keeping", file=sys.stderr, hidden=_nobody_watches()) as given,
        ):
            stories.add_all(session, team_id, given, What.IMPORTED, author, now)
    return len(lines)


def export_stories(database: Database, path: Path | None, team: str | None) -> int:
    """Write every story of a workspace to a file, or to standard output, and say how many. Raises `TransferError`."""
    with database.begin(writes=False) as session:
        team_id = _workspace(session, team)
        count = story_files.count(session, team_id)
        rows = story_files.written(story_files.all_of(session, team_id))
        if path is None:
            typer.get_binary_stream("stdout").writelines(rows)
            return count
        try:
            with (
                path.open("wb") as file,
                # The columns are a line too.
                typer.progressbar(rows, count + 1, label="Writing", file=sys.stderr, hidden=_nobody_watches()) as given,
            ):
                file.writelines(given)
        except OSError as error:
            raise TransferError(f"{path} cannot be written: {error.strerror}.") from None
    return count


def _workspace(session: Session, team: str | None) -> str:
    """The workspace that is meant: the one that was named, or the only one there is."""
    known = members.workspaces(session)
    if team is None and len(known) == 1:
        return known[0]
    if team is None:
        there = f"has several workspaces: {', '.join(known)}" if known else "does not know your workspace yet"
        raise TransferError(f"The database {there}. Say which one you mean with --team T…, its id in Slack.")
    if known and team not in known:
        raise TransferError(f"The database does not know the workspace {team}. It knows: {', '.join(known)}.")
    return team


def _read(path: Path, author: str | None) -> Sequence[Line | Mistake]:
    try:
        size = path.stat().st_size
        with (
            path.open("rb") as file,
            typer.progressbar(length=size, label="Reading", file=sys.stderr, hidden=_nobody_watches()) as bar,
        ):
            return [*story_files.read(_counted(story_files.lines_of(file), bar.update), author)]
    except OSError as error:
        raise TransferError(f"{path} cannot be read: {error.strerror}.") from None


def _counted(lines: Iterable[bytes], advance: Callable[[int], None]) -> Iterator[bytes]:
    for line in lines:
        advance(len(line))
        yield line


def _nobody_watches() -> bool:
    return not sys.stderr.isatty()


def _mistake(voice: Voice, mistake: Mistake) -> str:
    label, values = f"error.{mistake.name}", mistake.values
    if isinstance(words := values.get("words"), int) and words:
        return voice.counted(label, words)
    if mistake.name == Trouble.CELLS:
        values = {name: voice.counted(f"file_cells.{name}", int(str(count))) for name, count in values.items()}
    return voice.label(label).format(**values)


def _told(voice: Voice, path: Path, mistakes: Sequence[Mistake]) -> Iterator[str]:
    for each in sorted(mistakes, key=lambda mistake: mistake.line)[:_SAID_MOST]:
        field = f"{each.field}: " if each.field else ""
        yield f"{path}:{each.line}: {field}{_mistake(voice, each)}"
    if len(mistakes) > _SAID_MOST:
        yield f"… and {len(mistakes) - _SAID_MOST} more"
    yield "Nothing was kept. Please mend the file, and import it again."
