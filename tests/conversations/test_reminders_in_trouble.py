"""Slack in trouble: reminders come later, none is lost, and one that may have arrived already can be recognised."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from bot.coaching import members, reconnecting
from bot.jobs.outbox import Outbox
from bot.playground import api
from bot.playground.server import Trouble
from bot.playground.workspace import TEAM, Channel, Json, Message, Person, dm_of
from tests.conversations.office import START, Office, Rep, Screen

POST = "chat.postMessage"


class Silence(Response):
    """No answer, for as long as anybody waits for one."""

    async def __call__(self, _scope: Scope, receive: Receive, _send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass


class CutOff(Response):
    """The beginning of an answer, and then the connection is gone."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})
        await send({"type": "http.response.body", "body": b'{"ok":', "more_body": True})


def once(answer: Callable[[Json], Response]) -> Trouble:
    """The next message that is posted is answered so."""
    asked: list[str] = []

    def trouble(method: str, arguments: Json) -> Response | None:
        if method != POST or asked:
            return None
        asked.append(method)
        return answer(arguments)

    return trouble


def key_of(message: Message) -> str:
    assert message.metadata
    return str(message.metadata["event_payload"]["key"])


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers={"Retry-After": "42"}), 42),
        (JSONResponse({"ok": False, "error": "internal_error"}, status_code=500), 10),
        (PlainTextResponse("upstream", status_code=503), 10),
        (Silence(), 10),
        (CutOff(), 10),
    ],
)
async def test_what_does_not_get_through_comes_a_little_later_and_once(
    office: Office, rosa: Rep, answer: Response, seconds: int
) -> None:
    await rosa.runs("/reconnect Ada Lovelace in 2 hours")
    office.slack.troubles.append(once(lambda _arguments: answer))
    office.bot.outbox.patience = timedelta(seconds=0.5 if isinstance(answer, Silence) else 20)
    await office.later(hours=2)
    office.bot.outbox.patience = Outbox.patience
    await office.later(seconds=seconds - 1)
    assert rosa.goes_to("dm").messages == []

    await office.later(seconds=1)
    rosa.sees("Get in touch with Ada Lovelace")
    await office.later(hours=1)
    assert len(rosa.messages) == 1


async def test_a_message_whose_answer_was_lost_comes_once_more_and_can_be_recognised(office: Office, rosa: Rep) -> None:
    def accepted(arguments: Json) -> Response:
        api.call(office.workspace, POST, api.read_arguments(arguments))
        return CutOff()

    await rosa.runs("/reconnect Ada Lovelace in 2 hours")
    office.slack.troubles.append(once(accepted))
    await office.later(hours=2)
    assert len(rosa.goes_to("dm").messages) == 1

    await office.later(hours=1)
    first, again = rosa.messages
    assert key_of(first) == key_of(again)
    await rosa.presses("Done")
    rosa.sees("Done: Get in touch, Ada Lovelace.")
    await office.later(days=3)
    assert len(rosa.messages) == 2


# In three days more became due than Slack takes in a minute.
PEOPLE, A_DAY_EACH, DAYS, POSTS_A_MINUTE = 30, 2, 3, 20


def hired(office: Office) -> Sequence[Rep]:
    """Thirty more people in the workspace."""
    workspace = office.workspace
    for number in range(PEOPLE):
        person = Person(f"U{number:04}", f"rep{number}", f"Rep {number}", "America/New_York", "en-US")
        workspace.people[person.id] = person  # type: ignore[index]  # nobody else joins
        workspace.channels[dm_of(person.id)] = Channel(dm_of(person.id), "Comeback", owner=person.id)
    return [Rep(office, f"U{number:04}").goes_to("dm") for number in range(PEOPLE)]


def first_due(number: int) -> datetime:
    """When a person's first reminder was due: in an order that has nothing to do with their ids."""
    return START + timedelta(hours=1, minutes=number * 7 % PEOPLE)


def books_for_everybody(session: Session, reps: Sequence[Rep]) -> None:
    for number, rep in enumerate(reps):
        members.meet(session, TEAM, rep.id).welcomed_at = START
        for nth in range(A_DAY_EACH * DAYS):
            at = first_due(number) + timedelta(days=nth / A_DAY_EACH)
            reconnecting.book(session, TEAM, rep.id, f"Customer {nth}", at, START, exact=False)


class Slow:
    """A Slack that takes so many messages a minute, and counts those that come too soon."""

    def __init__(self, office: Office) -> None:
        self._office, self._taken, self.refused = office, [], 0  # type: ignore[var-annotated]

    def __call__(self, method: str, _arguments: Json) -> Response | None:
        if method != POST:
            return None
        now = self._office.clock.now()
        if self._taken.count(now) < POSTS_A_MINUTE:
            self._taken.append(now)
            return None
        self.refused += 1
        return JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers={"Retry-After": "60"})


async def test_after_three_days_of_silence_everything_comes_in_order_and_says_that_it_is_late(office: Office) -> None:
    reps, slow = hired(office), Slow(office)
    office.slack.troubles.append(slow)
    await office.bot.database.write(books_for_everybody, reps)

    await office.later(days=DAYS)
    assert len(office.workspace.messages) == POSTS_A_MINUTE
    await office.later(seconds=59)
    assert (len(office.workspace.messages), slow.refused) == (POSTS_A_MINUTE, 1)
    await office.later(seconds=2)
    await office.later(minutes=1)

    by_age = sorted(range(PEOPLE), key=first_due)
    assert [message.channel for message in office.workspace.messages] == [dm_of(reps[number].id) for number in by_age]
    for message in office.workspace.messages:
        told = Screen(message).text.replace("\u00a0", " ")
        names = [f"Customer {nth}" for nth in range(A_DAY_EACH * DAYS)]
        assert [told.count(name) for name in names] == [1] * len(names)
        assert sorted(names, key=told.index) == names
        assert told.count("Due since") == len(names) - A_DAY_EACH
