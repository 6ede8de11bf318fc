"""The tables. Every one starts with `team_id`: workspaces never see each other."""

from datetime import UTC, datetime

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Index, TypeDecorator, UniqueConstraint
from sqlmodel import Field, SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept as naive UTC so that every database stores the same thing."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC)


class Member(SQLModel, table=True):
    """What we know of a person in Slack, how they like their cards, and which playbook they chose last."""

    team_id: str = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    timezone: str | None = None
    locale: str | None = None
    dm_channel: str | None = None
    cues_only: bool = False
    playbook: str | None = None
    learned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Customer(SQLModel, table=True):
    """Somebody who may cancel. `name_key` is what the spellings of one name have in common."""

    __table_args__ = (Index("ix_customer_name", "team_id", "name_key"),)

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    name: str
    name_key: str
    created_at: datetime = Field(sa_type=UtcDateTime)


class Case(SQLModel, table=True):
    """One cancellation being handled.

    `step` is a playbook's stable key. `revision` grows with every change, so that a press on an older copy is
    recognised. While nobody has said which customer this is, `called` holds the name as the rep typed it. `words` holds
    what else they typed, by the field's name. Money is in minor units of `currency` (ISO 4217).
    """

    __table_args__ = (
        Index("ix_case_closed", "team_id", "closed_at"),
        Index("ix_case_rep", "team_id", "rep_id", "closed_at"),
        Index("ix_case_customer", "team_id", "customer_id"),
    )

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    called: str | None = None
    rep_id: str
    playbook: str
    step: str
    came_from: str | None = None
    variant: int = 0
    revision: int = 0
    cause: str | None = None
    noes: int = 0
    letting_go: bool = False
    words: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    heard_through: str | None = None
    product: str | None = None
    value_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = None
    reason: str | None = None
    remedy: str | None = None
    outcome: str | None = None
    soft_yes: bool = False
    duplicate_of: int | None = Field(default=None, foreign_key="case.id")
    opened_at: datetime = Field(sa_type=UtcDateTime)
    touched_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Mission(SQLModel, table=True):
    """Why a customer bought, in their own words, with who heard it and when.

    Words heard while a customer cancels belong to that case, and so to whoever it turns out to be about; words kept at
    the sale belong to the customer.
    """

    __table_args__ = (
        UniqueConstraint("team_id", "case_id"),
        Index("ix_mission_customer", "team_id", "customer_id", "heard_at"),
    )

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    case_id: int | None = Field(default=None, foreign_key="case.id")
    words: str
    heard_by: str
    heard_at: datetime = Field(sa_type=UtcDateTime)


class Task(SQLModel, table=True):
    """Something promised: who does it, and when it is due."""

    __table_args__ = (
        Index("ix_task_owner", "team_id", "owner_id", "done_at", "due_at"),
        Index("ix_task_case", "team_id", "case_id"),
    )

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id")
    owner_id: str
    kind: str
    due_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dropped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class OutboxRow(SQLModel, table=True):
    """Something to be sent when it is due: once, whatever happens in between.

    `key` is unique in a workspace, so enqueueing twice moves the row instead of doubling the message. A worker holds a
    row while `claimed_until` lies ahead. `channel` and `message_ts` say where the message stands, once sent.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("team_id", "key"),
        Index("ix_outbox_due", "status", "due_at"),
        Index("ix_outbox_member", "team_id", "user_id", "status"),
    )

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    key: str
    kind: str
    user_id: str
    subject_id: int | None = None
    due_at: datetime = Field(sa_type=UtcDateTime)
    status: str = "pending"
    claimed_by: str | None = None
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    channel: str | None = None
    message_ts: str | None = None
    parked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str | None = None
