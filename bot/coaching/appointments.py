"""Appointments: the times that are offered for a new date, and whether they met."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.coaching import decisions, record, reminders
from bot.coaching.cases import DRAFT, Card, Notice, Pressed
from bot.coaching.coach import Coach, Unmoved, gesture, times
from bot.coaching.outcomes import Outcome
from bot.coaching.reminders import Reminder


@gesture
def offer(coach: Coach, session: Session, pressed: Pressed, which: int, moment: datetime, now: datetime) -> Card:
    """Offer another time for an appointment in the place of one of the two; one that is gone is not taken."""
    card = coach.take_up(session, pressed, now)
    case = card.case
    slots = [*times(card, now)]
    if which not in range(len(slots)):
        raise Unmoved(replace(card, notice=Notice.STALE), now)
    if moment <= now:
        return coach.put_down(session, replace(card, notice=Notice.PASSED), pressed, now)
    slots[which] = int(moment.timestamp())
    case.slots = slots
    # What was typed over a draft that names the times would name the old ones.
    outdated = {
        f"{DRAFT}{step.key}-{draft.key}"
        for step in card.playbook.steps.values()
        for draft in step.write
        if "{first}" in draft.text or "{second}" in draft.text
    }
    case.words = {name: text for name, text in case.words.items() if name not in outdated}
    return coach.put_down(session, card, pressed, now)


def answer_met(session: Session, team_id: str, user_id: str, task_id: int, now: datetime, *, met: bool) -> Reminder:
    """After the new date: whether they met. Somebody who did not come may still be given another."""
    reminder = reminders.find(session, team_id, user_id, task_id)
    task, case = reminder.task, reminder.case
    if not reminders.is_open(task):
        return reminder
    task.done_at = now
    if case and case.outcome == Outcome.RESCHEDULED:
        if not met:
            decisions.decide(case, Outcome.NO_SHOW, now)
            record.note(case, user_id, now, outcome=Outcome.NO_SHOW.value)
        case.met = met
        session.flush()
        reminders.drop(session, case, now)
        case.revision += 1
        case.touched_at = now
    return reminder
