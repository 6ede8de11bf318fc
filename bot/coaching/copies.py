"""The copy of a card in its rep's DM: when it is due, and what becomes of it once the case goes on below."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.coaching.cases import Card
from bot.storage import outbox
from bot.storage.models import Case

CARD = "card"
LEFT_BEHIND = "card_left_behind"
# So long after the last press it follows: a rep on the phone goes on pressing.
STILL_FOR = timedelta(minutes=2)


def copy_key(case_id: int | None, user_id: str) -> str:
    """The outbox key of the copy of a case in one member's DM."""
    return f"{CARD}:{case_id}:{user_id}"


def copy_of(case: Case, due_at: datetime) -> outbox.Due:
    """The copy of a case in its rep's DM, due at that moment."""
    return outbox.Due(case.team_id, copy_key(case.id, case.rep_id), CARD, case.rep_id, due_at, case.id)


def left_by(card: Card, now: datetime) -> Sequence[outbox.Due]:
    """What becomes of a copy once the case goes on below: nothing that is told there may grow old."""
    case, copy = card.case, card.copy
    if copy is None or copy.message_ts is None:
        return ()
    return [left_behind(case, case.rep_id, copy.channel, copy.message_ts, now)]


def left_behind(case: Case, user_id: str, channel: str | None, message_ts: str, now: datetime) -> outbox.Due:
    """The outbox row by which a member's copy shows the way to the one that comes below."""
    key = f"{LEFT_BEHIND}:{message_ts}"
    return outbox.Due(case.team_id, key, LEFT_BEHIND, user_id, now, case.id, channel, message_ts)
