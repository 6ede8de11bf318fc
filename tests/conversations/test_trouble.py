"""What a rep meets when something goes wrong: an apology, a reference, and nothing half saved."""

import logging
import re
import sqlite3

import pytest
from sqlalchemy import event, func, text
from sqlmodel import Session, select

from bot.storage.models import Case, Customer, OutboxRow
from bot.surfaces.words import Words
from tests.conversations.office import RENEWALS, Office, Rep, open_office

APOLOGY = re.compile(r"the reference below\.\s+Reference `?([0-9a-f]{8})`?")
REFERENCE = re.compile(r"Reference `?([0-9a-f]{8})`?")


def rows(office: Office) -> tuple[int, int, int]:
    with office.bot.database.begin(writes=False) as session:
        return _count(session, Case), _count(session, Customer), _count(session, OutboxRow)


def _count(session: Session, table: type) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


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


@pytest.mark.sqlite_only
async def test_a_locked_database_gets_the_same_apology(office: Office, rosa: Rep) -> None:
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


@pytest.mark.sqlite_only
async def test_a_name_stays_out_of_the_log_when_the_database_refuses_it(
    office: Office, rosa: Rep, caplog: pytest.LogCaptureFixture
) -> None:
    with office.bot.database.begin() as session:
        session.execute(text("CREATE TRIGGER no_more BEFORE INSERT ON customer BEGIN SELECT RAISE(FAIL, 'full'); END"))
    await rosa.runs("/cancel Grace Hopper")

    assert APOLOGY.search(rosa.screen.text)
    assert "INSERT INTO customer" in caplog.text
    assert "Grace" not in caplog.text


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
