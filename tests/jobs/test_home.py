"""What was refused for good stands on the managers' Homes; a Home that was refused draws none of them."""

import pytest
from sqlmodel import col, select

from bot.coaching import homes, reminders
from bot.jobs import home
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.models import OutboxRow
from bot.storage.outbox import Due
from tests.coaching.desk import NOW


def follows(database: Database, kind: str) -> list[str]:
    """Let a row of that kind be refused: what waits to be sent then."""
    with database.begin() as session:
        outbox.enqueue(session, Due("T1", f"{kind}:U1", kind, "U1", NOW))
    with database.begin() as session:
        (row,) = outbox.claim(session, "worker", NOW)
        outbox.park(session, row, NOW, "account_inactive")
        home.set_aside(session, row, NOW)
    with database.begin() as session:
        return [*session.exec(select(OutboxRow.kind).where(col(OutboxRow.status) == "pending")).all()]


def test_a_message_that_was_refused_brings_the_managers_homes_up_to_date(database: Database) -> None:
    assert follows(database, reminders.KIND) == [homes.MANAGERS]


@pytest.mark.parametrize("kind", [homes.KIND, homes.MANAGERS])
def test_a_home_that_was_refused_brings_nothing(database: Database, kind: str) -> None:
    assert follows(database, kind) == []
