"""Socket Mode, from the inside: the same bot, and a connection that is renewed when it is lost."""

from collections.abc import AsyncIterator, Callable

import anyio
import pytest

from bot.playground.server import APP_TOKEN
from bot.web.socket import Socket
from tests.conversations.office import Office, Rep

PATIENCE = 60


async def until(happened: Callable[[], bool]) -> None:
    """Wait for what the connection does by itself."""
    with anyio.fail_after(PATIENCE):
        while not happened():  # noqa: ASYNC110 - what another library does sets no event
            await anyio.sleep(0.01)


@pytest.fixture
async def socket(office: Office) -> AsyncIterator[Socket]:
    """The office's bot reached over Socket Mode, looking after its connection all the time."""
    office.slack.reach(office.slack.sockets)
    socket = Socket(office.bot.app, APP_TOKEN, office.bot.slack, look_every=0.01)
    await socket.connect()
    await until(lambda: office.slack.sockets.is_up)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(socket.serve)
        yield socket
        tasks.cancel_scope.cancel()


async def test_the_answer_travels_in_the_envelope(office: Office, rosa: Rep, socket: Socket) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    rosa.sees("Ada Lovelace", "1 of 6")
    await rosa.presses("Note and details…")
    rosa.types("Value at stake", "abc")
    assert "Value at stake" in await rosa.sends()


async def test_a_lost_connection_is_replaced_by_a_new_one(office: Office, rosa: Rep, socket: Socket) -> None:
    before = socket._handler
    assert before
    # As if the SDK's own attempts to come back had failed.
    before.client.auto_reconnect_enabled = False
    await office.slack.sockets.cut()

    await until(lambda: socket._handler is not before and office.slack.sockets.is_up)

    await rosa.runs("/cancel Ada Lovelace")
    rosa.sees("1 of 6")
