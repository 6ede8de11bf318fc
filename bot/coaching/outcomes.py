"""How a case can end, and which endings count as what."""

from enum import StrEnum


class Outcome(StrEnum):
    """How a case stands in the end. A cool-off is still open; the last two are in no figure."""

    SAVED = "saved"
    RESCHEDULED = "rescheduled"
    PAUSED = "paused"
    CHANGED_PLAN = "changed_plan"
    COOL_OFF = "cool_off"
    LEFT = "left"
    MISTAKE = "mistake"
    DUPLICATE = "duplicate"


STAYED = (Outcome.SAVED, Outcome.CHANGED_PLAN, Outcome.PAUSED, Outcome.RESCHEDULED)
UNCOUNTED = (Outcome.MISTAKE, Outcome.DUPLICATE)
