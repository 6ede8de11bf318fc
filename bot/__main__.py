"""The command line: `python -m bot play | run | web | worker | migrate | manifest | check`."""

import json
import logging
import signal
import socket
from collections.abc import Awaitable, Callable
from typing import Annotated, NoReturn

import anyio
import typer
from pydantic import SecretStr, ValidationError
from slack_sdk.errors import SlackApiError

from bot.app import Bot, build, playbook_files, template_roots
from bot.coaching import calendar, playbooks
from bot.coaching.playbooks import PlaybookError
from bot.config import Settings
from bot.storage.database import Database
from bot.surfaces.manifest import manifest as app_manifest
from bot.surfaces.words import Words, WordsError

cli = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Comeback: stands beside a rep while a customer cancels."
)

_WHERE = {
    "SLACK_BOT_TOKEN": "api.slack.com/apps, your app, OAuth & Permissions: Bot User OAuth Token (xoxb-…)",
    "SLACK_APP_TOKEN": "api.slack.com/apps, your app, Basic Information, App-Level Tokens, scope connections:write (xapp-…)",
    "SLACK_SIGNING_SECRET": "api.slack.com/apps, your app, Basic Information: Signing Secret",
}


@cli.command()
def run() -> None:
    """Everything in one process: Socket Mode with SLACK_APP_TOKEN, else HTTP with SLACK_SIGNING_SECRET."""
    settings = _settings()
    _need(settings.slack_bot_token, "SLACK_BOT_TOKEN")
    if settings.slack_app_token:
        _start(_over_socket, settings)
    else:
        _need(settings.slack_signing_secret, "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
        _start(_over_http, settings)


@cli.command()
def web() -> None:
    """HTTP only, beside one worker or more. Needs a database server."""
    settings = _settings()
    _need(settings.slack_bot_token, "SLACK_BOT_TOKEN")
    _need(settings.slack_signing_secret, "SLACK_SIGNING_SECRET")
    _refuse_sqlite(settings)
    _start(_web_only, settings)


@cli.command()
def worker() -> None:
    """The clock only: sends what is due. Needs a database server."""
    settings = _settings()
    _need(settings.slack_bot_token, "SLACK_BOT_TOKEN")
    _refuse_sqlite(settings)
    _start(_worker_only, settings)


@cli.command()
def migrate() -> None:
    """Bring the database to this version's schema. SQLite does so by itself."""
    settings = _settings()
    database = Database(settings.database_url)
    database.migrate()
    database.dispose()
    typer.echo("The database is up to date.")


@cli.command()
def manifest(
    url: Annotated[
        str | None, typer.Option(help="Where Slack reaches the bot over HTTP: https://…/slack/events")
    ] = None,
) -> None:
    """Print the manifest to paste at api.slack.com/apps, Create New App, From a manifest."""
    settings = _settings()
    voice = Words(template_roots(settings.templates_dir)).voice(None, calendar.zone(None))
    typer.echo(json.dumps(app_manifest(voice, settings.command_prefix, url), indent=2))


@cli.command()
def check() -> None:
    """Read every template and playbook, and say what is wrong with file and line."""
    roots = template_roots(_settings().templates_dir)
    try:
        words, books = Words(roots), playbooks.load(playbook_files(roots))
    except (PlaybookError, WordsError) as error:
        _stop(str(error))
    voice = words.voice(None, calendar.zone(None))
    typer.echo(f"{len(books)} playbook, {len(voice.language.names)} templates: all can be used.")


@cli.command()
def play(
    port: Annotated[int, typer.Option(help="Where the page is served.")] = 3000,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start without the sample history.")] = False,
) -> None:
    """The playground: a local Slack with the bot in it, on this machine only."""
    from bot.playground import play as playground

    _free(port, "127.0.0.1", "--port")
    anyio.run(playground.play, port, fresh)


async def _over_socket(bot: Bot) -> None:
    token = bot.settings.slack_app_token or SecretStr("")
    line = bot.socket(token.get_secret_value())
    await line.connect()
    typer.echo("Comeback is connected to Slack. Type /cancel help there.")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(bot.serve_clock)
        tasks.start_soon(line.serve)


async def _over_http(bot: Bot) -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(bot.serve_clock)
        await _web_only(bot)
        tasks.cancel_scope.cancel()


async def _web_only(bot: Bot) -> None:
    settings = bot.settings
    secret = settings.slack_signing_secret or SecretStr("")
    typer.echo(f"Comeback listens on http://{settings.host}:{settings.port}/slack/events")
    await bot.web(secret.get_secret_value()).serve()


async def _worker_only(bot: Bot) -> None:
    await bot.serve_clock()


def _settings() -> Settings:
    try:
        return Settings()
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


def _free(port: int, host: str, setting: str) -> None:
    """Refuse a port that somebody else has, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            _stop(f"Port {port} is taken. Stop what runs there, or choose another with {setting}.")


def _start(serve: Callable[[Bot], Awaitable[None]], settings: Settings) -> None:
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # At INFO these print the bodies of requests, and with them what customers said.
    for name in ("slack_bolt", "slack_sdk", "apscheduler"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
    if serve in (_over_http, _web_only):
        _free(settings.port, settings.host, "PORT")

    async def work() -> None:
        async with build(settings) as bot:
            await _until_asked_to_stop(serve, bot)

    try:
        anyio.run(work)
    except (PlaybookError, WordsError) as error:
        _stop(str(error))
    except SlackApiError as error:
        _stop(
            f"Slack does not accept this token: {error.response['error']}.",
            *(f"  {name}: {where}" for name, where in _WHERE.items()),
        )


async def _until_asked_to_stop(serve: Callable[[Bot], Awaitable[None]], bot: Bot) -> None:
    """Work until a signal asks to stop, and then take everything down in order."""
    async with anyio.create_task_group() as tasks:

        async def work() -> None:
            await serve(bot)
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
