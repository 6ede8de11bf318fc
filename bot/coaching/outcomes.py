"""How a case can end, and which endings count as what."""

from enum import StrEnum


class Outcome(StrEnum):
    """How a case stands in the end. A cool-off is still open; the last three are in no figure."""

    SAVED = "saved"
    RESCHEDULED = "rescheduled"
    PAUSED = "paused"
    CHANGED_PLAN = "changed_plan"
    COOL_OFF = "cool_off"
    LEFT = "left"
    NOT_NOW = "not_now"
    MISFIT = "misfit"
    NO_SHOW = "no_show"
    MISTAKE = "mistake"
    DUPLICATE = "duplicate"
    FORGOTTEN = "forgotten"


STAYED = (Outcome.SAVED, Outcome.CHANGED_PLAN, Outcome.PAUSED, Outcome.RESCHEDULED)
OF_CANCELLATIONS = (*STAYED, Outcome.COOL_OFF, Outcome.LEFT)
# An appointment ends in one of these, and in no save rate.
OF_APPOINTMENTS = (Outcome.RESCHEDULED, Outcome.NOT_NOW, Outcome.MISFIT, Outcome.NO_SHOW)
UNCOUNTED = (Outcome.MISTAKE, Outcome.DUPLICATE, Outcome.FORGOTTEN)
