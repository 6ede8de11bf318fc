"""The command line: `python -m bot play | run | web | worker | migrate | manifest | check | import | export`."""

import json
import logging
import signal
import socket
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import aiohttp
import anyio
import typer
from alembic.util import CommandError
from pydantic import SecretStr, ValidationError
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped, warning_token_skipped
from slack_sdk.errors import SlackApiError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError

from bot import transfer
from bot.app import Bot, build, playbook_files_by_language, template_roots
from bot.coaching import calendar, prose
from bot.coaching.calendar import Clock, SystemClock
from bot.coaching.languages import DEFAULT, FALLBACK
from bot.coaching.prose import PlaybookError
from bot.config import Settings
from bot.storage.database import Database, is_fleeting
from bot.surfaces import ids
from bot.surfaces.manifest import command_of
from bot.surfaces.manifest import manifest as app_manifest
from bot.surfaces.proofreading import measure, proofread, told
from bot.surfaces.specimens import specimens
from bot.surfaces.stage import Specimen
from bot.surfaces.words import Voice, Words, WordsError
from bot.transfer import TransferError
from bot.web import validation
from bot.web.server import bind

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Comeback: stands beside a rep while a customer cancels.",
)
imports = typer.Typer(no_args_is_help=True, help="Bring in what a file has: all of it, or nothing.")
exports = typer.Typer(no_args_is_help=True, help="Write a file that an import reads.")
cli.add_typer(imports, name="import")
cli.add_typer(exports, name="export")
Workspace = Annotated[
    str | None, typer.Option("--team", help="The id of the workspace in Slack, where there is more than one.")
]

_WHERE = {
    "SLACK_BOT_TOKEN": "api.slack.com/apps, your app, OAuth & Permissions: Bot User OAuth Token (xoxb-…)",
    "SLACK_APP_TOKEN": "api.slack.com/apps, your app, Basic Information: App-Level Tokens, connections:write (xapp-…)",
    "SLACK_SIGNING_SECRET": "api.slack.com/apps, your app, Basic Information: Signing Secret",
}


@cli.command()
def run() -> None:
    """Everything in one process: Socket Mode with SLACK_APP_TOKEN, else HTTP with SLACK_SIGNING_SECRET."""
    settings = _settings()
    _need(settings.slack_bot_token, "SLACK_BOT_TOKEN")
    _warn_of_fleeting_disk(settings.database_url)
    if settings.slack_app_token:
        _start(_over_socket, settings)
    else:
        _need(settings.slack_signing_secret, "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
        _start(partial(_over_http, address=_bound(settings.host, settings.port, "PORT")), settings)


@cli.command()
def web() -> None:
    """HTTP only, beside one worker or more. Needs a database server."""
    settings = _settings()
    _need(settings.slack_bot_token, "SLACK_BOT_TOKEN")
    _need(settings.slack_signing_secret, "SLACK_SIGNING_SECRET")
    _refuse_sqlite(settings)
    _start(partial(_web_only, address=_bound(settings.host, settings.port, "PORT")), settings)


@cli.command()
def worker() -> None:
    """The clock only: sends what is due. Needs a database server."""
    settings = _settings()
    _need(settings.slack_bot_token, "SLACK_BOT_TOKEN")
    _refuse_sqlite(settings)
    _start(_worker_only, settings)


@cli.command()
def migrate() -> None:
    """Bring the database to this version's schema, as everything that uses it does at its start."""
    with _database(_settings()):
        typer.echo("The database is up to date.")


@cli.command()
def manifest(
    url: Annotated[
        str | None, typer.Option(help="Where Slack reaches the bot over HTTP: https://…/slack/events")
    ] = None,
) -> None:
    """Print the manifest to paste at api.slack.com/apps, Create New App, From a manifest."""
    typer.echo(json.dumps(_manifest(_settings(), url), indent=2))


@cli.command()
def check(
    slack: Annotated[
        bool, typer.Option("--slack", help="Ask Slack too, at SLACK_API_URL, what it would refuse. It needs no token.")
    ] = False,
) -> None:
    """Read every template and playbook, and say what is wrong, or worth another look, with file and line."""
    settings = _settings()
    roots = template_roots(settings.templates_dir)
    files = playbook_files_by_language(roots)
    found = proofread(roots, files)
    typer.echo("".join(f"Worth another look: {fault}\n" for fault in found if fault.doubt), nl=False)
    faults: Sequence[str] = [str(fault) for fault in found if not fault.doubt]
    try:
        words = Words(roots)
        books = prose.load_languages(files, words.heard_words())
    except (PlaybookError, WordsError) as error:
        _stop(*dict.fromkeys([*faults, str(error)]))
    shown = [
        each._replace(language=language)
        for language in files
        for each in specimens(_speaking(words, language), books[language], settings.command_prefix)
    ]
    # What was told with its own line is not told again with every surface that it stands on.
    faults = faults or told(((each, problem) for each in shown for problem in measure(each)), files)
    refused = _ask_slack(settings.slack_api_url, [each for each in shown if not each.fault], files) if slack else []
    if faults or refused:
        _stop(*faults, *refused)
    typer.echo(f"{_counted(words, files)}: all can be used.")
    if slack:
        typer.echo(f"{len(shown)} surfaces: Slack would take them all.")


def _speaking(words: Words, language: str) -> Voice:
    return words.voice(DEFAULT if language == FALLBACK else language, calendar.zone(None))


def _counted(words: Words, files: Mapping[str, Sequence[Path]]) -> str:
    playbooks, templates = len(files[FALLBACK]), len(_speaking(words, FALLBACK).language.names)
    others = [language for language in files if language != FALLBACK]
    more = f", and what is translated ({', '.join(others)})" if others else ""
    return f"{playbooks} playbooks, {templates} templates{more}"


def _ask_slack(api_url: str, shown: Sequence[Specimen], files: Mapping[str, Sequence[Path]]) -> Sequence[str]:
    verdict = anyio.run(validation.ask, api_url, shown)
    refused = told(verdict.refused, files)
    if verdict.because:
        return [*refused, f"Slack cannot be asked: {verdict.because}."]
    if verdict.unheard:
        return [
            *refused,
            f"Slack said nothing about {verdict.unheard} of {len(shown)} surfaces. Please try again later.",
        ]
    return refused


@cli.command()
def play(
    port: Annotated[int, typer.Option(help="Where the page is served.")] = 3000,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start without the sample history.")] = False,
    pseudo: Annotated[
        bool, typer.Option("--pseudo", help="Put an accent on every letter of the words: what has none is left behind.")
    ] = False,
) -> None:
    """The playground: a local Slack with the bot in it, on this machine only."""
    from bot.playground import play as playground
    from bot.playground import pseudo as accented
    from bot.playground import workspace
    from bot.playground.server import HOST

    address = _bound(HOST, port, "--port")
    _log("WARNING")

    people = accented.PEOPLE if pseudo else workspace.PEOPLE

    def ready(url: str) -> None:
        typer.echo(f"The playground is open at {url} (Ctrl+C closes it, and forgets everything).")

    with tempfile.TemporaryDirectory(prefix="comeback-words-") as folder:
        spoken = accented.settings(template_roots(_settings().templates_dir), Path(folder)) if pseudo else {}

        def start(given: Mapping[str, str], clock: Clock) -> AbstractAsyncContextManager[Bot]:
            return build(_settings(**given, **spoken), clock)

        app_manifest = _manifest(_settings(**spoken))
        _run(partial(playground.play, start, app_manifest, address, fresh=fresh, ready=ready, people=people))


@imports.command("stories")
def import_stories(
    file: Annotated[Path, typer.Argument(help="Comma-separated values (CSV) in UTF-8.")],
    team: Workspace = None,
    author: Annotated[
        str | None, typer.Option(help="Your member id in Slack: who wrote the stories that name nobody.")
    ] = None,
) -> None:
    """Bring in true stories. None of them is told before a verifier has looked at it."""
    settings = _settings()
    with _database(settings) as database:
        kept = transfer.import_stories(database, _voice(settings), file, team, author, SystemClock().now())
    if kept:
        typer.echo(f"Stories kept: {kept}. None of them is verified by that: they wait for somebody to verify them.")
    else:
        typer.echo(f"{file} has no story below its columns yet, so nothing was changed.")


@exports.command("stories")
def export_stories(
    file: Annotated[Path | None, typer.Argument(help="Where to write; standard output where it is left out.")] = None,
    team: Workspace = None,
) -> None:
    """Write every true story of a workspace as comma-separated values (CSV) in UTF-8."""
    with _database(_settings()) as database:
        written = transfer.export_stories(database, file, team)
    if file:
        typer.echo(f"Stories written: {written}.")


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    """The database, brought to this version's schema."""
    try:
        database = Database(settings.database_url, synchronous=settings.sqlite_synchronous)
        try:
            database.migrate()
            yield database
        finally:
            database.dispose()
    except TransferError as error:
        _stop(*error.args)
    except (ArgumentError, CommandError, ModuleNotFoundError, OperationalError, ProgrammingError) as error:
        _stop(_explained(error) or str(error))


async def _over_socket(bot: Bot) -> None:
    token = bot.settings.slack_app_token or SecretStr("")
    line = bot.socket_mode(token.get_secret_value())
    await line.connect()
    typer.echo(
        f"Comeback is connected to Slack. Type {command_of(bot.settings.command_prefix, ids.CANCEL)} help there."
    )
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(bot.serve_clock)
        tasks.start_soon(line.serve)


async def _over_http(bot: Bot, address: socket.socket) -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(bot.serve_clock)
        tasks.start_soon(_web_only, bot, address)


async def _web_only(bot: Bot, address: socket.socket) -> None:
    secret = bot.settings.slack_signing_secret or SecretStr("")
    host, port = address.getsockname()
    typer.echo(f"Comeback listens on http://{host}:{port}/slack/events")
    await bot.serve_web(secret.get_secret_value(), address)


async def _worker_only(bot: Bot) -> None:
    await bot.serve_clock()


def _manifest(settings: Settings, url: str | None = None) -> dict[str, object]:
    return app_manifest(_voice(settings), settings.command_prefix, url)


def _voice(settings: Settings) -> Voice:
    try:
        words = Words(template_roots(settings.templates_dir), settings.default_locale)
    except WordsError as error:
        _stop(str(error))
    return words.voice(None, calendar.zone(None))


def _settings(**given: str) -> Settings:
    """The settings of the environment, with those given here over them."""
    try:
        return Settings.model_validate({**Settings().model_dump(), **given})
    except ValidationError as error:
        faults = (f"{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors())
        _stop("A setting cannot be used.", *faults)


def _need(value: SecretStr | None, *names: str) -> None:
    """Say which variable is missing, and where to find what goes into it."""
    if value is None:
        either = " or ".join(names)
        _stop(f"{either} is not set. To find it:", *(f"  {name}: {_WHERE[name]}" for name in names))


def _refuse_sqlite(settings: Settings) -> None:
    if settings.database_url.startswith("sqlite"):
        _stop(
            "Several processes need a database server: one SQLite file serves one process.",
            "Set DATABASE_URL to a server, or use `python -m bot run`, which does everything in one process.",
        )


def _warn_of_fleeting_disk(url: str) -> None:
    file, mounts = make_url(url).database, Path("/proc/mounts")
    known = mounts.read_text(encoding="utf-8") if mounts.is_file() else ""
    if url.startswith("sqlite") and file and is_fleeting(Path(file).absolute(), known):
        typer.echo(
            f"Careful: {file} lies on a disk that the next deployment may wipe, and with it every case. "
            "Point DATABASE_URL at a file on a lasting disk.",
            err=True,
        )


def _bound(host: str, port: int, setting: str) -> socket.socket:
    """The address to serve at; said here, before anything is started, when somebody else has it."""
    try:
        return bind(host, port)
    except OSError as error:
        _stop(f"Port {port} cannot be had ({error.strerror}). Stop what runs there, or choose another with {setting}.")


def _start(serve: Callable[[Bot], Awaitable[None]], settings: Settings) -> None:
    _log(settings.log_level)

    async def work() -> None:
        async with build(settings) as bot:
            await bot.sign_in()
            await serve(bot)

    _run(work)


def _log(level: str) -> None:
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # At INFO these print the bodies of requests, and with them what customers said.
    for name in ("slack_bolt", "slack_sdk", "apscheduler"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
    # It warns of each transaction that is begun anew because it lost a race.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    # Bolt warns that `client` and `authorize` take the place of the token it sees; that is what they are for.
    meant = {warning_token_skipped(), warning_client_prioritized_and_token_skipped()}
    logging.getLogger("slack_bolt.AsyncApp").addFilter(lambda record: record.getMessage() not in meant)


def _run(work: Callable[[], Awaitable[None]]) -> None:
    """Work until asked to stop. What the installer can mend is said in a sentence, not in a traceback."""
    try:
        anyio.run(_until_asked_to_stop, work)
    except BaseExceptionGroup as group:
        said = [_explained(error) for error in _leaves(group)]
        if not all(said):
            raise
        _stop(*(line for line in said if line))


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _leaves(each)
    else:
        yield error


def _explained(error: BaseException) -> str | None:
    """What to mend, where whoever starts the bot can; None for what is a fault of the program."""
    match error:
        case PlaybookError() | WordsError():
            return str(error)
        case SlackApiError():
            where = "\n".join(f"  {name}: {place}" for name, place in _WHERE.items())
            return f"Slack does not accept this token: {error.response['error']}.\n{where}"
        case aiohttp.ClientConnectionError() | TimeoutError():
            return f"Slack cannot be reached: {error or type(error).__name__}."
        case ModuleNotFoundError():
            return (
                f"DATABASE_URL needs {error.name}, which is not installed. Begin it with postgresql:// or sqlite:///."
            )
        case ArgumentError():
            return f"DATABASE_URL cannot be used: {error}."
        case OperationalError() | ProgrammingError():
            return f"The database cannot be used: {str(error.orig).strip()}."
        case CommandError():
            return f"The database was left by a later version than this one: {error}. Install that version again."
    return None


async def _until_asked_to_stop(do: Callable[[], Awaitable[None]]) -> None:
    """Work until a signal asks to stop, and then take everything down in order."""
    async with anyio.create_task_group() as tasks:

        async def work() -> None:
            await do()
            tasks.cancel_scope.cancel()

        tasks.start_soon(work)
        with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
            async for _ in signals:
                break
        tasks.cancel_scope.cancel()


def _stop(*lines: str) -> NoReturn:
    typer.echo("\n".join(lines), err=True)
    raise typer.Exit(code=1)


if __name__ == "__main__":
    cli()
