"""Where a rep's conversations end most, for their own eyes: nobody else sees it, and nobody is compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from bot.coaching.outcomes import Outcome
from bot.coaching.playbooks import Playbook, Step
from bot.coaching.rates import ENOUGH, Rate
from bot.storage.models import Case

_LOOKS_BACK = timedelta(weeks=13)


@dataclass(frozen=True)
class Insight:
    """The step at which most of a rep's conversations ended, and how many of those that ended at any."""

    step: Step
    ended: Rate


def of(session: Session, team_id: str, user_id: str, books: Mapping[str, Playbook], now: datetime) -> Insight | None:
    """What a quarter of a year shows; None while there are too few cases to say, or where no step stands out.

    It stands out with five or more, which are more than at any other step of that playbook.
    """
    found = session.execute(
        sa.select(col(Case.playbook), col(Case.lost_at), sa.func.count())
        .where(
            col(Case.team_id) == team_id,
            col(Case.rep_id) == user_id,
            col(Case.closed_at) >= now - _LOOKS_BACK,
            col(Case.outcome) == Outcome.LEFT,
            col(Case.lost_at).is_not(None),
            ~col(Case.made_up),
        )
        .group_by(col(Case.playbook), col(Case.lost_at))
    ).all()
    lost = sorted(((count, name, step) for name, step, count in found), reverse=True)
    if not lost:
        return None
    count, name, key = lost[0]
    of_playbook = [each for each, book, _ in lost if book == name]
    step = books[name].steps.get(key) if name in books else None
    if step is None or count < ENOUGH or of_playbook.count(count) > 1:
        return None
    return Insight(step, Rate(count, sum(of_playbook)))
