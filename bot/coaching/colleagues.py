"""Colleagues: a case is handed over to one, or a question is put to all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.coaching import customers, homes, meanwhile, members, posts, record, reminders
from bot.coaching.card_numbers import refuse_card_numbers
from bot.coaching.cases import HANDED, Card, Notice, Pressed
from bot.coaching.coach import Coach, gesture, without_empty
from bot.coaching.copies import CARD, copy_key, copy_of, left_behind
from bot.coaching.errors import Declined, Reason
from bot.coaching.reminders import TaskKind
from bot.coaching.spelling import gives_away
from bot.storage import outbox
from bot.storage.models import Case, Customer, Member, Task

UNDO_FOR = timedelta(minutes=1)
# In what was promised by somebody who handed it over: who that was.
_FROM = "from"


@dataclass(frozen=True)
class Handed:
    """A case that somebody had, as they see it once it is with somebody else."""

    case: Case
    customer: Customer | None
    member: Member

    @property
    def name(self) -> str | None:
        """The customer's name as typed; None while there is none."""
        return customers.name_of(self.case, self.customer)

    def can_undo(self, now: datetime) -> bool:
        """Whether it can still be taken back."""
        case = self.case
        mine = case.handed_by == self.member.user_id
        return mine and case.handed_at is not None and now - case.handed_at <= UNDO_FOR


@gesture
def hand_over(
    coach: Coach, session: Session, pressed: Pressed, to: str, note: str | None, now: datetime
) -> Card | Handed:
    """Give a case to a colleague, at once: the card, what was promised in it, and the story so far.

    A card comes back where the press was on an older copy. What was sent twice is given once. Raises `Declined` for a
    card number in the note.
    """
    refuse_card_numbers(note)
    try:
        card = coach.take_up(session, pressed, now)
    except Declined as declined:
        if declined.reason is Reason.NOT_YOURS:
            given = find_handed(session, pressed.team_id, pressed.user_id, pressed.case_id)
            if given.case.rep_id == to and given.can_undo(now):
                return given
        raise
    case = card.case
    if case.made_up:
        raise Declined(Reason.MADE_UP)
    if to == case.rep_id:
        raise Declined(Reason.YOUR_OWN)
    case.words = without_empty({**case.words, HANDED: note or ""})
    case.handed_by, case.handed_at = case.rep_id, now
    # That it was left open is asked anew, of whoever has it then.
    reminders.drop_kind(card.tasks, TaskKind.LEFT_OPEN, now)
    own = [task for task in card.tasks if task.owner_id == case.rep_id and reminders.is_open(task)]
    for task in own:
        task.facts = {**task.facts, _FROM: case.rep_id}
    handed = _give(session, card, to, own, now)
    before = outbox.find(session, case.team_id, copy_key(case.id, to))
    if before and before.message_ts:
        # They had it once. It comes anew, and what stands of it further up shows the way.
        outbox.forget_message(session, case.team_id, before.key)
        outbox.enqueue(session, left_behind(case, to, before.channel, before.message_ts, now))
    return handed


def take_back(coach: Coach, session: Session, team_id: str, user_id: str, case_id: int, now: datetime) -> Card:
    """Take a case back from whom it was just handed to. Raises `Declined` when that was too long ago."""
    handed = find_handed(session, team_id, user_id, case_id)
    if handed.case.rep_id != user_id:
        if handed.case.handed_by != user_id:
            raise Declined(Reason.NOT_YOURS)
        if not handed.can_undo(now):
            raise Declined(Reason.TOO_LATE)
        card = coach.find(session, team_id, handed.case.rep_id, case_id)
        handed_over = [task for task in card.tasks if task.facts.get(_FROM) == user_id]
        for task in handed_over:
            task.facts = {name: fact for name, fact in task.facts.items() if name != _FROM}
        _give(session, card, user_id, handed_over, now)
        handed.case.handed_by = handed.case.handed_at = None
    card = replace(coach.find(session, team_id, user_id, case_id), notice=Notice.HANDED_BACK)
    return coach.fill(session, card, now)


def find_handed(session: Session, team_id: str, user_id: str, case_id: int) -> Handed:
    """A case that this member had, and somebody else has now. Raises `Declined` where there is none."""
    found = session.exec(
        select(Case, Customer)
        .outerjoin(Customer, customers.of_case())
        .where(col(Case.team_id) == team_id, col(Case.id) == case_id)
        .with_for_update(of=Case)
    ).first()
    if found is None:
        raise Declined(Reason.GONE)
    case, customer = found
    if case.forgotten_at:
        raise Declined(Reason.FORGOTTEN)
    return Handed(case, customer, members.find(session, team_id, user_id) or Member(team_id=team_id, user_id=user_id))


@gesture
def ask(coach: Coach, session: Session, pressed: Pressed, words: str, now: datetime) -> Card:
    """Put a question to colleagues in the team's help channel, now. The customer is never named.

    Raises `Declined` for a card number, for the customer's name in it, and where no channel was chosen.
    """
    refuse_card_numbers(words)
    card = coach.take_up(session, pressed, now)
    if card.case.made_up:
        raise Declined(Reason.MADE_UP)
    if card.team is None or card.team.help_channel is None:
        raise Declined(Reason.NO_HELP_CHANNEL)
    if gives_away(words, card.name):
        raise Declined(Reason.NAMED)
    due = posts.write(session, card.case, posts.QUESTION, card.team.help_channel, words, now)
    return coach.put_down(session, replace(card, notice=Notice.ASKED), pressed, now, extra=[due])


def _give(session: Session, card: Card, to: str, tasks: Sequence[Task], now: datetime) -> Handed:
    """Make a case, and these promises in it, somebody else's: their card comes at once, and the old one says so."""
    case, before = card.case, card.case.rep_id
    for task in tasks:
        task.owner_id, task.message_ts = to, None
        reminders.reschedule(task, task.due_at)
    case.rep_id = to
    case.revision += 1
    case.touched_at = now
    # Whoever hands it over, or takes back what they had handed over.
    record.keep(card, case.handed_by or before, now)
    receiver = members.find(session, case.team_id, to)
    session.flush()
    learn = members.look_up_if_new(receiver, case.team_id, to, now)
    old_copy = outbox.Due(case.team_id, copy_key(case.id, before), CARD, before, now, case.id)
    met = meanwhile.anew(case, now)
    asked = [reminders.left_open(case, now)] if case.outcome is None else []
    outbox.enqueue(session, old_copy, copy_of(case, now), met, *asked, *learn, *map(reminders.alarm, tasks))
    outbox.enqueue(session, homes.managers(case.team_id, before, now))
    homes.follow(session, case.team_id, (before, to), now)
    return Handed(case, card.customer, card.member)
