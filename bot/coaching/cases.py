"""What a case is to those who work it: how it can end, what a press and a form bring, and what its card shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias, TypedDict

from bot.coaching import customers, missions, moves, policies
from bot.coaching.customers import Known, Past
from bot.coaching.library import Withdrawal
from bot.coaching.matching import Match, Tale
from bot.coaching.money import Money
from bot.coaching.outcomes import STAYED, Outcome
from bot.coaching.playbooks import Cause, Kind, Playbook, Step
from bot.coaching.policies import Had, Policy
from bot.storage.models import Approval, Case, Customer, Member, Mission, OutboxRow, Remedy, Sale, Task, Team

NOTE = "note"
MISFIT = "misfit"
HANDED = "handed"
# Something that a case's trail can tell.
Fact: TypeAlias = str | int | bool | None
# Drafts that a rep has changed are kept among the words, each under this and its own name.
DRAFT = "draft-"

HEARD_THROUGH = ("phone", "in_person", "email", "text", "chat")
IN_WRITING = frozenset({"email", "text", "chat"})


class Notice(StrEnum):
    """A word at the foot of the card about the press just made."""

    STALE = "stale"
    CARD_NUMBER = "card_number"
    KEPT = "kept"
    REOPENED = "reopened"
    MOVED = "moved"
    SHUT = "shut"
    PASSED = "passed"
    NOT_IN_WRITING = "not_in_writing"
    ASKED = "asked"
    TAKEN_BACK = "taken_back"
    SAID_ALREADY = "said_already"
    HANDED_BACK = "handed_back"
    STORY_KEPT = "story_kept"
    STORY_ALONE = "story_alone"
    NO_OTHER_STORY = "no_other_story"
    NOT_OFFERED = "not_offered"
    HAD = "had"
    ABOVE = "above"
    NOBODY_TO_ASK = "nobody_to_ask"
    UNASKED = "unasked"
    CALL_BOOKED = "call_booked"


@dataclass(frozen=True)
class Pressed:
    """A press on one copy of a card: whose, of which case, as it stood then, and what was typed in it.

    `message_ts` is the pressed message's, where Slack tells it; `response_url` is where it is redrawn.
    """

    team_id: str
    user_id: str
    case_id: int
    revision: int
    typed: Mapping[str, str] = field(default_factory=dict)
    message_ts: str | None = None
    response_url: str | None = None


class Details(TypedDict, total=False):
    """What a form about a case holds. It comes prefilled: a field left empty (None) is meant to be empty."""

    name: str | None
    outcome: Outcome | None
    reason: str | None
    remedy: str | None
    product: str | None
    heard_through: str | None
    value: Money | None
    bought_on: date | None
    customer_kind: str | None
    link: str | None
    fit: bool | None
    misfit: str | None
    note: str | None
    reconnect_on: date | None


@dataclass(frozen=True)
class Freed:
    """One thing that a freed hour could be used for: a promise that is due, or a case that is open."""

    case_id: int
    name: str | None
    task: Task | None = None


@dataclass(frozen=True)
class Card:
    """Everything a card shows. `history` and `namesakes` are None until somebody has looked.

    `choices` are the titles of the playbooks that there are, by their names. `withdrawal` is the customer's right to
    withdraw, to be told before any persuading; `sale` is how they bought, where their mission comes back, and `story`
    the one to tell, where there is one that fits; `told` is the one that was, while nobody has said whether it landed.
    `freed` is what a freed hour could be used for, `slots` the two times to offer for an appointment. `approval` is
    what was asked for above the limits and still stands here; `had` is what the customer has had of the remedy at hand,
    where that is as much as its policy allows for now. `stood` is how the case stood when it was found, as far as
    `coaching.record` tells of changes.
    """

    case: Case
    customer: Customer | None
    member: Member
    playbook: Playbook
    copy: OutboxRow | None = None
    mission: Mission | None = None
    history: Sequence[Past] | None = None
    namesakes: Sequence[Known] | None = None
    tasks: Sequence[Task] = ()
    team: Team | None = None
    remedies: Sequence[Remedy] | None = None
    sale: Sale | None = None
    story: Match | None = None
    told: Tale | None = None
    withdrawal: Withdrawal | None = None
    freed: Freed | None = None
    slots: Sequence[int] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    approval: Approval | None = None
    had: Had | None = None
    notice: Notice | None = None
    stood: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def name(self) -> str | None:
        """The customer's name as typed; None while there is none."""
        return customers.name_of(self.case, self.customer)

    @property
    def step(self) -> Step:
        """The step whose lines are shown: the one after an outcome, or the stand-in for what cannot be brought back."""
        step = self.playbook.steps[self._after or self.case.step]
        brought = {missions.FIELD: self.mission, "story": self.story}.get(step.brings or "")
        return self.playbook.steps[step.without] if step.brings and step.without and not brought else step

    @property
    def _after(self) -> str | None:
        """What the playbook says once something is decided, or while an answer is awaited."""
        case, after = self.case, self.playbook.after
        if case.in_touch is False and "rest" in after:
            return after["rest"]
        if case.outcome == Outcome.NOT_NOW and not case.in_touch:
            # Nothing was agreed on, so nothing is said of a next time.
            return self.playbook.parting
        if case.outcome:
            return after.get(case.outcome) or (after.get(Outcome.SAVED) if self.stayed else None)
        return after.get("waiting") if case.waiting_until else None

    @property
    def place(self) -> tuple[int, int] | None:
        """Where we are, as (3, 6); None once the conversation is over."""
        over = self.case.outcome or self.case.letting_go
        return None if over else self.playbook.place(self.case.step, moves.cause_of(self.case))

    @property
    def stayed(self) -> bool:
        """Whether they are staying, in whichever way. A new date for an appointment is no save."""
        return self.case.outcome in STAYED and not self.is_appointment

    @property
    def is_appointment(self) -> bool:
        """Whether this is about an appointment, which is in no save rate."""
        return self.case.kind == Kind.APPOINTMENT

    @property
    def left_alone(self) -> bool:
        """Whether this customer has asked not to be contacted, now or earlier."""
        return self.customer is not None and self.customer.left_alone_since is not None

    @property
    def policy(self) -> Policy:
        """What may be offered of the remedy at hand; no limits where the step is none."""
        return policies.of(self.team, self.playbook.steps[self.case.step].follow)

    @property
    def meanwhile(self) -> Sequence[Case]:
        """The cases that are open with the same customer beside this one, as far as anybody has looked."""
        return [past.case for past in self.history or () if past.case.outcome is None]

    @property
    def currency(self) -> str | None:
        """What amounts without a sign are counted in, where the team has set it."""
        return self.team.currency if self.team else None

    @property
    def open_remedies(self) -> Sequence[Step]:
        """What may be offered as things stand: of what the cause leaves open, what the policies do."""
        left = moves.open_remedies(self.case, self.playbook)
        return [each for each in left if policies.of(self.team, each.follow).offered]

    @property
    def only_lists_help(self) -> bool:
        """Whether remedies are merely looked at: in a worry, the lines for what has changed do not fit."""
        return self.case.cause == Cause.FEAR and self.case.step == self.playbook.help and not self.case.outcome

    @property
    def waits(self) -> bool:
        """Whether the customer's answer is awaited."""
        return self.case.waiting_until is not None and not self.case.outcome

    @property
    def first(self) -> bool:
        """Whether this is the card a case begins with."""
        case = self.case
        beginning = self.playbook.reply if case.writing else self.playbook.start[0]
        return case.step == beginning and not case.outcome and not self.waits

    @property
    def before_persuading(self) -> bool:
        """Whether no persuading has begun: the time to tell of a right to withdraw."""
        case, here = self.case, self.playbook.steps[self.case.step]
        begun = case.outcome or case.letting_go or (case.cause and not self.first)
        return not begun and (self.first or here.gate or case.step in self.playbook.start)
