"""The outbox: everything that is due later is a row here, and is sent from here.

Three moves, each inside its caller's transaction: `enqueue` (or move) a row, `claim` a batch under a lease, `settle`
one that was claimed. A row whose worker died is claimed again when its lease runs out.

A row whose key begins with `alarm:` is an alarm: it rings at the soonest of the times that it was set to. What is due
then is asked of other rows, so that setting it takes nothing out of the hands of a worker that has just heard it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import Executable, Update, bindparam, case
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select, update

from bot.storage.models import OutboxRow, UtcDateTime

BATCH = 10
LEASE = timedelta(minutes=5)
ALARM = "alarm:"


@dataclass(frozen=True)
class Due:
    """What to send to whom, and when. `key` names it for good within its workspace.

    A new row may stand for a message that stands already, in `channel` at `message_ts`.
    """

    team_id: str
    key: str
    kind: str
    user_id: str
    due_at: datetime
    subject_id: int | None = None
    channel: str | None = None
    message_ts: str | None = None


class Claimed(NamedTuple):
    """A row in the hands of a worker, as it was when they took it; `attempts` counts this time too."""

    team_id: str
    id: int
    key: str
    kind: str
    user_id: str
    subject_id: int | None
    due_at: datetime
    claimed_by: str
    attempts: int
    channel: str | None
    message_ts: str | None


@dataclass(frozen=True)
class Sent:
    """Where a message now stands in Slack, the files with it, and which rows of other tables it told of."""

    channel: str | None = None
    message_ts: str | None = None
    told: Sequence[int] = ()
    files: Sequence[str] = ()


def _upsert(insert: sqlite.Insert | postgresql.Insert) -> sqlite.Insert | postgresql.Insert:
    new, old = insert.excluded, OutboxRow
    rings_already = new.key.startswith(ALARM) & (col(old.status) == "pending")
    afresh = {"due_at": new.due_at, "attempts": 0, "claimed_by": None, "claimed_until": None, "last_error": None}
    kept = {name: getattr(old, name) for name in afresh}
    sooner = case((col(old.due_at) < new.due_at, col(old.due_at)), else_=new.due_at)
    return insert.on_conflict_do_update(
        index_elements=["team_id", "key"],
        set_={
            "kind": new.kind,
            "user_id": new.user_id,
            "status": "pending",
            "parked_at": None,
            **{
                name: case((rings_already, sooner if name == "due_at" else kept[name]), else_=value)
                for name, value in afresh.items()
            },
        },
    )


# Made once: building a statement costs more than running it.
_UPSERTS = {"sqlite": _upsert(sqlite.insert(OutboxRow)), "postgresql": _upsert(postgresql.insert(OutboxRow))}


def enqueue(session: Session, *dues: Due) -> None:
    """Add rows, or move those whose key stands already: due again, with a fresh count of attempts.

    Moving a row that a worker holds takes it out of that worker's hands: what was being sent is now out of date. An
    alarm stays where it is, and rings at the sooner time.
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


def cancel_all(session: Session, team_id: str, kind: str, subject_id: int | None) -> None:
    """Send nothing of a kind about a subject any more, as far as it has not gone out yet."""
    about = (col(OutboxRow.kind) == kind, col(OutboxRow.subject_id) == subject_id, col(OutboxRow.status) == "pending")
    session.execute(
        update(OutboxRow)
        .where(col(OutboxRow.team_id) == team_id, *about)
        .values(status="cancelled", claimed_by=None, claimed_until=None)
    )


def parked(session: Session, team_id: str, most: int) -> Sequence[OutboxRow]:
    """What Slack refused for good in a workspace, latest first."""
    rows = select(OutboxRow).where(col(OutboxRow.status) == "parked", col(OutboxRow.team_id) == team_id)
    return session.exec(rows.order_by(col(OutboxRow.parked_at).desc(), col(OutboxRow.id)).limit(most)).all()


def unpark(session: Session, team_id: str, row_id: int, now: datetime, *, send: bool) -> bool:
    """Let a parked row be sent again, or leave it for good. Returns whether it was parked still."""
    again = {"status": "pending", "due_at": now, "attempts": 0} if send else {"status": "cancelled"}
    this = update(OutboxRow).where(col(OutboxRow.team_id) == team_id, col(OutboxRow.id) == row_id)
    still = this.where(col(OutboxRow.status) == "parked").values(**again, parked_at=None)
    return bool(session.connection().execute(still).rowcount)


def find(session: Session, team_id: str, key: str) -> OutboxRow | None:
    """The row of that key."""
    return session.exec(select(OutboxRow).where(col(OutboxRow.team_id) == team_id, col(OutboxRow.key) == key)).first()


def has_gone_out(session: Session, team_id: str, key: str) -> bool:
    """Whether a row was sent."""
    status = select(OutboxRow.status).where(col(OutboxRow.team_id) == team_id, col(OutboxRow.key) == key)
    return session.exec(status).first() == "sent"


def _claim() -> Executable:
    now = bindparam("now", type_=UtcDateTime)
    free = col(OutboxRow.claimed_until).is_(None) | (col(OutboxRow.claimed_until) <= now)
    due = (
        select(OutboxRow.id)
        .where(col(OutboxRow.status) == "pending", col(OutboxRow.due_at) <= now, free)
        .order_by(col(OutboxRow.due_at), col(OutboxRow.id))
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        # Looked up once: a server that joined it to the table as it liked might come by more rows than were asked for.
        .cte("due")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return (
        update(OutboxRow)
        .where(col(OutboxRow.id).in_(select(due.c.id)))
        .values(
            claimed_by=bindparam("owner"),
            claimed_until=bindparam("until", type_=UtcDateTime),
            attempts=col(OutboxRow.attempts) + 1,
        )
        .returning(*(getattr(OutboxRow, each) for each in Claimed._fields))
    )


_CLAIM = _claim()
_OLDEST_FIRST = attrgetter("due_at", "id")


def claim(session: Session, owner: str, now: datetime, most: int = BATCH) -> Sequence[Claimed]:
    """Lease the oldest due rows to `owner`, first thing in a transaction. Two workers never hold the same row.

    Every team's rows are claimed together: the clock belongs to the installation, and each row carries its team.
    """
    if session.get_bind().dialect.name == "postgresql":
        # To pass over what others hold is all the order that claims need; with more they would get in each other's way.
        session.connection(execution_options={"isolation_level": "READ COMMITTED"})
    claimed = {"owner": owner, "now": now, "until": now + LEASE, "most": most}
    # Whole entities would cost more than the claim itself.
    rows = map(Claimed._make, session.connection().execute(_CLAIM, claimed))
    return sorted(rows, key=_OLDEST_FIRST)


def take(session: Session, team_id: str, user_id: str, kinds: Collection[str], now: datetime) -> Sequence[OutboxRow]:
    """Take whatever is due of these kinds for a member, and in nobody's hands: it counts as sent. Oldest first."""
    mine = (col(OutboxRow.team_id) == team_id, col(OutboxRow.user_id) == user_id, col(OutboxRow.kind).in_(kinds))
    due = (col(OutboxRow.status) == "pending", col(OutboxRow.due_at) <= now)
    free = col(OutboxRow.claimed_until).is_(None) | (col(OutboxRow.claimed_until) <= now)
    rows = session.exec(
        select(OutboxRow)
        .where(*mine, *due, free)
        .order_by(col(OutboxRow.due_at), col(OutboxRow.id))
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.status, row.sent_at = "sent", now
    return rows


def settle(session: Session, row: Claimed, now: datetime, sent: Sent | None) -> bool:
    """Mark a claimed row as sent, or as no longer wanted when `sent` is None.

    The row is settled only while its claimer still holds it; where the message stands is kept in any case, so that a
    row moved meanwhile updates that message instead of posting a second one. Returns whether the lease still held.
    """
    if sent and sent.message_ts:
        session.execute(_this(row).values(channel=sent.channel, message_ts=sent.message_ts))
    status = {"status": "sent", "sent_at": now} if sent else {"status": "cancelled"}
    return _fenced(session, row, **status, claimed_by=None, claimed_until=None, last_error=None)


def postpone(session: Session, row: Claimed, due_at: datetime, error: str) -> bool:
    """Give a claimed row back after a passing failure, to be tried again at `due_at`."""
    return _fenced(session, row, due_at=due_at, claimed_by=None, claimed_until=None, last_error=error)


def renew(session: Session, row: Claimed, now: datetime) -> bool:
    """Go on holding a claimed row that takes long. Returns whether the lease still held."""
    return _fenced(session, row, claimed_until=now + LEASE)


def give_back(session: Session, row: Claimed, due_at: datetime) -> bool:
    """Give a claimed row back untried, to be taken again at `due_at`."""
    return _fenced(session, row, due_at=due_at, attempts=row.attempts - 1, claimed_by=None, claimed_until=None)


def park(session: Session, row: Claimed, now: datetime, error: str) -> bool:
    """Set a claimed row aside after a refusal that trying again would not change."""
    return _fenced(session, row, status="parked", parked_at=now, claimed_by=None, claimed_until=None, last_error=error)


def _fenced(session: Session, row: Claimed, **values: object) -> bool:
    held = _this(row).where(col(OutboxRow.claimed_by) == row.claimed_by, col(OutboxRow.attempts) == row.attempts)
    return bool(session.connection().execute(held.values(**values)).rowcount)


def _this(row: Claimed) -> Update:
    return update(OutboxRow).where(col(OutboxRow.team_id) == row.team_id, col(OutboxRow.id) == row.id)
