"""A desk to coach from: every gesture at it is one transaction on a real database, as in the bot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlmodel import Session, SQLModel, col, select

from bot.coaching import details as forms
from bot.coaching import due, endings, openings, reminders
from bot.coaching.cases import Card, Details, Pressed
from bot.coaching.coach import Coach
from bot.coaching.endings import Ending
from bot.coaching.moves import Move
from bot.coaching.openings import Picked
from bot.coaching.outcomes import Outcome
from bot.coaching.reminders import Reminder, Snooze, TaskKind
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.models import Member, OutboxRow, Task

# A Tuesday, ten in the morning in New York.
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)

Row = TypeVar("Row", bound=SQLModel)
T = TypeVar("T")


@dataclass
class Desk:
    """Where one member of one workspace sits, with the clock on the wall."""

    database: Database
    coach: Coach
    team: str = "T1"
    rep: str = "U1"
    now: datetime = NOW

    def later(self, **by: float) -> "Desk":
        self.now += timedelta(**by)
        return self

    def does(self, gesture: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """One transaction."""
        with self.database.begin() as session:
            return gesture(session, *args, **kwargs)

    def works(self, gesture: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """One transaction of a gesture that takes the coach."""
        return self.does(lambda session: gesture(self.coach, session, *args, **kwargs))

    def lives_in(self, timezone: str) -> "Desk":
        self.does(
            lambda session: session.add(
                Member(team_id=self.team, user_id=self.rep, timezone=timezone, learned_at=self.now)
            )
        )
        return self

    def opens(self, name: str | None = None, *, in_dm: bool = False) -> Card:
        return self.works(openings.open_case, self.team, self.rep, Picked(name), self.now, in_dm=in_dm)

    def begins(self, playbook: str, name: str | None = None) -> Card:
        """Open a case by that playbook."""
        return self.works(openings.open_case, self.team, self.rep, Picked(name, playbook), self.now)

    def shows(self, card: Card) -> Card:
        return self.does(self.coach.show, self.team, self.rep, card.case.id, self.now)

    def resumes(self, card: Card) -> Card:
        return self.does(self.coach.resume, self.team, self.rep, card.case.id, self.now)

    def repairs(self, card: Card) -> None:
        self.does(self.coach.repair, self.team, self.rep, card.case.id, self.now)

    def presses(self, card: Card, *moves: Move, **typed: str) -> Card:
        """Press one after the other, with what was typed beside the first."""
        for move in moves:
            card = self.does(self.coach.press, self.on(card, **typed), move, self.now)
            typed = {}
        return card

    def looks_closer(self, card: Card, **typed: str) -> Card:
        return self.does(self.coach.look_closer, self.on(card, **typed), self.now)

    def closes(self, card: Card, outcome: Outcome, on: date | None = None, **typed: str) -> Card:
        return self.works(endings.close, self.on(card, **typed), Ending(outcome, on), self.now)

    def leaves_out(self, card: Card, duplicate_of: Card | None = None) -> Card:
        other = duplicate_of.case.id if duplicate_of else None
        return self.works(endings.leave_out, self.on(card), other, self.now)

    def softens(self, card: Card) -> Card:
        return self.works(endings.soften, self.on(card), self.now)

    def undoes(self, card: Card) -> Card:
        return self.works(endings.undo, self.on(card), self.now)

    def hushes(self, card: Card) -> Card:
        return self.does(self.coach.hush, self.on(card), self.now)

    def identifies(self, card: Card, customer_id: int | None) -> Card:
        return self.does(self.coach.identify, self.on(card), customer_id, self.now)

    def describes(self, card: Card, **details: Any) -> Card:
        given: Details = details  # type: ignore[assignment]
        return self.works(forms.describe, self.team, self.rep, card.case.id, given, self.now)

    def on(self, card: Card, *, message_ts: str | None = None, **typed: str) -> Pressed:
        """A press on this card, as it stands in the hands of whoever sits here."""
        return Pressed(self.team, self.rep, card.case.id or 0, card.case.revision, typed, message_ts)

    def done(self, task_id: int | None) -> Reminder:
        return self.does(reminders.done, self.team, self.rep, task_id, self.now)

    def snoozes(self, task_id: int | None, until: Snooze | datetime) -> Reminder:
        return self.does(reminders.snooze, self.team, self.rep, task_id, until, self.now)

    def is_reminded_of(self, task: Task) -> bool:
        """Whether a task is brought to whoever sits here: now, or at the hour that it is set for."""
        set_for = self.does(lambda session: session.get_one(Task, task.id).remind_at)
        brought = self.does(due.round_of, self.team, self.rep, max(self.now, set_for or self.now))
        return task.id in [each.task.id for each in brought.reminders]

    def rings(self, message_ts: str = "1.0") -> Sequence[Reminder]:
        """The alarm of whoever sits here, where it is due: what it brings in one message."""

        def ring(session: Session) -> Sequence[Reminder]:
            claimed = outbox.claim(session, self.rep, self.now, most=100)
            alarm = next((row for row in claimed if row.key == f"alarm:{self.rep}"), None)
            if alarm is None:
                return []
            brought = due.round_of(session, self.team, self.rep, self.now).reminders
            outbox.settle(session, alarm, self.now, outbox.Sent())
            due.brought(session, self.team, self.rep, [each.task.id or 0 for each in brought], message_ts, self.now)
            return brought

        return self.does(ring)

    @property
    def rings_at(self) -> datetime | None:
        """When the alarm of whoever sits here rings next."""
        return self.outbox(reminders.KIND).get(f"alarm:{self.rep}")

    def tasks(self) -> Sequence[Task]:
        """Every task there is, but for whether a save held, which is asked apart."""
        return [task for task in self.rows(Task) if task.kind != TaskKind.HELD]

    def rows(self, kind: type[Row]) -> Sequence[Row]:
        """Everything there is of a kind, whosever it is, oldest first."""

        def read(session: Session) -> Sequence[Row]:
            return session.exec(select(kind).order_by(*inspect(kind).primary_key)).all()

        return self.does(read)

    def outbox(self, kind: str) -> dict[str, datetime]:
        """What waits to be sent of a kind: when, by its key."""

        def read(session: Session) -> Sequence[OutboxRow]:
            waiting = (col(OutboxRow.kind) == kind, col(OutboxRow.status) == "pending")
            return session.exec(select(OutboxRow).where(*waiting)).all()

        return {row.key: row.due_at for row in self.does(read)}
