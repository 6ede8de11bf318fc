"""The coach: cases opened, worked, closed and taken back, each gesture in the one transaction its caller has begun."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.coaching import customers, missions, moves, reminders
from bot.coaching.card_numbers import looks_like_card_number, refuse_card_numbers, without_card_numbers
from bot.coaching.cases import NOTE, Card, Details, Notice, Pressed
from bot.coaching.customers import Known
from bot.coaching.errors import Declined, Reason
from bot.coaching.moves import Move
from bot.coaching.outcomes import STAYED, UNCOUNTED, Outcome
from bot.coaching.playbooks import Playbook
from bot.coaching.reminders import TaskKind
from bot.storage import outbox
from bot.storage.models import Case, Customer, Member, OutboxRow, Task

CARD = "card"
LEARN_MEMBER = "member"
STILL_FOR = timedelta(minutes=2)

_PROMISED: Mapping[str, TaskKind] = {
    **dict.fromkeys(STAYED, TaskKind.CHECK_IN),
    Outcome.COOL_OFF: TaskKind.COOL_OFF_CALL,
    Outcome.LEFT: TaskKind.CARRY_OUT,
}

# Made once: building a statement costs more than running it.
_CASE = (
    sa.select(Case, Customer, Member, OutboxRow, Task)
    .outerjoin(Customer, customers.of_case())
    .outerjoin(Member, (col(Member.team_id) == col(Case.team_id)) & (col(Member.user_id) == col(Case.rep_id)))
    .outerjoin(
        OutboxRow, (col(OutboxRow.team_id) == col(Case.team_id)) & (col(OutboxRow.key) == sa.bindparam("copy_key"))
    )
    .outerjoin(Task, reminders.open_in_case())
    .where(col(Case.team_id) == sa.bindparam("team_id"), col(Case.id) == sa.bindparam("case_id"))
    .order_by(col(Task.due_at), col(Task.id))
    .with_for_update(of=Case)
)


@dataclass(frozen=True)
class Coach:
    """The rules of a case, with the playbooks they follow."""

    playbooks: Mapping[str, Playbook]
    default: str = "sale"

    @property
    def choices(self) -> Mapping[str, str]:
        """The titles of the playbooks, by their names."""
        return {name: playbook.title for name, playbook in self.playbooks.items()}

    def understand(self, text: str) -> tuple[str | None, str | None]:
        """What a rep typed: the playbook its first word picks, and the customer's name; None for what is not said.

        Only small letters pick one: Order Ltd is a customer.
        """
        first, _, rest = text.strip().partition(" ")
        picked = next((name for name, book in self.playbooks.items() if first in book.words), None)
        return picked, (rest if picked else text).strip() or None

    def open(
        self,
        session: Session,
        team_id: str,
        user_id: str,
        name: str | None,
        now: datetime,
        *,
        picked: str | None = None,
        in_dm: bool = False,
    ) -> Card:
        """Open a case, by the playbook picked, else by the one that this member chose last.

        With `in_dm` the card goes to the rep's DM at once: there is no command to answer. Raises `Declined` for a name
        that holds a card number.
        """
        refuse_card_numbers(name)
        met, known = customers.arrival(session, team_id, user_id, name)
        member = met or Member(team_id=team_id, user_id=user_id)
        if picked and member.playbook != picked:
            member.playbook = picked
            session.add(member)
        playbook = self.playbooks.get(member.playbook or self.default) or self.playbooks[self.default]
        case = Case(
            team_id=team_id,
            rep_id=user_id,
            playbook=playbook.name,
            step=playbook.start[0],
            opened_at=now,
            touched_at=now,
        )
        card = Card(case, None, member, playbook, choices=self.choices)
        card = self._named(session, card, name, known, now) if name else card
        session.add(case)
        session.flush()
        learn = outbox.Due(team_id, f"{LEARN_MEMBER}:{user_id}", LEARN_MEMBER, user_id, now)
        outbox.enqueue(session, _copy(case, now if in_dm else now + STILL_FOR), *([] if met else [learn]))
        return card

    def show(self, session: Session, team_id: str, user_id: str, case_id: int) -> Card:
        """The card as it stands. Raises `Declined` when it is not there or not this member's."""
        return self._fill(session, self._find(session, team_id, user_id, case_id))

    def resume(self, session: Session, team_id: str, user_id: str, case_id: int, now: datetime) -> Card:
        """Bring a case back as a new message in the rep's DM, at once."""
        card = self._find(session, team_id, user_id, case_id)
        outbox.enqueue(session, _copy(card.case, now))
        outbox.forget_message(session, team_id, _copy(card.case, now).key)
        return card

    def repair(self, session: Session, team_id: str, user_id: str, case_id: int, now: datetime) -> None:
        """A card could not be redrawn in place: let its copy in the DM catch up at once."""
        card = self._find(session, team_id, user_id, case_id)
        outbox.enqueue(session, _copy(card.case, now))

    def press(self, session: Session, pressed: Pressed, move: Move, now: datetime) -> Card:
        """Make one move of the conversation. A press on an older copy, or one no longer open, moves nothing."""
        card = self._take_up(session, pressed, now)
        if card.notice:
            return self._fill(session, card)
        if not moves.make(move, card.case, card.playbook):
            return self._fill(session, replace(card, notice=Notice.STALE))
        return self._put_down(session, card, pressed, now)

    def switch(self, session: Session, pressed: Pressed, name: str, now: datetime) -> Card:
        """Begin again by another playbook, and remember it as the member's choice. What was typed stays."""
        card = self._take_up(session, pressed, now)
        if card.notice:
            return self._fill(session, card)
        case = card.case
        if name not in self.playbooks or case.outcome or case.letting_go:
            return self._fill(session, replace(card, notice=Notice.STALE))
        playbook = self.playbooks[name]
        case.playbook, case.step, case.variant = name, playbook.start[0], 0
        case.cause = case.came_from = None
        member = session.merge(card.member)
        member.playbook = name
        return self._put_down(session, replace(card, member=member, playbook=playbook), pressed, now)

    def look_closer(self, session: Session, pressed: Pressed, now: datetime) -> Card:
        """A form is about to open over the card: keep what stands typed, and leave the case where it is."""
        return self._fill(session, self._take_up(session, pressed, now))

    def hush(self, session: Session, pressed: Pressed, now: datetime) -> Card:
        """Hide the lines from this member, or show them again: cues only."""
        card = self._take_up(session, pressed, now)
        if card.notice:
            return self._fill(session, card)
        member = session.merge(card.member)
        member.cues_only = not member.cues_only
        return self._put_down(session, replace(card, member=member), pressed, now)

    def identify(self, session: Session, pressed: Pressed, customer_id: int | None, now: datetime) -> Card:
        """Say which customer of a name this is: one we know, or (None) somebody new."""
        card = self._take_up(session, pressed, now)
        if card.notice:
            return self._fill(session, card)
        known = customers.by_id(session, pressed.team_id, customer_id) if customer_id else None
        if customer_id and known is None:
            raise Declined(Reason.GONE)
        if known is None and card.name:
            known = Known(customers.create(session, pressed.team_id, card.name, now))
        if known:
            card = self._belongs_to(card, known)
        return self._put_down(session, card, pressed, now)

    def close(
        self, session: Session, pressed: Pressed, outcome: Outcome, now: datetime, *, on: date | None = None
    ) -> Card:
        """Record how it ended, with the task that follows from it; `on` is the day that was agreed."""
        card = self._take_up(session, pressed, now)
        if card.notice:
            return self._fill(session, card)
        case = card.case
        if case.closed_at:
            return self._fill(session, replace(card, notice=Notice.STALE))
        if case.outcome:
            reminders.drop(session, case, now)
        case.outcome = outcome
        # Lines that were shown while letting go are not shown again.
        case.variant += 1
        case.closed_at = None if outcome is Outcome.COOL_OFF else now
        kind = _PROMISED.get(outcome)
        promise = _Promise(kind, on) if kind else None
        return self._put_down(session, replace(card, tasks=()), pressed, now, promise=promise)

    def leave_out(self, session: Session, pressed: Pressed, duplicate_of: int | None, now: datetime) -> Card:
        """Take a case out of every figure: opened by mistake, or a duplicate of another of this member's."""
        if duplicate_of is None:
            return self.close(session, pressed, Outcome.MISTAKE, now)
        other = self._find(session, pressed.team_id, pressed.user_id, duplicate_of)
        card = self.close(session, pressed, Outcome.DUPLICATE, now)
        if card.notice is None:
            card.case.duplicate_of = other.case.id
        return card

    def soften(self, session: Session, pressed: Pressed, now: datetime) -> Card:
        """The yes was a soft one: call sooner, before it comes back as a second cancellation."""
        card = self._take_up(session, pressed, now)
        if card.notice:
            return self._fill(session, card)
        if not card.stayed or card.case.soft_yes:
            return self._fill(session, replace(card, notice=Notice.STALE))
        card.case.soft_yes = True
        reminders.drop(session, card.case, now)
        promise = _Promise(TaskKind.SOFT_YES_CALL)
        return self._put_down(session, replace(card, tasks=()), pressed, now, promise=promise)

    def carried_out(self, session: Session, pressed: Pressed, now: datetime) -> Card:
        """The cancellation is carried out and confirmed already: nothing to remind of any more."""
        card = self._take_up(session, pressed, now)
        if card.notice:
            return self._fill(session, card)
        for task in card.tasks:
            if task.kind == TaskKind.CARRY_OUT:
                task.done_at = now
        left = [task for task in card.tasks if task.done_at is None]
        return self._put_down(session, replace(card, tasks=left, notice=Notice.KEPT), pressed, now)

    def undo(self, session: Session, pressed: Pressed, now: datetime) -> Card:
        """Take an outcome back, and what was booked with it. The conversation stands where it stood."""
        card = self._take_up(session, pressed, now)
        if card.notice:
            return self._fill(session, card)
        case = card.case
        if not case.outcome:
            return self._fill(session, replace(card, notice=Notice.STALE))
        case.outcome = case.closed_at = case.duplicate_of = None
        case.soft_yes = False
        reminders.drop(session, case, now)
        return self._put_down(session, replace(card, tasks=(), notice=Notice.REOPENED), pressed, now)

    def describe(
        self, session: Session, team_id: str, user_id: str, case_id: int, details: Details, now: datetime
    ) -> Card:
        """Keep what the form says. Raises `Declined` for a card number in any of it."""
        refuse_card_numbers(details.get("name"), details.get("product"), details.get("note"))
        card = self._find(session, team_id, user_id, case_id)
        _fill_in(card.case, details, stayed=card.stayed)
        card = replace(self._renamed(session, card, details.get("name"), now), notice=Notice.KEPT)
        if "reconnect_on" in details and details["reconnect_on"] is None:
            card = self._stay_away(card, now)
        moved, promise = self._reconnect(card, details.get("reconnect_on"))
        return self._put_down(session, card, None, now, promise=promise, moved=moved)

    def others(self, session: Session, case: Case, most: int) -> Sequence[tuple[Case, str | None]]:
        """The rep's latest other cases with their customers' names: this one may be a duplicate of any."""
        rows = session.exec(
            select(Case, Customer)
            .outerjoin(Customer, customers.of_case())
            .where(
                col(Case.team_id) == case.team_id,
                col(Case.rep_id) == case.rep_id,
                col(Case.id) != case.id,
                col(Case.outcome).is_(None) | col(Case.outcome).not_in(UNCOUNTED),
            )
            .order_by(col(Case.opened_at).desc())
            .limit(most)
        ).all()
        return [(other, customers.name_of(other, customer)) for other, customer in rows]

    def _find(self, session: Session, team_id: str, user_id: str, case_id: int) -> Card:
        rows = session.execute(_CASE, {"team_id": team_id, "case_id": case_id, "copy_key": f"{CARD}:{case_id}"}).all()
        if not rows:
            raise Declined(Reason.GONE)
        case, customer, member, copy, _ = rows[0]
        if case.rep_id != user_id:
            raise Declined(Reason.NOT_YOURS)
        member = member or Member(team_id=team_id, user_id=user_id)
        # The outer joins leave gaps, whatever their types say.
        tasks = [task for *_, task in rows if task is not None]
        playbook, notice = self._place(case)
        return Card(case, customer, member, playbook, copy, choices=self.choices, tasks=tasks, notice=notice)

    def _place(self, case: Case) -> tuple[Playbook, Notice | None]:
        """The playbook of a case; one whose playbook or step is gone is moved to the nearest there is, and told so."""
        playbook = self.playbooks.get(case.playbook) or self.playbooks[self.default]
        step = playbook.nearest(case.step, moves.cause_of(case), letting_go=case.letting_go)
        moved = (playbook.name, step) != (case.playbook, case.step)
        case.playbook, case.step = playbook.name, step
        return playbook, Notice.MOVED if moved else None

    def _take_up(self, session: Session, pressed: Pressed, now: datetime) -> Card:
        """The pressed card with what was typed in it kept; with a notice where the press must not move it."""
        card = self._find(session, pressed.team_id, pressed.user_id, pressed.case_id)
        case = card.case
        stale = pressed.revision != case.revision
        typed = dict(pressed.typed)
        if stale:
            typed = {name: _both(case.words.get(name, ""), text) for name, text in typed.items()}
        if any(looks_like_card_number(text) for text in typed.values()):
            # A new revision gives the fields new ids, so that Slack shows what is kept and not what was typed.
            case.revision += 1
            case.words = _words({**case.words, **{name: without_card_numbers(text) for name, text in typed.items()}})
            return replace(card, notice=Notice.CARD_NUMBER)
        if typed:
            case.words = _words({**case.words, **typed})
        if typed.get(missions.FIELD):
            missions.keep(session, case, typed[missions.FIELD], now)
        return replace(card, notice=card.notice or Notice.STALE) if stale else card

    def _put_down(
        self,
        session: Session,
        card: Card,
        pressed: Pressed | None,
        now: datetime,
        *,
        promise: "_Promise | None" = None,
        moved: Sequence[Task] = (),
    ) -> Card:
        """Finish a gesture: the case has moved on, and the copy in the DM follows unless it was the one pressed."""
        case = card.case
        case.revision += 1
        case.touched_at = now
        booked = [reminders.book(session, case, promise.kind, card.member, now, promise.on)] if promise else []
        session.flush()
        pressed_the_copy = pressed and card.copy and card.copy.message_ts and pressed.message_ts == card.copy.message_ts
        copies = [] if pressed_the_copy else [_copy(case, now if case.outcome else now + STILL_FOR)]
        outbox.enqueue(session, *copies, *(reminders.due(task) for task in [*booked, *moved]))
        return self._fill(session, replace(card, tasks=[*card.tasks, *booked]))

    def _fill(self, session: Session, card: Card) -> Card:
        """Look up what only this card shows: the past and the namesakes on the first, the mission where it is due."""
        case = card.case
        if case.called and card.namesakes is None:
            card = replace(card, namesakes=customers.by_name(session, case.team_id, case.called))
        if case.outcome:
            return card
        if card.first and card.history is None and case.customer_id:
            known = customers.by_id(session, case.team_id, case.customer_id)
            card = replace(card, history=known.before(case) if known else ())
        if card.playbook.steps[case.step].brings == missions.FIELD:
            card = replace(card, mission=missions.latest(session, case))
        return card

    def _named(self, session: Session, card: Card, name: str, known: Sequence[Known], now: datetime) -> Card:
        """The card once there is a name: of the one we know, of several until the rep picks, or of somebody new."""
        if len(known) > 1:
            card.case.called = name
            return replace(card, namesakes=known)
        found = known[0] if known else Known(customers.create(session, card.case.team_id, name, now))
        return self._belongs_to(card, found)

    def _renamed(self, session: Session, card: Card, name: str | None, now: datetime) -> Card:
        """The card after a form: a name for whoever had none, or a correction of the one we had."""
        if not name or name == card.name:
            return card
        if card.customer is None:
            return self._named(session, card, name, customers.by_name(session, card.case.team_id, name), now)
        customers.rename(card.customer, name)
        return card

    def _belongs_to(self, card: Card, known: Known) -> Card:
        case = card.case
        case.customer_id = customers.id_of(known.customer)
        case.called = None
        return replace(card, customer=known.customer, history=known.before(case), namesakes=())

    def _stay_away(self, card: Card, now: datetime) -> Card:
        """A date that was taken out of the form is taken back.

        What must be carried out or was agreed on stays, and so does what is overdue: the form showed no date of that.
        """
        kept = [task for task in card.tasks if task.kind in reminders.UNTIL_DONE or task.due_at < now]
        for task in card.tasks:
            if task not in kept:
                task.dropped_at = now
        return replace(card, tasks=kept)

    def _reconnect(self, card: Card, on: date | None) -> "tuple[Sequence[Task], _Promise | None]":
        """What was promised, moved to the day chosen; or a light hello of its own for somebody who left."""
        case = card.case
        if on is None or case.outcome is None or case.outcome in UNCOUNTED:
            return (), None
        kind = TaskKind.HELLO if case.outcome == Outcome.LEFT else None
        task = next((task for task in card.tasks if kind in (None, task.kind)), None)
        if task is None:
            return (), _Promise(kind or _PROMISED[case.outcome], on)
        if reminders.day_of(task, card.member) == on:
            # Put off to a later hour of that day, it stays there.
            return (), None
        task.due_at = reminders.morning_of(on, card.member)
        return [task], None


@dataclass(frozen=True)
class _Promise:
    """Something to be booked, on a day where one was chosen."""

    kind: TaskKind
    on: date | None = None


def _copy(case: Case, due_at: datetime) -> outbox.Due:
    return outbox.Due(case.team_id, f"{CARD}:{case.id}", CARD, case.rep_id, due_at, case.id)


def _fill_in(case: Case, details: Details, *, stayed: bool) -> None:
    how = details.get("outcome")
    if stayed and how in STAYED:
        case.outcome = how
    for name in ("reason", "remedy", "product", "heard_through"):
        if name in details:
            setattr(case, name, details[name])
    if "value" in details:
        value = details["value"]
        case.value_minor, case.currency = (value.minor, value.currency) if value else (None, None)
    if "note" in details:
        case.words = _words({**case.words, NOTE: details["note"] or ""})


def _both(kept: str, typed: str) -> str:
    """What stands in a field of which two copies were written on: nothing of either is lost."""
    if typed in kept:
        return kept
    return typed if kept in typed else f"{kept}\n{typed}"


def _words(words: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in words.items() if text}
