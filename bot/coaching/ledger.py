"""The ledger of true stories: what a story can be, and which of them may be told."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlmodel import Session, col

from bot.coaching.cases import REASONS
from bot.coaching.matching import Shelf, Tale, Vocabulary
from bot.storage.models import Story, Team, UtcDateTime

# By this name a step brings back a story.
STORY = "story"
# A line that is longer cannot be said in one breath.
LINE_WORDS_MOST = 35
# What a story can be an answer to: whoever bought twice has no worry.
WORRIES = tuple(reason for reason in REASONS if reason != "doubled")

_SHELVES_MOST = 200
# How well stories land moves slowly: their order is looked at anew this often.
_IN_ORDER_FOR = timedelta(minutes=10)


class Status(StrEnum):
    """Where a story stands; only one that is verified, and has not expired, is ever shown to be told."""

    WAITING = "waiting"
    ASKED = "asked"
    VERIFIED = "verified"
    DECLINED = "declined"
    EXPIRED = "expired"
    DOUBTED = "doubted"
    WITHDRAWN = "withdrawn"


class Source(StrEnum):
    """How a story is known."""

    CASE = "case"
    RECORDING = "recording"
    LETTER = "letter"
    REP = "rep"


class Consent(StrEnum):
    """What the customer said about having it told; without their word it is told without their name."""

    NAMED = "named"
    UNNAMED = "unnamed"
    NONE = "none"


_TELLABLE = sa.select(
    *map(
        col,
        (
            Story.id,
            Story.revision,
            Story.author_id,
            Story.whose,
            Story.consent,
            Story.worry,
            Story.product,
            Story.customer_kind,
            Story.before,
            Story.turned,
            Story.now,
            Story.told,
            Story.landed,
            Story.expires_at,
        ),
    )
).where(
    col(Story.team_id) == bindparam("team_id"),
    col(Story.status) == Status.VERIFIED,
    col(Story.expires_at) > bindparam("now", type_=UtcDateTime),
)
_REVISION = sa.select(col(Team.story_revision)).where(col(Team.team_id) == bindparam("team_id"))


def tellable(session: Session, team_id: str, now: datetime) -> Sequence[Tale]:
    """Every story that may be told now. This is the only way by which one can reach a card or a search."""
    return [_tale(*row) for row in session.execute(_TELLABLE, {"team_id": team_id, "now": now})]


def _tale(story_id: int, revision: int, author_id: str, whose: str, consent: str, *rest: Any) -> Tale:
    return Tale(story_id, revision, author_id, whose if consent == Consent.NAMED else None, *rest)


class Shelves:
    """The stories of each workspace that may be told, kept at hand for as long as nothing of them changes."""

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self._vocabulary = vocabulary or Vocabulary()
        self._kept: OrderedDict[str, tuple[int, datetime, datetime, Shelf]] = OrderedDict()

    def of(self, session: Session, team_id: str, now: datetime, revision: int | None = None) -> Shelf:
        """What may be told in a workspace now; `revision` is its team's, where that is known already."""
        if revision is None:
            revision = session.execute(_REVISION, {"team_id": team_id}).scalar() or 0
        kept = self._kept.get(team_id)
        if kept and kept[0] == revision and kept[1] <= now < kept[2]:
            return kept[3]
        # Where nothing was ever verified, nobody needs to look.
        tales = tellable(session, team_id, now) if revision else ()
        until = min([now + _IN_ORDER_FOR, *(tale.expires_at for tale in tales)])
        shelf = Shelf(tales, self._vocabulary, before=kept[3] if kept else None)
        self._kept[team_id] = (revision, now, until, shelf)
        self._kept.move_to_end(team_id)
        while len(self._kept) > _SHELVES_MOST:
            self._kept.popitem(last=False)
        return shelf
