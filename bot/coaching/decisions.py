"""What is decided of a case, and how the last decision is taken back: the case then stands as it stood before."""

from collections.abc import Mapping
from datetime import datetime

from bot.coaching.outcomes import Outcome
from bot.storage.models import Case

_FACTS = ("outcome", "soft_yes", "in_touch", "fit", "met")
_MOMENTS = ("closed_at", "decided_at", "appointment_at")
_UNDECIDED: Mapping[str, str | bool | None] = {"soft_yes": False}


def decide(case: Case, outcome: Outcome, now: datetime) -> None:
    """Record how a case stands from now on, and keep how it stood. A cool-off leaves it open."""
    moments = {name: getattr(case, name) for name in _MOMENTS}
    stood = {
        **{name: getattr(case, name) for name in _FACTS},
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
    }
    case.before = [*case.before, stood]
    case.outcome, case.decided_at = outcome, now
    case.closed_at = None if outcome is Outcome.COOL_OFF else now


def take_back(case: Case) -> None:
    """Let a case stand as it stood before the last decision."""
    stood = case.before[-1] if case.before else _UNDECIDED
    case.before = case.before[:-1]
    for name in _FACTS:
        setattr(case, name, stood.get(name))
    for name in _MOMENTS:
        moment = stood.get(name)
        setattr(case, name, datetime.fromisoformat(moment) if isinstance(moment, str) else None)
