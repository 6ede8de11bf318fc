"""Corrections: an outcome that was recorded turns out to be another one. Both are kept, with who says so and why.

The case stays closed when it was closed, so that it counts in that week as what it really was.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.coaching import due, endings, held, record, reminders
from bot.coaching.card_numbers import refuse_card_numbers
from bot.coaching.cases import Card
from bot.coaching.coach import Coach
from bot.coaching.endings import Ending
from bot.coaching.errors import Declined, Reason
from bot.coaching.outcomes import OF_APPOINTMENTS, OF_CANCELLATIONS, STAYED, Outcome
from bot.coaching.playbooks import Kind
from bot.coaching.reminders import TaskKind
from bot.storage.models import Case, Task


def ways(case: Case) -> Sequence[Outcome]:
    """What the outcome of a case can be corrected to; nothing while it is open, and none that leaves it open."""
    if not record.is_ended(case):
        return ()
    ends = OF_APPOINTMENTS if case.kind == Kind.APPOINTMENT else OF_CANCELLATIONS
    return [each for each in (*ends, Outcome.MISTAKE) if each not in (Outcome.COOL_OFF, case.outcome)]


def correct(
    coach: Coach,
    session: Session,
    team_id: str,
    user_id: str,
    case_id: int,
    revision: int,
    ending: Ending,
    why: str,
    now: datetime,
) -> Card:
    """Correct how a case ended: what was promised with the old outcome is dropped, what follows from the new is booked.

    What was done or promised already is not promised again, and whoever stays either way is not asked anew. Raises
    `Declined` for anybody but its rep and managers, for a card number, where there is nothing to correct, and where
    the case is no longer the one of that `revision`: who corrects it has seen what they correct.
    """
    refuse_card_numbers(why, ending.why)
    seen, _customer, _member = record.may_see(session, team_id, user_id, case_id)
    card = coach.find(session, team_id, seen.rep_id, case_id)
    case, was, closed_at = card.case, card.case.outcome, card.case.closed_at
    if ending.outcome not in ways(case) or closed_at is None:
        raise Declined(Reason.NOTHING_TO_CORRECT)
    if case.revision != revision:
        raise Declined(Reason.CORRECTED_MEANWHILE)
    promised = session.exec(select(Task).where(col(Task.team_id) == team_id, col(Task.case_id) == case_id)).all()
    endings.decide(session, card, ending, user_id, now)
    case.closed_at = closed_at
    stays, stayed = (each in STAYED and not card.is_appointment for each in (ending.outcome, was))
    case.soft_yes = case.soft_yes and stays
    promises = endings.promises(card, ending, now)
    kept = {*endings.helps(ending.outcome), *(each.kind for each in promises)}
    if stays:
        kept |= {TaskKind.HELD, *({TaskKind.SOFT_YES_CALL} if case.soft_yes else ())}
    dropped = [task for task in promised if reminders.is_open(task) and task.kind not in kept]
    for task in dropped:
        task.dropped_at = now
    # Where one was brought already, it says so.
    told = [due.redraw(team_id, task.owner_id, task.message_ts, now) for task in dropped if task.message_ts]
    # A soft yes was promised a call in the place of a check-in.
    had = {task.kind for task in promised if task.dropped_at is None}
    new = [] if stays and stayed else [each for each in promises if each.kind not in had]
    checks = [held.first_check(case, card.member, closed_at)] if stays and not stayed else []
    card = record.correct(card, was, user_id, why, now)
    return coach.put_down(session, card, None, now, promises=new, extra=[*checks, *told])
