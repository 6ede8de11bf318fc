"""The outbox: everything that is due later is a row here, and is sent from here.

Three moves, each inside its caller's transaction: `enqueue` (or move) a row, `claim` a batch under a lease, `settle`
one that was claimed. A row whose worker died is claimed again when its lease runs out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Update, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select, update

from bot.storage.models import OutboxRow

BATCH = 10
LEASE = timedelta(minutes=5)


@dataclass(frozen=True)
class Due:
    """What to send to whom, and when. `key` names it for good within its workspace."""

    team_id: str
    key: str
    kind: str
    user_id: str
    due_at: datetime
    subject_id: int | None = None


@dataclass(frozen=True)
class Sent:
    """Where a message now stands in Slack."""

    channel: str | None = None
    message_ts: str | None = None


def _upsert(insert: sqlite.Insert | postgresql.Insert) -> sqlite.Insert | postgresql.Insert:
    return insert.on_conflict_do_update(
        index_elements=["team_id", "key"],
        set_={
            "kind": insert.excluded.kind,
            "user_id": insert.excluded.user_id,
            "due_at": insert.excluded.due_at,
            "status": "pending",
            "attempts": 0,
            "claimed_by": None,
            "claimed_until": None,
            "parked_at": None,
            "last_error": None,
        },
    )


# Made once: building a statement costs more than running it.
_UPSERTS = {"sqlite": _upsert(sqlite.insert(OutboxRow)), "postgresql": _upsert(postgresql.insert(OutboxRow))}


def enqueue(session: Session, *dues: Due) -> None:
    """Add rows, or move those whose key stands already: due again, with a fresh count of attempts.

    Moving a row that a worker holds takes it out of that worker's hands: what was being sent is now out of date.
    """
    if dues:
        session.connection().execute(
            _UPSERTS[session.get_bind().dialect.name],
            [{**vars(due), "status": "pending", "attempts": 0} for due in dues],
        )


def forget_message(session: Session, team_id: str, key: str) -> None:
    """Let the next sending of a row be a new message instead of an update of the one before."""
    session.execute(
        update(OutboxRow)
        .where(col(OutboxRow.team_id) == team_id, col(OutboxRow.key) == key)
        .values(channel=None, message_ts=None)
    )


def send_again(session: Session, team_id: str, kind: str, since: datetime, now: datetime) -> None:
    """Let every message of a kind that was sent lately be brought up to date where it stands."""
    session.execute(
        update(OutboxRow)
        .where(
            col(OutboxRow.team_id) == team_id,
            col(OutboxRow.kind) == kind,
            col(OutboxRow.status) == "sent",
            col(OutboxRow.sent_at) >= since,
        )
        .values(status="pending", due_at=now, attempts=0)
    )


def cancel(session: Session, team_id: str, *keys: str) -> None:
    """Send none of these any more, where they have not gone out yet."""
    if keys:
        session.execute(
            update(OutboxRow)
            .where(col(OutboxRow.team_id) == team_id, col(OutboxRow.key).in_(keys), col(OutboxRow.status) == "pending")
            .values(status="cancelled", claimed_by=None, claimed_until=None)
        )


def has_gone_out(session: Session, team_id: str, key: str) -> bool:
    """Whether a row was sent."""
    status = select(OutboxRow.status).where(col(OutboxRow.team_id) == team_id, col(OutboxRow.key) == key)
    return session.exec(status).first() == "sent"


def claim(session: Session, owner: str, now: datetime, most: int = BATCH) -> Sequence[OutboxRow]:
    """Lease the oldest due rows to `owner`. Two workers never hold the same row.

    Every team's rows are claimed together: the clock belongs to the installation, and each row carries its team.
    """
    free = or_(col(OutboxRow.claimed_until).is_(None), col(OutboxRow.claimed_until) <= now)
    rows = session.exec(
        select(OutboxRow)
        .where(col(OutboxRow.status) == "pending", col(OutboxRow.due_at) <= now, free)
        .order_by(col(OutboxRow.due_at), col(OutboxRow.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.claimed_by = owner
        row.claimed_until = now + LEASE
        row.attempts += 1
    session.flush()
    return rows


def settle(session: Session, row: OutboxRow, now: datetime, sent: Sent | None) -> bool:
    """Mark a claimed row as sent, or as no longer wanted when `sent` is None.

    The row is settled only while its claimer still holds it; where the message stands is kept in any case, so that a
    row moved meanwhile updates that message instead of posting a second one. Returns whether the lease still held.
    """
    if sent and sent.message_ts:
        session.execute(_this(row).values(channel=sent.channel, message_ts=sent.message_ts))
    status = {"status": "sent", "sent_at": now} if sent else {"status": "cancelled"}
    return _fenced(session, row, **status, claimed_by=None, claimed_until=None, last_error=None)


def postpone(session: Session, row: OutboxRow, due_at: datetime, error: str) -> bool:
    """Give a claimed row back after a passing failure, to be tried again at `due_at`."""
    return _fenced(session, row, due_at=due_at, claimed_by=None, claimed_until=None, last_error=error)


def park(session: Session, row: OutboxRow, now: datetime, error: str) -> bool:
    """Set a claimed row aside after a refusal that trying again would not change."""
    return _fenced(session, row, status="parked", parked_at=now, claimed_by=None, claimed_until=None, last_error=error)


def _fenced(session: Session, row: OutboxRow, **values: object) -> bool:
    held = _this(row).where(col(OutboxRow.claimed_by) == row.claimed_by, col(OutboxRow.attempts) == row.attempts)
    return bool(session.connection().execute(held.values(**values)).rowcount)


def _this(row: OutboxRow) -> Update:
    return update(OutboxRow).where(col(OutboxRow.team_id) == row.team_id, col(OutboxRow.id) == row.id)
