"""The outbox: a row is sent by one worker, or comes back; and what was moved meanwhile is left alone."""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text
from sqlmodel import Session, col, select

from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.models import OutboxRow
from bot.storage.outbox import Claimed, Due, Sent

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=1)
AFTER_THE_LEASE = NOW + outbox.LEASE

SENT = Sent("D1", "1.1")


def due(key: str, at: datetime = NOW, team: str = "T1") -> Due:
    return Due(team, key, "card", "U1", at, subject_id=7)


def enqueue(database: Database, *dues: Due) -> None:
    with database.begin() as session:
        outbox.enqueue(session, *dues)


def claim(database: Database, owner: str, now: datetime = NOW, most: int = outbox.BATCH) -> Sequence[Claimed]:
    with database.begin() as session:
        return outbox.claim(session, owner, now, most)


def settle(database: Database, row: Claimed, sent: Sent | None = SENT, now: datetime = NOW) -> bool:
    with database.begin() as session:
        return outbox.settle(session, row, now, sent)


def rows(session: Session) -> Sequence[OutboxRow]:
    return session.exec(select(OutboxRow).order_by(col(OutboxRow.due_at), col(OutboxRow.id))).all()


def the_row(database: Database) -> OutboxRow:
    with database.begin(writes=False) as session:
        (row,) = rows(session)
    return row


def test_a_row_is_claimed_once_it_is_due_and_not_before(database: Database) -> None:
    enqueue(database, due("a", SOON))

    assert claim(database, "one") == []
    (row,) = claim(database, "one", SOON)
    assert (row.key, row.kind, row.user_id, row.subject_id) == ("a", "card", "U1", 7)
    assert (row.claimed_by, row.attempts) == ("one", 1)
    assert the_row(database).claimed_until == SOON + outbox.LEASE


def test_the_oldest_are_claimed_first_and_a_batch_at_a_time(database: Database) -> None:
    enqueue(database, *(due(str(number), NOW - timedelta(minutes=number)) for number in range(5)))

    assert [row.key for row in claim(database, "one", most=2)] == ["4", "3"]
    assert [row.key for row in claim(database, "two")] == ["2", "1", "0"]


def test_racing_workers_never_hold_the_same_row(database: Database) -> None:
    keys = [str(number) for number in range(2000)]
    enqueue(database, *(due(key) for key in keys))
    workers = 4
    start = threading.Barrier(workers)

    def work(owner: str) -> list[str]:
        mine = Database(database.url.render_as_string(hide_password=False))
        claimed = []
        start.wait(timeout=10)
        while batch := claim(mine, owner):
            claimed += [row.key for row in batch]
        mine.dispose()
        return claimed

    with ThreadPoolExecutor(workers) as pool:
        taken = [key for claimed in pool.map(work, "abcd") for key in claimed]

    assert sorted(taken) == sorted(keys)


@pytest.mark.postgresql_only
def test_a_server_finds_what_is_due_by_the_index_however_much_waits(database: Database) -> None:
    with database.begin() as session:
        session.execute(
            text(
                "INSERT INTO outbox (team_id, key, kind, user_id, due_at, status, attempts) SELECT 'T1', n::text, "
                "'card', 'U1', timestamp '2026-12-01' + n * interval '1 second', 'pending', 0 "
                "FROM generate_series(1, 100000) n"
            )
        )
        session.execute(text("ANALYZE outbox"))
    asked: list[tuple[str, Mapping[str, object]]] = []

    def keep(_connection: object, _cursor: object, statement: str, given: Mapping[str, object], *_: object) -> None:
        asked.append((statement, given))

    event.listen(database.engine, "before_cursor_execute", keep)
    assert claim(database, "one") == []
    ((statement, given),) = asked
    with database.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN {statement}", given).scalars().all()

    assert any("Index Scan using ix_outbox_due" in line for line in plan), plan


def test_a_row_whose_worker_died_comes_back_when_its_lease_runs_out(database: Database) -> None:
    enqueue(database, due("a"))
    claim(database, "dead")

    assert claim(database, "one", AFTER_THE_LEASE - timedelta(seconds=1)) == []
    (row,) = claim(database, "one", AFTER_THE_LEASE)
    assert (row.claimed_by, row.attempts) == ("one", 2)


def test_a_sent_row_stays_sent_and_knows_where_its_message_stands(database: Database) -> None:
    enqueue(database, due("a"))
    (row,) = claim(database, "one")

    assert settle(database, row, now=SOON)
    kept = the_row(database)
    assert (kept.status, kept.sent_at, kept.channel, kept.message_ts) == ("sent", SOON, "D1", "1.1")
    assert (kept.claimed_by, kept.claimed_until) == (None, None)
    assert claim(database, "two", AFTER_THE_LEASE) == []


def test_a_row_no_longer_wanted_is_cancelled(database: Database) -> None:
    enqueue(database, due("a"))
    (row,) = claim(database, "one")

    assert settle(database, row, None)
    kept = the_row(database)
    assert (kept.status, kept.sent_at, kept.message_ts) == ("cancelled", None, None)
    assert claim(database, "two", AFTER_THE_LEASE) == []


def test_only_the_one_who_holds_a_row_can_settle_it(database: Database) -> None:
    enqueue(database, due("a"))
    (slow,) = claim(database, "slow")
    (quick,) = claim(database, "quick", AFTER_THE_LEASE)

    assert not settle(database, slow, None)
    assert the_row(database).status == "pending"
    assert settle(database, quick)


def test_a_row_moved_and_taken_by_another_is_not_settled_by_the_first(database: Database) -> None:
    """A moved row counts its attempts from the start, so that the two claims look alike but for who made them."""
    enqueue(database, due("a"))
    (slow,) = claim(database, "slow")
    enqueue(database, due("a"))
    (quick,) = claim(database, "quick")
    assert slow.attempts == quick.attempts

    assert not settle(database, slow, None)
    assert settle(database, quick)


def test_a_worker_that_lost_a_row_and_took_it_again_settles_only_the_second_claim(database: Database) -> None:
    enqueue(database, due("a"))
    (before,) = claim(database, "one")
    (again,) = claim(database, "one", AFTER_THE_LEASE)

    assert not settle(database, before, None)
    assert settle(database, again)


@pytest.mark.parametrize("give_back", [outbox.postpone, outbox.park])
def test_only_the_one_who_holds_a_row_can_give_it_back(database: Database, give_back: object) -> None:
    assert callable(give_back)
    enqueue(database, due("a"))
    (slow,) = claim(database, "slow")
    claim(database, "quick", AFTER_THE_LEASE)

    with database.begin() as session:
        assert not give_back(session, slow, NOW, "ratelimited")
    assert (the_row(database).status, the_row(database).last_error) == ("pending", None)


def test_a_row_that_takes_long_is_held_on_to_by_its_holder_alone(database: Database) -> None:
    enqueue(database, due("a"))
    (row,) = claim(database, "one")
    with database.begin() as session:
        assert outbox.renew(session, row, SOON)
    assert claim(database, "two", AFTER_THE_LEASE) == []
    (again,) = claim(database, "two", SOON + outbox.LEASE)
    with database.begin() as session:
        assert not outbox.renew(session, row, SOON)
        assert outbox.renew(session, again, SOON)


def test_a_postponed_row_waits_and_says_why(database: Database) -> None:
    enqueue(database, due("a"))
    (row,) = claim(database, "one")
    with database.begin() as session:
        assert outbox.postpone(session, row, SOON, "ratelimited")

    assert the_row(database).last_error == "ratelimited"
    assert claim(database, "one") == []
    (again,) = claim(database, "two", SOON)
    assert again.attempts == 2


def test_a_parked_row_is_set_aside_and_says_why(database: Database) -> None:
    enqueue(database, due("a"))
    (row,) = claim(database, "one")
    with database.begin() as session:
        assert outbox.park(session, row, NOW, "channel_not_found")

    kept = the_row(database)
    assert (kept.status, kept.parked_at, kept.last_error) == ("parked", NOW, "channel_not_found")
    assert claim(database, "two", AFTER_THE_LEASE) == []


def test_a_row_enqueued_twice_is_moved_and_not_doubled(database: Database) -> None:
    enqueue(database, due("a"))
    enqueue(database, due("a", SOON))

    assert the_row(database).due_at == SOON


@pytest.mark.parametrize("status", ["sent", "cancelled", "parked"])
def test_a_settled_row_enqueued_again_is_due_again(database: Database, status: str) -> None:
    enqueue(database, due("a"))
    (row,) = claim(database, "one")
    if status == "parked":
        with database.begin() as session:
            outbox.park(session, row, NOW, "channel_not_found")
    else:
        settle(database, row, SENT if status == "sent" else None)
    assert the_row(database).status == status

    enqueue(database, due("a", SOON))

    kept = the_row(database)
    assert (kept.status, kept.due_at, kept.attempts) == ("pending", SOON, 0)
    assert (kept.parked_at, kept.last_error) == (None, None)
    assert kept.message_ts == ("1.1" if status == "sent" else None), "the next sending updates the same message"


def test_a_row_moved_while_it_is_being_sent_is_sent_again_in_the_place_of_that_message(database: Database) -> None:
    enqueue(database, due("a"))
    (row,) = claim(database, "one")
    enqueue(database, due("a", SOON))

    assert not settle(database, row)
    kept = the_row(database)
    assert (kept.status, kept.due_at, kept.claimed_by) == ("pending", SOON, None)
    assert (kept.channel, kept.message_ts) == ("D1", "1.1")
    (again,) = claim(database, "one", SOON)
    assert settle(database, again, Sent("D1", "1.1"), SOON)


def test_a_forgotten_message_is_not_updated_any_more(database: Database) -> None:
    enqueue(database, due("a"), due("a", team="T2"))
    for row in claim(database, "one"):
        settle(database, row)
    with database.begin() as session:
        outbox.forget_message(session, "T1", "a")

    with database.begin(writes=False) as session:
        assert {row.team_id: row.message_ts for row in rows(session)} == {"T1": None, "T2": "1.1"}


def test_one_key_in_two_workspaces_is_two_rows(database: Database) -> None:
    enqueue(database, due("a"), due("a", team="T2"))
    enqueue(database, due("a", SOON))

    (theirs,) = claim(database, "one")
    assert theirs.team_id == "T2"
    settle(database, theirs, None)
    with database.begin(writes=False) as session:
        assert {row.team_id: row.status for row in rows(session)} == {"T1": "pending", "T2": "cancelled"}


def test_nothing_to_enqueue_is_nothing(database: Database) -> None:
    enqueue(database)

    with database.begin(writes=False) as session:
        assert rows(session) == []


def test_what_is_enqueued_in_a_failing_transaction_is_not_sent(database: Database) -> None:
    def fail() -> None:
        with database.begin() as session:
            outbox.enqueue(session, due("a"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert claim(database, "one") == []


ALARM = f"{outbox.ALARM}U1"


@pytest.mark.parametrize("times", [(NOW, SOON), (SOON, NOW)])
def test_an_alarm_rings_at_the_sooner_of_the_times_it_was_set_to(
    database: Database, times: tuple[datetime, datetime]
) -> None:
    for at in times:
        enqueue(database, due(ALARM, at))

    assert the_row(database).due_at == NOW


def test_an_alarm_set_while_somebody_has_just_heard_it_stays_in_their_hands(database: Database) -> None:
    enqueue(database, due(ALARM))
    claim(database, "dead")
    (row,) = claim(database, "one", AFTER_THE_LEASE)
    enqueue(database, due(ALARM, SOON))

    kept = the_row(database)
    assert (kept.due_at, kept.attempts, kept.claimed_by) == (NOW, 2, "one")
    assert kept.claimed_until == AFTER_THE_LEASE + outbox.LEASE
    assert settle(database, row)


def test_an_alarm_set_again_does_not_forget_what_went_wrong(database: Database) -> None:
    enqueue(database, due(ALARM))
    (row,) = claim(database, "one")
    with database.begin() as session:
        outbox.postpone(session, row, SOON, "ratelimited")
    enqueue(database, due(ALARM, AFTER_THE_LEASE))

    kept = the_row(database)
    assert (kept.due_at, kept.attempts, kept.last_error) == (SOON, 1, "ratelimited")


@pytest.mark.parametrize("status", ["sent", "cancelled", "parked"])
def test_an_alarm_that_has_rung_or_was_set_aside_is_set_afresh(database: Database, status: str) -> None:
    enqueue(database, due(ALARM))
    (row,) = claim(database, "one")
    if status == "parked":
        with database.begin() as session:
            outbox.park(session, row, NOW, "account_inactive")
    else:
        settle(database, row, SENT if status == "sent" else None)
    assert the_row(database).status == status

    enqueue(database, due(ALARM, AFTER_THE_LEASE))

    kept = the_row(database)
    assert (kept.status, kept.due_at, kept.attempts) == ("pending", AFTER_THE_LEASE, 0)
    assert (kept.parked_at, kept.last_error, kept.claimed_by) == (None, None, None)


def test_any_other_row_that_only_sounds_like_an_alarm_is_moved(database: Database) -> None:
    enqueue(database, due("alarmed:U1"))
    enqueue(database, due("alarmed:U1", SOON))

    assert the_row(database).due_at == SOON
