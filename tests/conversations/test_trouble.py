"""What a rep meets when something goes wrong: an apology, a reference, and nothing half saved."""

import asyncio
import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import event, func, text
from sqlmodel import Session, select
from starlette.responses import JSONResponse, Response

from bot.storage.database import Database
from bot.storage.models import Case, Customer, OutboxRow
from bot.surfaces.words import Words
from tests.conversations.office import RENEWALS, Office, OpenView, Rep, open_office
from tests.conversations.test_reminders_in_trouble import CutOff
from tests.conversations.test_shortcuts import HANDLE, brings_bad_news
from tests.conversations.test_undeliverable import refuses

APOLOGY = re.compile(r"the reference below\.\s+Reference `?([0-9a-f]{8})`?")
REFERENCE = re.compile(r"Reference `?([0-9a-f]{8})`?")


def rows(office: Office) -> tuple[int, int, int]:
    with office.bot.database.begin(writes=False) as session:
        return _count(session, Case), _count(session, Customer), _count(session, OutboxRow)


@contextmanager
def nobody_known(office: Office) -> Iterator[None]:
    """Let the database refuse whatever asks for a member."""
    with office.bot.database.begin() as session:
        session.execute(text("ALTER TABLE member RENAME TO nobody"))
    try:
        yield
    finally:
        with office.bot.database.begin() as session:
            session.execute(text("ALTER TABLE nobody RENAME TO member"))


def _count(session: Session, table: type) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


async def test_where_nothing_can_be_opened_the_problem_stands_in_the_messages(
    office: Office, rosa: Rep, caplog: pytest.LogCaptureFixture
) -> None:
    await rosa.opens_home()
    office.slack.troubles.append(refuses("views.open", "exchanged_trigger_id"))
    await rosa.presses("Help")
    rosa.goes_to("dm").sees("Sorry, that did not work", "Reference")

    found = REFERENCE.search(rosa.screen.text)
    assert found
    assert found[1] in caplog.text


async def test_who_the_bot_is_is_not_asked_at_each_gesture(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    office.slack.troubles.append(refuses("auth.test", "internal_error"))
    await rosa.runs("/cancel Grace Hopper")

    rosa.sees("Grace Hopper", "1 of 6")


async def test_a_database_that_cannot_be_written_gets_an_apology_whose_reference_the_log_has(
    office: Office, rosa: Rep, caplog: pytest.LogCaptureFixture
) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    before = rows(office)

    def refuse(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO outbox"):
            raise sqlite3.OperationalError("attempt to write a readonly database")

    event.listen(office.bot.database.engine, "before_cursor_execute", refuse)
    with caplog.at_level(logging.ERROR):
        await rosa.runs("/cancel Grace Hopper")

    found = APOLOGY.search(rosa.screen.text)
    assert found, rosa.screen.text
    assert f"Reference {found[1]}" in caplog.text
    assert rows(office) == before


async def never(*_: object, **__: object) -> None:
    """What Slack says when it does not answer."""
    await asyncio.Event().wait()


async def test_a_slack_that_does_not_answer_keeps_no_form_open(
    office: Office, rosa: Rep, manager: Rep, monkeypatch: pytest.MonkeyPatch
) -> None:
    brings_bad_news(office)
    await rosa.handles("Ada wrote", HANDLE)
    await manager.opens_home()
    await manager.presses("Add a product…")
    with monkeypatch.context() as patch:
        patch.setattr(AsyncWebClient, "chat_getPermalink", never)
        patch.setattr(AsyncWebClient, "views_publish", never)
        assert await rosa.sends() == {}
        assert await manager.types("Name of the product", "Corner sofa").sends() == {}
    assert rows(office)[0] == 1

    await office.later(seconds=5)
    manager.goes_to("home").sees("*Products*: Corner sofa")


async def test_nobody_is_chosen_of_whom_slack_says_nothing(
    office: Office, rosa: Rep, sam: Rep, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Ask or hand over…")
    with monkeypatch.context() as patch:
        patch.setattr(AsyncWebClient, "users_info", never)
        (told,) = (await rosa.types("Hand over to", sam.id).sends()).values()
    assert APOLOGY.search(told)
    assert await rosa.types("Hand over to", sam.id).sends() == {}


@pytest.mark.sqlite_only
async def test_a_locked_database_gets_the_same_apology(
    office: Office, rosa: Rep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.database._PATIENCE_MILLISECONDS", 50)
    # Whoever connects anew waits no longer than that.
    office.bot.database.engine.dispose()
    await rosa.runs("/cancel Ada Lovelace")
    other = sqlite3.connect(str(office.bot.database.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        await rosa.presses("Next")
        assert APOLOGY.search(rosa.screen.text)
    finally:
        other.execute("ROLLBACK")
        other.close()

    card = rosa.messages[0]
    assert "1 of 6" in card.text


@pytest.mark.every_database
async def test_the_apology_comes_though_the_database_cannot_even_say_who_somebody_is(
    office: Office, rosa: Rep, caplog: pytest.LogCaptureFixture
) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Note and details…")
    with nobody_known(office), caplog.at_level(logging.ERROR):
        (beside,) = (await rosa.types("Your note", "Call on Friday.").sends()).values()
        await rosa.closes()
        await rosa.presses("Next")
        pressed = rosa.screen.text
        await rosa.runs("/cancel Grace Hopper")

    for told in (beside, pressed, rosa.screen.text):
        found = APOLOGY.search(told)
        assert found, told
        assert f"Reference {found[1]}" in caplog.text


async def test_an_error_in_a_form_stands_in_the_form_and_keeps_what_was_typed(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Note and details…")

    def refuse(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE"):
            raise sqlite3.OperationalError("database is locked")

    event.listen(office.bot.database.engine, "before_cursor_execute", refuse)
    rosa.types("Your note", "Call on Friday.")
    errors = await rosa.sends()

    assert any(APOLOGY.search(error) for error in errors.values())


async def test_what_is_declined_carries_a_reference_too_and_the_log_says_why(
    office: Office, rosa: Rep, caplog: pytest.LogCaptureFixture
) -> None:
    await rosa.runs("/cancel Ada Lovelace")

    with caplog.at_level(logging.INFO):
        await rosa.runs("/cancel 4111 1111 1111 1111")
        answered = rosa.screen.text
        await office.later(minutes=3)
        await rosa.goes_to("dm").handles("Ada Lovelace", "Handle this cancellation")

    for told, why in ((answered, "card_number"), (rosa.screen.text, "own_message")):
        found = REFERENCE.search(told)
        assert found, told
        assert f"Reference {found[1]}: declined, {why}" in caplog.text
    assert "4111" not in caplog.text


async def test_whoever_helps_is_named_in_the_apology_and_in_the_help(database_url: str, words: Words) -> None:
    async with open_office(database_url, words, support_contact="Help <desk>, help@example.com") as office:
        await office.rosa.opens_home()
        await office.rosa.presses("Help")
        office.rosa.sees("you get a reference: send it to Help <desk>, help@example.com.")
        await office.rosa.closes()

        def refuse(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if statement.startswith("INSERT"):
                raise sqlite3.OperationalError("database is locked")

        event.listen(office.bot.database.engine, "before_cursor_execute", refuse)
        await office.rosa.goes_to(RENEWALS).runs("/cancel Ada Lovelace")
        office.rosa.sees("give Help <desk>, help@example.com the reference below.")

        await office.rosa.opens_home()
        await office.rosa.presses("New cancellation")
        (beside,) = (await office.rosa.sends()).values()
        assert "give Help <desk>, help@example.com the reference below." in beside


async def test_nothing_personal_is_logged(office: Office, rosa: Rep, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="bot"):
        await rosa.runs("/cancel Ada Lovelace")
        rosa.types("A time you wanted to cancel something (only for you)", "The gym.")
        await rosa.presses("Next")
        await rosa.presses("They’re leaving")
        await office.later(days=2)

    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
    for secret in ("Ada", "gym", "xoxb"):
        assert secret not in ours


@contextmanager
def no_more_customers(database: Database) -> Iterator[None]:
    """A database that refuses every new customer, in its own words. A server quotes the row that it refuses."""
    refuse = "CREATE TRIGGER no_more BEFORE INSERT ON customer BEGIN SELECT RAISE(FAIL, 'full'); END"
    accept = "DROP TRIGGER no_more"
    if not database.is_sqlite:
        refuse = "ALTER TABLE customer ADD CONSTRAINT no_more CHECK (name IS NULL) NOT VALID"
        accept = "ALTER TABLE customer DROP CONSTRAINT no_more"
    with database.begin() as session:
        session.execute(text(refuse))
    try:
        yield
    finally:
        with database.begin() as session:
            session.execute(text(accept))


@pytest.mark.every_database
async def test_a_name_stays_out_of_the_log_when_the_database_refuses_it(
    office: Office, rosa: Rep, caplog: pytest.LogCaptureFixture
) -> None:
    with no_more_customers(office.bot.database):
        await rosa.runs("/cancel Grace Hopper")

    found = APOLOGY.search(rosa.screen.text)
    assert found, rosa.screen.text
    assert f"Reference {found[1]}" in caplog.text
    assert "INSERT INTO customer" in caplog.text
    assert ("SQLITE_CONSTRAINT" if office.bot.database.is_sqlite else "CheckViolation, 23514, no_more") in caplog.text
    assert "in open_case" in caplog.text, "the log still says where it was"
    assert "Grace" not in caplog.text


async def test_a_form_from_before_an_upgrade_is_answered_kindly_and_no_name_is_logged(
    office: Office, rosa: Rep, caplog: pytest.LogCaptureFixture
) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Ask or hand over…")
    assert isinstance(rosa.screen.shown, OpenView)
    carried = json.loads(rosa.screen.shown.content["private_metadata"])
    assert carried.pop("name") == "Ada Lovelace"
    rosa.screen.shown.content["private_metadata"] = json.dumps(
        {"called": "Ada Lovelace", "case_id": carried["case_id"]}
    )
    with caplog.at_level(logging.INFO):
        (beside,) = (await rosa.types("Your question or note", "She asks about the terms.").sends()).values()

    assert "That is from before I was renewed, so I left everything as it was." in beside
    found = REFERENCE.search(beside)
    assert found, beside
    assert f"Reference {found[1]}: declined, outdated" in caplog.text
    assert "Ada" not in caplog.text


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (CutOff(), "ClientPayloadError"),
        (JSONResponse({"ok": False, "error": "expired_trigger_id"}), "expired_trigger_id"),
    ],
)
async def test_a_problem_that_cannot_be_shown_is_in_the_log(
    office: Office, rosa: Rep, caplog: pytest.LogCaptureFixture, answer: Response, why: str
) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.opens_home()
    office.slack.troubles.append(lambda method, _: answer if method == "views.open" else None)
    await rosa.presses("New cancellation")

    assert f"A word was not said: {why}" in caplog.text
    assert "A payload could not be read" not in caplog.text


@pytest.mark.every_database
async def test_what_no_database_keeps_is_left_out(rosa: Rep) -> None:
    await rosa.runs("/cancel Ada\0 Lovelace")
    rosa.sees("Ada Lovelace")
    rosa.types("A time you wanted to cancel something (only for you)", "The gym\0, last\ud800 year.")
    await rosa.presses("Next")
    await rosa.presses("Back one step")

    assert rosa.screen.held("A time you wanted to cancel something (only for you)") == "The gym, last year."


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("1.2k", "$1,200.00"), ("€1,200", "€1,200.00"), ("80", "$80.00"), ("CHF 80.5", "CHF80.50")],
)
async def test_a_value_is_understood(rosa: Rep, typed: str, shown: str) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Note and details…")
    rosa.types("Value at stake", typed)
    assert await rosa.sends() == {}

    await rosa.presses("Note and details…")
    assert rosa.screen.held("Value at stake") == shown


@pytest.mark.parametrize("typed", ["abc", "-5", "a lot", "1.2.3", "12 or 13"])
async def test_a_value_that_is_none_is_a_field_error(rosa: Rep, typed: str) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Note and details…")
    rosa.types("Value at stake", typed)

    assert "An amount reads like" in (await rosa.sends())["Value at stake"]
