"""The ledger of true stories: what a story can be, and which of them may be told."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock
from typing import Any, NamedTuple, Self

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlmodel import Session, col

from bot.coaching import missions, sales
from bot.coaching.card_numbers import looks_like_card_number
from bot.coaching.cases import Card
from bot.coaching.matching import Likeness, Shelf, Tale, Vocabulary
from bot.coaching.spelling import gives_away
from bot.storage.models import Case, Sale, Story, Team, UtcDateTime

# By this name a step brings back a story.
STORY = "story"
# A line that is longer cannot be said in one breath.
LINE_WORDS_MOST = 35
# The most characters in a field, whether it comes from a form or from a file.
FIELD_MOST = 300
LINES = ("before", "turned", "now")
# What stands before whoever tells it.
_TOLD = (*LINES, "product", "customer_kind")

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


# The fields that hold one of a few keys, with those keys. Its worry is one of the team's own reasons.
CHOICES: Mapping[str, Sequence[str]] = {"source": tuple(Source), "consent": tuple(Consent)}


class Fault(NamedTuple):
    """What is wrong with a field: a text of that name tells it. `words` is how many there are."""

    name: str
    words: int = 0


_OPTIONAL = ("proof", "agreed_how", "product", "customer_kind")


@dataclass(frozen=True)
class Facts:
    """What is said of a story. Its lines are `before`, `turned` and `now`."""

    whose: str
    source: str
    consent: str
    worry: str
    before: str
    turned: str
    now: str
    proof: str | None = None
    agreed_how: str | None = None
    product: str | None = None
    customer_kind: str | None = None

    @classmethod
    def of(cls, given: Mapping[str, str | None]) -> Self:
        """What was filled in, by the names of the fields. Of those that may be left out, an empty one is."""
        typed = {each.name: given.get(each.name) or "" for each in fields(cls)}
        return cls(**{name: text for name, text in typed.items() if text or name not in _OPTIONAL})


def faults(facts: Facts) -> Mapping[str, Fault]:
    """What keeps a story from being kept, by the field to mend."""
    given = asdict(facts)
    found: dict[str, Fault] = {}
    for name in ("whose", *LINES):
        if not given[name]:
            found[name] = Fault("story_missing")
    found |= {name: Fault("story_long") for name, text in given.items() if text and len(text) > FIELD_MOST}
    for name, keys in CHOICES.items():
        if given[name] not in keys:
            found[name] = Fault(f"story_{name}")
    if not facts.worry:
        found["worry"] = Fault("story_worry")
    if facts.consent in (Consent.NAMED, Consent.UNNAMED) and not facts.agreed_how:
        found["agreed_how"] = Fault("story_agreed_how")
    for name in LINES:
        count = len((given[name] or "").split())
        if count > LINE_WORDS_MOST:
            found[name] = Fault("story_line", count)
    if facts.consent != Consent.NAMED:
        giving_away = {name for name in _TOLD if name not in found and gives_away(given[name] or "", facts.whose)}
        found |= dict.fromkeys(giving_away, Fault("story_named"))
    card_numbers = {name for name, text in given.items() if text and looks_like_card_number(text)}
    return {**found, **dict.fromkeys(card_numbers, Fault("story_card_number"))}


_TELLABLE = sa.select(
    *map(
        col,
        (
            Story.id,
            Story.revision,
            Story.author_id,
            Story.customer_id,
            Story.whose_key,
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


def _tale(
    story_id: int,
    revision: int,
    author_id: str,
    customer_id: int | None,
    whose_key: str,
    whose: str,
    consent: str,
    *rest: Any,
) -> Tale:
    name = whose if consent == Consent.NAMED else None
    return Tale(story_id, revision, author_id, customer_id, whose_key, name, *rest)


class Shelves:
    """The stories of each workspace that may be told, kept at hand for as long as nothing of them changes."""

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self._vocabulary = vocabulary or Vocabulary()
        self._kept: OrderedDict[str, tuple[int, datetime, datetime, Shelf]] = OrderedDict()
        # Every transaction has a thread of its own.
        self._at_hand = Lock()

    def of(self, session: Session, team_id: str, now: datetime, revision: int | None = None) -> Shelf:
        """What may be told in a workspace now; `revision` is its team's, where that is known already."""
        if revision is None:
            revision = session.execute(_REVISION, {"team_id": team_id}).scalar() or 0
        with self._at_hand:
            kept = self._kept.get(team_id)
            if kept:
                self._kept.move_to_end(team_id)
        if kept and kept[0] == revision and kept[1] <= now < kept[2]:
            return kept[3]
        # Where nothing was ever verified, nobody needs to look.
        tales = tellable(session, team_id, now) if revision else ()
        until = min([now + _IN_ORDER_FOR, *(tale.expires_at for tale in tales)])
        shelf = Shelf(tales, self._vocabulary, before=kept[3] if kept else None)
        with self._at_hand:
            self._kept[team_id] = (revision, now, until, shelf)
            self._kept.move_to_end(team_id)
            while len(self._kept) > _SHELVES_MOST:
                self._kept.popitem(last=False)
        return shelf

    def drop(self, team_id: str) -> None:
        """Keep nothing of a workspace's stories at hand: some may be of somebody who is forgotten."""
        with self._at_hand:
            self._kept.pop(team_id, None)

    def bring(self, session: Session, card: Card, now: datetime) -> Card:
        """The card with the true story that fits its customer best; the one chosen stays while it may be told.

        Where all that fit were passed over, the best of them comes again. Once the case has ended, it is the one told.
        """
        case, revision = card.case, card.team.story_revision if card.team else 0
        if case.outcome:
            asked = case.story_id and case.landed is None
            return (
                replace(card, told=self.of(session, case.team_id, now, revision).get(case.story_id)) if asked else card
            )
        if not brings_one(card) or card.story:
            return card
        shelf = self.of(session, case.team_id, now, revision)
        like = likeness(session, case, card.name, card.sale)
        match = (shelf.match(case.story_id, like) if case.story_id else None) or shelf.best(like, case.passed_over)
        if match is None and case.passed_over:
            case.passed_over, match = [], shelf.best(like)
        case.story_id = match.tale.id if match else None
        return replace(card, story=match)


def brings_one(card: Card) -> bool:
    """Whether a card is where a story is told."""
    return card.playbook.steps[card.case.step].brings == STORY and card.case.outcome is None


def likeness(session: Session, case: Case, name: str | None, sale: Sale | None = None) -> Likeness:
    """What a story may have in common with the customer of a case, called by that name."""
    sale = None if case.product else sale or sales.of_case(session, case)
    words = " ".join(case.words.get(name, "") for name in ("why", missions.FIELD))
    product = case.product or (sale.product if sale else None)
    return Likeness(case.reason, product, case.customer_kind, words, case.customer_id, name or "")
