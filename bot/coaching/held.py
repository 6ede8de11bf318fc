"""The held check: whether somebody who stayed is still with us."""

from datetime import datetime

from sqlmodel import Session

from bot.coaching import reminders, stories
from bot.coaching.reminders import Reminder
from bot.storage.models import Task

# What a task says of whether a save held. Only what somebody said is kept: a check that is done says nothing.
HELD = "held"
NO = "no"


def has_gone(task: Task) -> bool:
    """Whether the customer was found to be no longer with us."""
    return task.facts.get(HELD) == NO


def answer_gone(session: Session, team_id: str, user_id: str, task_id: int, now: datetime) -> Reminder:
    """They are no longer with us: that is kept, and their story is out of sight until somebody has looked at it.

    A task that is done or dropped stays as it is. Raises `Declined` when it is not there or not this member's.
    """
    reminder = reminders.find(session, team_id, user_id, task_id)
    task = reminder.task
    if reminders.is_open(task):
        task.done_at = now
        task.facts = {**task.facts, HELD: NO}
        if reminder.customer:
            stories.doubt(session, team_id, reminder.customer, user_id, now)
    return reminder
