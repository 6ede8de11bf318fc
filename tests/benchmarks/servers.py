"""What the bot is measured beside: `python -m tests.benchmarks.servers NAME SLACK_URL`.

All are served as the bot is, by its own server in the same event loop: what differs is what is done with a request.
"""

import json
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import aiohttp
import anyio
from jinja2 import Environment
from slack_bolt import Ack, App
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import Engine, create_engine, event
from sqlmodel import Session, SQLModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.app import playbook_files, template_roots
from bot.coaching.calendar import zone
from bot.coaching.prose import load
from bot.playground.server import BOT_TOKEN, HOST, SIGNING_SECRET
from bot.storage.models import Customer
from bot.surfaces.words import Words
from bot.web.server import EVENTS_PATH, bind, serve

Serving = Callable[[str], AbstractAsyncContextManager[Starlette]]


@asynccontextmanager
async def bare(_: str) -> AsyncIterator[Starlette]:
    """Checks the signature, and nothing else."""

    async def accept(_body: str) -> Response:
        return PlainTextResponse("ok")

    yield _signed(accept)


@asynccontextmanager
async def stock_bolt(slack: str) -> AsyncIterator[Starlette]:
    """Bolt as its documentation shows it, answering `/cancel help` in the bot's words."""
    app = App(signing_secret=SIGNING_SECRET, client=WebClient(token=BOT_TOKEN, base_url=f"{slack}/api/"))
    roots = template_roots()
    books = [book for book in load(playbook_files(roots)).values() if book.words]
    words = Words(roots).voice(None, zone(None)).text("cases/help", command="/cancel", books=books)

    @app.command("/cancel")
    def cancel(ack: Ack) -> None:
        ack(text=words, blocks=[_section(words)], response_type="ephemeral")

    handler = SlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    yield _at_slacks_door(events)


@asynccontextmanager
async def insert_and_render(_: str) -> AsyncIterator[Starlette]:
    """Checks the signature, inserts one row, and renders one template."""
    insert = _inserts()
    template = Environment(autoescape=True).from_string("*{{ name }}* wants to cancel.\nSay: {{ line }}")

    async def open_case(body: str) -> Response:
        name = dict(parse_qsl(body))["text"]
        await insert(name)
        text = template.render(name=name, line="Thank you for telling me.")
        return JSONResponse({"response_type": "ephemeral", "text": text, "blocks": [_section(text)]})

    yield _signed(open_case)


@asynccontextmanager
async def insert_and_call(_: str) -> AsyncIterator[Starlette]:
    """Checks the signature, inserts one row, and calls Slack."""
    insert = _inserts()
    async with aiohttp.ClientSession() as http:

        async def press(body: str) -> Response:
            payload = json.loads(dict(parse_qsl(body))["payload"])
            await insert(payload["actions"][0]["value"])
            redraw = {"text": "Done.", "blocks": [_section("Done.")], "replace_original": True}
            async with http.post(payload["response_url"], json=redraw) as answer:
                await answer.read()
            return PlainTextResponse("")

        yield _signed(press)


SERVERS: Mapping[str, Serving] = {
    serving.__name__: serving for serving in (bare, stock_bolt, insert_and_render, insert_and_call)
}


def _signed(handle: Callable[[str], Awaitable[Response]]) -> Starlette:
    verifier = SignatureVerifier(SIGNING_SECRET)

    async def events(request: Request) -> Response:
        raw = await request.body()
        if not verifier.is_valid_request(raw, dict(request.headers)):
            return PlainTextResponse("not signed by Slack", status_code=401)
        return await handle(raw.decode())

    return _at_slacks_door(events)


def _at_slacks_door(events: Callable[[Request], Awaitable[Response]]) -> Starlette:
    return Starlette(routes=[Route(EVENTS_PATH, events, methods=["POST"])])


def _inserts() -> Callable[[str], Awaitable[None]]:
    """One row, one transaction, on a worker thread, one writer at a time: the bot's own terms without its code."""
    engine = create_engine("sqlite:///beside.db")
    event.listen(engine, "connect", _prepare)
    SQLModel.metadata.create_all(engine)
    writers = anyio.CapacityLimiter(1)

    async def insert(name: str) -> None:
        await anyio.to_thread.run_sync(_insert, engine, name, limiter=writers)

    return insert


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in ("busy_timeout = 5000", "journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _insert(engine: Engine, name: str) -> None:
    with Session(engine) as session:
        session.add(Customer(team_id="T0BENCH", name=name, name_key=name, created_at=datetime.now(UTC)))
        session.commit()


def _section(text: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


async def _serve(name: str, slack_url: str) -> None:
    address = bind(HOST, 0)
    async with SERVERS[name](slack_url) as asgi:
        print(f"http://{HOST}:{address.getsockname()[1]}", flush=True)
        await serve(asgi, address)


if __name__ == "__main__":
    _, _name, _slack_url = sys.argv
    anyio.run(_serve, _name, _slack_url)
