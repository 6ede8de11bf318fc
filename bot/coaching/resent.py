"""A form that comes once more: people press twice, and Slack asks for another try when an answer was slow."""

from datetime import datetime, timedelta

_WITHIN = timedelta(minutes=1)


def since(now: datetime) -> datetime:
    """From when on what was sent may be the same as what is sent now."""
    return now - _WITHIN
