"""Answers in writing: what was sent, and the day until which the customer's own answer is awaited."""

from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session

from bot.coaching import calendar, moves, reminders
from bot.coaching.cases import Card, Notice, Pressed
from bot.coaching.coach import Coach, Unmoved, gesture, times
from bot.coaching.reminders import Promise, TaskKind


@gesture
def wait(coach: Coach, session: Session, pressed: Pressed, now: datetime, *, until: date | None = None) -> Card:
    """The message is sent: wait for their answer, until the day chosen, else for a few working days."""
    card = coach.take_up(session, pressed, now)
    case, today = card.case, now.astimezone(calendar.zone(card.member.timezone)).date()
    if not case.writing or case.outcome or case.letting_go:
        raise Unmoved(replace(card, notice=Notice.STALE), now)
    if until and until < today:
        return coach.put_down(session, replace(card, notice=Notice.PASSED), pressed, now)
    # What was offered in writing stays offered.
    case.slots = [*times(card, now)]
    case.waiting_until = until or reminders.default_day(TaskKind.ANSWER, today)
    reminders.drop_kind(card.tasks, TaskKind.ANSWER, now)
    promises = [Promise(TaskKind.ANSWER, case.waiting_until)]
    return coach.put_down(session, card, pressed, now, promises=promises)


@gesture
def run_steps(coach: Coach, session: Session, pressed: Pressed, now: datetime) -> Card:
    """The steps of the conversation, in writing. The first time a rep is told why not, and may go on all the same."""
    card = coach.take_up(session, pressed, now)
    case = card.case
    if not case.writing or case.outcome or case.letting_go:
        raise Unmoved(replace(card, notice=Notice.STALE), now)
    if not card.member.told_of_writing:
        member = session.merge(card.member)
        member.told_of_writing = True
        return coach.put_down(session, replace(card, member=member, notice=Notice.NOT_IN_WRITING), pressed, now)
    moves.begin(case, card.playbook, case.heard_through, writing=False)
    reminders.drop_kind(card.tasks, TaskKind.ANSWER, now)
    return coach.put_down(session, card, pressed, now)
