"""The composition root: everything is made and wired here, and nowhere else."""

import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import anyio
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot import listeners
from bot.coaching import calendar, prose, when
from bot.coaching.calendar import Clock, SystemClock
from bot.coaching.coach import Coach
from bot.coaching.languages import FALLBACK, locale_of, ways
from bot.coaching.ledger import Shelves
from bot.coaching.matching import Vocabulary
from bot.config import Settings
from bot.jobs import clock as ticking
from bot.jobs import home
from bot.jobs.deliveries import deliveries, slow_deliveries
from bot.jobs.outbox import Outbox
from bot.jobs.post import Post
from bot.listeners.context import Services
from bot.storage.database import Database
from bot.surfaces.words import Words, languages_in
from bot.web import server as web
from bot.web.socket import Socket

_PACKAGE = Path(__file__).parent
_SLACK_SECONDS = 10

Authorize = Callable[[], Awaitable[AuthorizeResult]]


def template_roots(templates_dir: Path | None = None) -> Sequence[Path]:
    """Where words are looked for: a team's own folder first, then the shipped one (of the wheel, or of a checkout)."""
    installed = _PACKAGE / "templates"
    shipped = installed if installed.is_dir() else _PACKAGE.parent / "templates"
    return [templates_dir, shipped] if templates_dir else [shipped]


def playbook_files(roots: Sequence[Path], language: str = FALLBACK) -> Sequence[Path]:
    """Every playbook by its name as it stands in a language, a team's own in the place of a shipped one.

    What translates a playbook lies beside it or above it: a team's own in English is not led past by a shipped
    translation of the one that it replaces.
    """
    found: dict[str, Path] = {}
    for root in reversed(roots):
        for name in reversed(ways(locale_of(language))):
            found |= {path.name: path for path in (root / name / "playbooks").glob("*.md")}
    return [found[name] for name in sorted(found)]


def playbook_files_by_language(roots: Sequence[Path]) -> Mapping[str, Sequence[Path]]:
    """The same in every language there is, English first."""
    return {language: playbook_files(roots, language) for language in languages_in(roots)}


@dataclass(frozen=True)
class Bot:
    """A bot that is ready to work; how Slack reaches it is for its caller to choose."""

    settings: Settings
    app: AsyncApp
    slack: AsyncWebClient
    database: Database
    outbox: Outbox
    words: Words
    coach: Coach
    authorize: Authorize

    async def sign_in(self) -> None:
        """Ask Slack who the bot is, so that a wrong token is met at start. Raises `SlackApiError`."""
        await self.authorize()

    async def serve_clock(self) -> None:
        """Send what is due, until cancelled."""
        scheduler = ticking.start(self.outbox.nudge)
        try:
            await self.outbox.serve()
        finally:
            scheduler.shutdown(wait=False)

    def socket_mode(self, app_token: str) -> Socket:
        """Slack over Socket Mode, not yet connected."""
        return Socket(self.app, app_token, self.slack)

    async def serve_web(self, signing_secret: str, address: socket.socket) -> None:
        """Slack over HTTP, until cancelled."""
        await web.serve(web.web_app(self.app, signing_secret, self.is_ready), address)

    async def is_ready(self) -> bool:
        """Whether the database answers."""
        try:
            await self.database.read(_ask)
        except SQLAlchemyError:
            logging.getLogger(__name__).exception("The database does not answer")
            return False
        return True


@asynccontextmanager
async def build(settings: Settings, clock: Clock | None = None, words: Words | None = None) -> AsyncIterator[Bot]:
    """Make a bot and, at the end, take it down. `words` are those of its templates, where they are at hand.

    Raises `PlaybookError` or `WordsError` for broken templates.
    """
    clock = clock or SystemClock()
    roots = template_roots(settings.templates_dir)
    words = words or Words(roots, settings.default_locale)
    heard_words = words.heard_words()
    translated = dict(prose.load_languages(playbook_files_by_language(roots), heard_words))
    coach = Coach(
        translated.pop(FALLBACK),
        heard_words,
        shelves=Shelves(vocabulary(words)),
        translated=translated,
        locale=settings.default_locale,
    )
    # The first time that is read in a language takes its words in; nobody should wait for that.
    await anyio.to_thread.run_sync(when.parse, "tomorrow", clock.now(), calendar.zone(None), None)
    database = Database(settings.database_url, synchronous=settings.sqlite_synchronous)
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    # The SDK's own `timeout` has no effect on a session that it is given.
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SLACK_SECONDS)) as http:
        # The outbox tries again where that is safe; the SDK's own handler would repeat a POST that may have arrived.
        slack = AsyncWebClient(token=token, base_url=settings.slack_api_url, session=http, retry_handlers=[])
        authorize = _authorize_one_workspace(slack)
        post = Post(database, slack, words, clock, settings.command_prefix)
        outbox = Outbox(
            database, clock, deliveries(post, coach), slow_deliveries(post, coach), set_aside=home.set_aside
        )
        app = AsyncApp(
            # Without a name Bolt looks for one, up the whole stack.
            name="comeback",
            client=slack,
            authorize=authorize,
            process_before_response=True,
            # The edge has checked the signature, and Socket Mode has none.
            request_verification_enabled=False,
            # What nobody listens for, such as a button from before an upgrade, is answered like anything that fails.
            raise_error_for_unhandled_request=True,
        )
        services = Services(
            database, coach, words, clock, http, outbox.nudge, settings.command_prefix, settings.support_contact
        )
        listeners.register(app, services)
        try:
            await anyio.to_thread.run_sync(database.migrate)
            yield Bot(settings, app, slack, database, outbox, words, coach, authorize)
        finally:
            database.dispose()


def vocabulary(words: Words) -> Vocabulary:
    """What words mean to a search, in every language there is."""
    stop_words = " ".join(words.every("stop_words").values())
    said = words.every("worry_words")
    worries = {worry: f"{name} {said.get(worry, '')}" for worry, name in words.every("reason").items()}
    return Vocabulary(frozenset(stop_words.split()), worries)


def _authorize_one_workspace(slack: AsyncWebClient) -> Authorize:
    """Who the bot is, asked of Slack once: a token is one bot's for good, and Bolt's own way asks at every request."""
    known: AuthorizeResult | None = None

    async def authorize() -> AuthorizeResult:
        nonlocal known
        if known is None:
            told = await slack.auth_test()
            known = AuthorizeResult.from_auth_test_response(auth_test_response=told, bot_token=slack.token)
        return known

    return authorize


def _ask(session: Session) -> None:
    session.execute(text("SELECT 1"))
