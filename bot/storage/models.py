"""The tables. Every one starts with `team_id`: workspaces never see each other."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Index, TypeDecorator, UniqueConstraint, text
from sqlmodel import Field, SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept as naive UTC so that every database stores the same thing."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC)


def _empty() -> list[object]:
    # Pydantic reads the signature of a factory at every row, and that of `list` alone takes longer than all the rest.
    return []


class Team(SQLModel, table=True):
    """What the managers of a workspace have set: channels, rights, and who verifies.

    `reasons` are those to choose from, where they are not those that ship; amounts without a sign are of `currency`.
    `withdrawal_kinds` are kinds of playbooks; without days there is no such right. A story is confirmed again after
    `story_months`. `story_revision` grows with every change of what may be told. Everybody of the user group
    `manager_group` is asked to manage the team. `policies` are plain records by what follows from a remedy;
    `coaching.policies` gives them types. They stand here since every card is read with its team.
    """

    team_id: str = Field(primary_key=True)
    heard_channel: str | None = None
    help_channel: str | None = None
    withdrawal_days: int | None = None
    withdrawal_kinds: list[str] = Field(default_factory=_empty, sa_type=JSON)
    withdrawal_words: str | None = None
    verifier_id: str | None = None
    story_months: int = 12
    story_revision: int = 0
    customer_kinds: list[str] = Field(default_factory=_empty, sa_type=JSON)
    reasons: list[str] = Field(default_factory=_empty, sa_type=JSON)
    currency: str | None = None
    work_days: list[int] | None = Field(default=None, sa_type=JSON)
    work_from: str | None = None
    work_to: str | None = None
    daily_most: int | None = None
    manager_group: str | None = None
    manager_group_handle: str | None = None
    policies: dict[str, dict[str, str | int | bool | None]] = Field(default_factory=dict, sa_type=JSON)


class Product(SQLModel, table=True):
    """Something the team sells, with what a rep may need to know of it. `name_key` is the folded name.

    `problems` and `links` are lists of plain records; `coaching.library` gives them types.
    """

    __table_args__ = (UniqueConstraint("team_id", "name_key"),)

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    name: str
    name_key: str
    problems: list[dict[str, str]] = Field(default_factory=_empty, sa_type=JSON)
    links: list[dict[str, str]] = Field(default_factory=_empty, sa_type=JSON)
    changed_by: str
    changed_at: datetime = Field(sa_type=UtcDateTime)


class Member(SQLModel, table=True):
    """What we know of a person in Slack, and how they like their cards.

    `playbook` and `heard_through` are what they chose last, `default_playbook` is what they always begin with.
    `is_admin` is Slack's word; a manager is who has accepted to be one, at `manages_since`. Working days (0 is Monday),
    hours ("09:00") and the most reminders of a day are their own where they have set any, else the team's. On the day
    `brought_on`, where they are, they were reminded of `brought` things that could have waited. `timezone` is their
    `own_timezone` where they have set one, else Slack's. `unwanted` names what they do not want to be told.
    """

    team_id: str = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    timezone: str | None = None
    locale: str | None = None
    dm_channel: str | None = None
    cues_only: bool = False
    playbook: str | None = None
    heard_through: str | None = None
    default_playbook: str | None = None
    booking_link: str | None = None
    told_of_writing: bool = False
    is_admin: bool = False
    manages_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    learned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    work_days: list[int] | None = Field(default=None, sa_type=JSON)
    work_from: str | None = None
    work_to: str | None = None
    daily_most: int | None = None
    away_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    brought_on: date | None = None
    brought: int = 0
    own_timezone: str | None = None
    unwanted: list[str] = Field(default_factory=_empty, sa_type=JSON)
    welcomed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    home_seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    home_tasks: int = 0
    home_cases: int = 0
    home_waiting: int = 0


class Invitation(SQLModel, table=True):
    """Somebody who was asked to manage the team: by whom, and through which user group, where it was through one.

    `said_yes` is None until they answer. Once it was `ended_by` somebody, themselves included, it holds no more; where
    it was by nobody, they have left the group, or were no colleague and never asked.
    """

    team_id: str = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    asked_by: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    group_id: str | None = None
    said_yes: bool | None = None
    said_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: str | None = None
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Customer(SQLModel, table=True):
    """Somebody who may cancel. `name_key` is what the spellings of one name have in common.

    Whoever asked not to be contacted is left alone from `left_alone_since` on.
    """

    __table_args__ = (Index("ix_customer_name", "team_id", "name_key"),)

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    name: str
    name_key: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    left_alone_since: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Case(SQLModel, table=True):
    """One cancellation being handled.

    `kind` and `step` are the playbook's kind and stable key. `revision` grows with every change, so that a press on an
    older copy is recognised. While nobody has said which customer this is, `called` holds the name as the rep typed it.
    `words` holds what else they typed, by the field's name. Money is in minor units of `currency` (ISO 4217).
    While `writing`, the customer is answered in writing; `waiting_until` is the day by which an answer is awaited.
    `slots` are the two times to offer where the rep chose them, `appointment_at` the one agreed on. `in_touch` and
    `fit` are what was said at parting, None where nobody said. `agreed` says that there are remedies. `decided_at` is
    when the outcome was recorded, and `before` how the case stood before each decision, for `coaching.decisions`.
    `story_id` is the story that this customer is told, or is about to be, and `landed` whether it did; `passed_over`
    are those that the rep did not choose. `gave_story` says that the case has become one itself. `lost_at` is the step
    from which it went to letting go. `trail` is what `coaching.record` keeps of it, oldest first. `response_url` is
    where its card was drawn last for its rep's eyes alone. Since `forgotten_at` nothing here says whom it was about.
    """

    __table_args__ = (
        Index("ix_case_closed", "team_id", "closed_at"),
        Index("ix_case_rep", "team_id", "rep_id", "closed_at"),
        Index("ix_case_customer", "team_id", "customer_id"),
        Index("ix_case_story", "team_id", "story_id"),
        Index("ix_case_source", "team_id", "source_channel", "source_ts"),
    )

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    called: str | None = None
    rep_id: str
    kind: str = "sale"
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
    writing: bool = False
    waiting_until: date | None = None
    product: str | None = None
    bought_on: date | None = None
    link: str | None = None
    value_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = None
    reason: str | None = None
    remedy: str | None = None
    outcome: str | None = None
    soft_yes: bool = False
    duplicate_of: int | None = Field(default=None, foreign_key="case.id")
    slots: list[int] = Field(default_factory=_empty, sa_type=JSON)
    appointment_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    met: bool | None = None
    in_touch: bool | None = None
    fit: bool | None = None
    handed_by: str | None = None
    handed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    agreed: bool = False
    customer_kind: str | None = None
    story_id: int | None = None
    passed_over: list[int] = Field(default_factory=_empty, sa_type=JSON)
    landed: bool | None = None
    gave_story: bool = False
    lost_at: str | None = None
    before: list[dict[str, str | bool | None]] = Field(default_factory=_empty, sa_type=JSON)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    trail: list[dict[str, str | int | bool | None]] = Field(default_factory=_empty, sa_type=JSON)
    response_url: str | None = None
    opened_at: datetime = Field(sa_type=UtcDateTime)
    touched_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    forgotten_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    made_up: bool = False
    source_channel: str | None = None
    source_ts: str | None = None
    source_link: str | None = None


class Draft(SQLModel, table=True):
    """What somebody had typed into a form that they closed: of which form, and what `about`.

    It is kept for a day, or until the form is sent. What it is about may be a customer's name.
    """

    team_id: str = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    form: str = Field(primary_key=True)
    about: str = Field(primary_key=True)
    values: dict[str, dict[str, Any]] = Field(default_factory=dict, sa_type=JSON)
    kept_at: datetime = Field(sa_type=UtcDateTime)


class Export(SQLModel, table=True):
    """Files that a manager asked for: what they wished, and the message that tells how far it is, once it stands."""

    __table_args__ = (Index("ix_export_member", "team_id", "asked_by"),)

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    asked_by: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    wish: dict[str, str | bool | list[str] | None] = Field(default_factory=dict, sa_type=JSON)
    channel: str | None = None
    message_ts: str | None = None


class SharedFile(SQLModel, table=True):
    """A file of ours in a member's DM that names customers: these, or None where it may be anybody."""

    __tablename__ = "shared_file"
    __table_args__ = (Index("ix_shared_file_sent", "team_id", "sent_at"),)

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    file_id: str
    user_id: str
    customers: list[int] | None = Field(default=None, sa_type=JSON)
    sent_at: datetime = Field(sa_type=UtcDateTime)


class Erasure(SQLModel, table=True):
    """A customer was forgotten: by whom, when, and how many rows of each table it took. Not about whom."""

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    by: str
    at: datetime = Field(sa_type=UtcDateTime)
    rows: dict[str, int] = Field(default_factory=dict, sa_type=JSON)


class Subscription(SQLModel, table=True):
    """A weekly summary in a channel: on which day (0 is Monday) and at what hour ("09:00") of a timezone (IANA).

    `parts` are what its thread tells beside the five lines. Nothing is sent before it is `switched_on_at`.
    """

    __table_args__ = (UniqueConstraint("team_id", "channel"),)

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    channel: str
    day: int = 0
    hour: str = "09:00"
    timezone: str
    parts: list[str] = Field(default_factory=_empty, sa_type=JSON)
    set_by: str
    set_at: datetime = Field(sa_type=UtcDateTime)
    switched_on_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


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


class Sale(SQLModel, table=True):
    """A yes that was solidified: what was gone over, what it was like before, and how sure they sounded."""

    __table_args__ = (Index("ix_sale_customer", "team_id", "customer_id", "sold_at"),)

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    rep_id: str
    product: str | None = None
    value_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = None
    checked: list[str] = Field(default_factory=_empty, sa_type=JSON)
    before: str | None = None
    sureness: str
    sold_at: datetime = Field(sa_type=UtcDateTime)


class Remedy(SQLModel, table=True):
    """What was agreed on to help a customer, by the playbook's key, with its worth where it costs something.

    `follow` is what follows from it; one that was taken back keeps its row. Where a policy asks for them, `percent` and
    `months` say how much less, and for how long.
    """

    __table_args__ = (Index("ix_remedy_case", "team_id", "case_id"),)

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id")
    key: str
    follow: str
    words: str | None = None
    percent: int | None = None
    months: int | None = None
    worth_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = None
    agreed_by: str
    agreed_at: datetime = Field(sa_type=UtcDateTime)
    taken_back_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Approval(SQLModel, table=True):
    """A remedy above what its policy allows, asked for in a case, and what was decided of it.

    What is asked stands as in an agreement: `owner_id` does it by the day `due_on`. `asked_of` are those who may decide
    and have been asked, in turn; at `slow_at` it had taken long. It waits until `decided_at`, when `decided_by` (None
    where it was nobody) gave a `verdict` with a `word`; of a lesser offer, `less_percent`, `less_months` and
    `less_minor` (of the same currency) are what is fine. From `closed_at` on no card shows it any more.
    """

    __table_args__ = (Index("ix_approval_case", "team_id", "case_id"),)

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id")
    key: str
    follow: str
    words: str | None = None
    percent: int | None = None
    months: int | None = None
    worth_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = None
    owner_id: str | None = None
    due_on: date | None = None
    asked_by: str
    asked_at: datetime = Field(sa_type=UtcDateTime)
    asked_of: list[str] = Field(default_factory=_empty, sa_type=JSON)
    slow_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    verdict: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    word: str | None = None
    less_percent: int | None = None
    less_months: int | None = None
    less_minor: int | None = Field(default=None, sa_type=BigInteger)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Post(SQLModel, table=True):
    """Something said in a channel, or in a thread of it, on behalf of a member.

    The customer is named only where `named` says that they agreed.
    """

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id")
    kind: str
    channel: str
    words: str
    author_id: str
    named: bool = False
    thread_ts: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)


class Story(SQLModel, table=True):
    """A true story of somebody who stayed, in three lines that can be spoken.

    `whose` is the customer's name, said only where `consent` allows it; `whose_key` is what its spellings share.
    `edited_by` wrote the lines as they stand, and neither they nor the author may verify them. `revision` grows with
    every change, so that a verdict on an older text is recognised. How often it was `told` and has `landed` is kept
    here, so that nothing has to be counted.
    """

    __table_args__ = (
        Index("ix_story_status", "team_id", "status"),
        Index("ix_story_author", "team_id", "author_id"),
        Index("ix_story_customer", "team_id", "customer_id"),
        Index("ix_story_whose", "team_id", "whose_key"),
    )

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    author_id: str
    edited_by: str
    case_id: int | None = Field(default=None, foreign_key="case.id")
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    whose: str
    whose_key: str
    source: str
    proof: str | None = None
    consent: str
    agreed_how: str | None = None
    worry: str
    product: str | None = None
    customer_kind: str | None = None
    before: str
    turned: str
    now: str
    status: str
    revision: int = 0
    told: int = 0
    landed: int = 0
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class StoryDecision(SQLModel, table=True):
    """Something decided of a story: who, when, what, and why; nobody, where it was time that did.

    `told` is the story as it stood then.
    """

    __tablename__ = "story_decision"
    __table_args__ = (Index("ix_story_decision_story", "team_id", "story_id"),)

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    story_id: int = Field(foreign_key="story.id")
    what: str
    by: str | None = None
    at: datetime = Field(sa_type=UtcDateTime)
    why: str | None = None
    told: dict[str, str | None] = Field(default_factory=dict, sa_type=JSON)


class Telling(SQLModel, table=True):
    """A story that was told in a case, and whether it landed."""

    __table_args__ = (UniqueConstraint("team_id", "case_id"),)

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    story_id: int = Field(foreign_key="story.id")
    case_id: int = Field(foreign_key="case.id")
    rep_id: str
    landed: bool
    told_at: datetime = Field(sa_type=UtcDateTime)


class Sight(SQLModel, table=True):
    """A screen that only one member sees, and that may have to change unasked: a story on it may be withdrawn.

    `place` names it: a card, which Slack reaches by `response_url` for half an hour
    (docs.slack.dev/interactivity/handling-user-interaction), or a search, with what was `asked`, which is a modal whose
    `external_id` is the place.
    """

    __table_args__ = (Index("ix_sight_seen", "team_id", "seen_at"),)

    team_id: str = Field(primary_key=True)
    place: str = Field(primary_key=True)
    user_id: str
    case_id: int | None = None
    stories: list[int] = Field(default_factory=_empty, sa_type=JSON)
    asked: dict[str, str | int | None] | None = Field(default=None, sa_type=JSON)
    response_url: str | None = None
    seen_at: datetime = Field(sa_type=UtcDateTime)


_WAITS = text("done_at IS NULL AND dropped_at IS NULL AND remind_at IS NOT NULL")
_HELD = text("kind = 'held' AND dropped_at IS NULL")


class Task(SQLModel, table=True):
    """Something promised in a case, after a sale, or to a customer: who does it, and when it is due.

    `facts` holds what else its reminder has to say, by name. At `remind_at` it is brought to its owner next; None
    where it is not. One whose hour was chosen, by its owner or with the customer, is `exact`: it is brought then even
    outside of working hours. `reminded_at` is when it was brought last and has not been answered since, `times` how
    often so far, and `message_ts` the message in which it stands; `stood_in` are all in which it ever did. `handed_by`
    had it before, until `handed_at`, in the message `handed_ts`.
    """

    __table_args__ = (
        Index("ix_task_remind", "team_id", "owner_id", "remind_at", sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index("ix_task_message", "team_id", "message_ts"),
        Index("ix_task_handed", "team_id", "handed_ts"),
        Index("ix_task_held", "team_id", "done_at", "due_at", sqlite_where=_HELD, postgresql_where=_HELD),
        Index("ix_task_customer", "team_id", "customer_id"),
        Index("ix_task_owner", "team_id", "owner_id", "done_at", "due_at"),
        Index("ix_task_case", "team_id", "case_id"),
        Index("ix_task_sale", "team_id", "sale_id"),
    )

    team_id: str
    id: int | None = Field(default=None, primary_key=True)
    case_id: int | None = Field(default=None, foreign_key="case.id")
    sale_id: int | None = Field(default=None, foreign_key="sale.id")
    customer_id: int | None = None
    owner_id: str
    kind: str
    facts: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    due_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    remind_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    exact: bool = False
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    times: int = 0
    message_ts: str | None = None
    stood_in: list[dict[str, str]] = Field(default_factory=_empty, sa_type=JSON)
    handed_by: str | None = None
    handed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    handed_ts: str | None = None
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dropped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dropped_why: str | None = None


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
