"""What a case is to those who work it: how it can end, what a press and a form bring, and what its card shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypedDict

from bot.coaching import customers, missions, moves
from bot.coaching.customers import Known, Past
from bot.coaching.money import Money
from bot.coaching.outcomes import STAYED, Outcome
from bot.coaching.playbooks import Playbook, Step
from bot.storage.models import Case, Customer, Member, Mission, OutboxRow, Task

NOTE = "note"


REASONS = ("worry", "cost", "unused", "broken", "missing", "moved", "doubled", "somebody_else", "other")
HEARD_THROUGH = ("phone", "in_person", "email", "text", "chat")


class Notice(StrEnum):
    """A word at the foot of the card about the press just made."""

    STALE = "stale"
    CARD_NUMBER = "card_number"
    KEPT = "kept"
    REOPENED = "reopened"
    MOVED = "moved"


@dataclass(frozen=True)
class Pressed:
    """A press on one copy of a card: whose, of which case, as it stood then, and what was typed in it.

    `message_ts` is the pressed message's, where Slack tells it.
    """

    team_id: str
    user_id: str
    case_id: int
    revision: int
    typed: Mapping[str, str] = field(default_factory=dict)
    message_ts: str | None = None


class Details(TypedDict, total=False):
    """What a form about a case holds. It comes prefilled: a field left empty (None) is meant to be empty."""

    name: str | None
    outcome: Outcome | None
    reason: str | None
    remedy: str | None
    product: str | None
    heard_through: str | None
    value: Money | None
    note: str | None
    reconnect_on: date | None


@dataclass(frozen=True)
class Card:
    """Everything a card shows. `history` and `namesakes` are None until somebody has looked.

    `choices` are the titles of the playbooks that there are, by their names.
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
    choices: Mapping[str, str] = field(default_factory=dict)
    notice: Notice | None = None

    @property
    def name(self) -> str | None:
        """The customer's name as typed; None while there is none."""
        return customers.name_of(self.case, self.customer)

    @property
    def step(self) -> Step:
        """The step whose lines are shown: the one after an outcome, or the stand-in for what cannot be brought back."""
        after = self.playbook.after.get(Outcome.SAVED if self.stayed else self.case.outcome or "")
        step = self.playbook.steps[after or self.case.step]
        missing = step.brings and not (step.brings == missions.FIELD and self.mission)
        return self.playbook.steps[step.without] if step.without and missing else step

    @property
    def place(self) -> tuple[int, int] | None:
        """Where we are, as (3, 6); None once the conversation is over."""
        over = self.case.outcome or self.case.letting_go
        return None if over else self.playbook.place(self.case.step, moves.cause_of(self.case))

    @property
    def stayed(self) -> bool:
        """Whether they are staying, in whichever way."""
        return self.case.outcome in STAYED

    @property
    def first(self) -> bool:
        """Whether this is the card a case begins with."""
        return self.case.step == self.playbook.start[0] and not self.case.outcome
