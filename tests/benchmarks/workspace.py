"""A workspace full of stories and of tellings, in a database of its own: the same ones in every run."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

import sqlalchemy as sa
from sqlmodel import Session, col

from bot.coaching import reasons
from bot.coaching.coach import Coach
from bot.coaching.ledger import Consent, Source, Status
from bot.coaching.matching import Likeness
from bot.coaching.outcomes import Outcome
from bot.storage.database import Database
from bot.storage.models import Case, Story, Team, Telling
from tests.coaching.desk import NOW, Desk

_TEAM = "T1"
_AUTHORS = 200
_WORDS = 20_000
_PRODUCTS = 12
_CUSTOMER_KINDS = 20
_SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in ("a", "e", "i", "o", "u", "ar", "en", "il")]


class Writer:
    """Whoever makes up stories and customers: in the words of one language, a few of them used far more than the rest.

    `everyday` are the words used most of all.
    """

    def __init__(self, everyday: Sequence[str]) -> None:
        self._random = Random(5)  # noqa: S311 - no secret: everybody gets the same stories
        invented = ["".join(self._random.choices(_SYLLABLES, k=self._random.randint(2, 4))) for _ in range(_WORDS)]
        self._words = [*everyday, *invented]
        # Of any language, the second word in use is used half as often as the first, the third a third as often.
        self._used = list(accumulate(1 / place for place, _ in enumerate(self._words, 1)))
        self._products, self._customer_kinds = invented[:_PRODUCTS], invented[-_CUSTOMER_KINDS:]

    def story(self) -> Story:
        """One that was verified, and was never told so far."""
        name = self._words_of(2, 2)
        return Story(
            team_id=_TEAM,
            author_id=f"U{self._random.randrange(_AUTHORS)}",
            edited_by="U1",
            whose=name,
            whose_key=name,
            source=Source.LETTER,
            consent=Consent.UNNAMED,
            worry=self._random.choice(reasons.worries(None)),
            product=self._random.choice([None, *self._products]),
            customer_kind=self._random.choice([None, *self._customer_kinds]),
            before=self._words_of(8, 25),
            turned=self._words_of(8, 25),
            now=self._words_of(6, 20),
            status=Status.VERIFIED,
            expires_at=NOW + timedelta(days=365),
            created_at=NOW,
            changed_at=NOW,
        )

    def likeness(self) -> Likeness:
        """What is known of some customer: their worry mostly, what they bought often, and a few of their own words."""
        return Likeness(
            worry=self._random.choice([None, *reasons.worries(None)]),
            product=self._random.choice([None, *self._products]),
            customer_kind=self._random.choice([None, *self._customer_kinds]),
            words=self._words_of(5, 40),
        )

    def _words_of(self, fewest: int, most: int) -> str:
        return " ".join(self._random.choices(self._words, cum_weights=self._used, k=self._random.randint(fewest, most)))


@dataclass(frozen=True)
class Workspace:
    """A desk in the workspace, and how many stories it has.

    `to_answer` are cases, all at one `revision`, of which nobody has said yet whether their story landed.
    """

    desk: Desk
    stories: int
    to_answer: range
    revision: int


@contextmanager
def workspace(
    file: Path, coach: Coach, stories: Sequence[Story], tellings: int, to_answer: int = 0
) -> Iterator[Workspace]:
    """These stories in a new database, told so many times, with so many cases besides that wait for an answer."""
    database = Database(f"sqlite:///{file}")
    try:
        database.migrate()
        desk = Desk(database, coach, team=_TEAM)
        desk.does(Session.add, Team(team_id=_TEAM, story_revision=1))
        desk.does(Session.add_all, [Story(**each.model_dump()) for each in stories])
        closed = desk.closes(desk.opens(), Outcome.SAVED).case
        first = (closed.id or 0) + 1
        desk.does(_tell, closed, first, len(stories), tellings, to_answer)
        waiting = range(first + tellings, first + tellings + to_answer)
        yield Workspace(desk, len(stories), waiting, closed.revision)
    finally:
        database.dispose()


def _tell(session: Session, closed: Case, first: int, stories: int, tellings: int, to_answer: int) -> None:
    """Cases like the one that is closed, each with a story; in most of them it was told, and counted on the story."""
    case, number = sa.inspect(Case).local_table, numbers(tellings + to_answer)
    nth = number.c.nth
    story_id = 1 + nth * 7919 % stories
    # Some stories land more often than others.
    landed = nth // stories * 37 % 100 < 20 + story_id % 61
    own = {"id": first + nth, "story_id": story_id, "landed": sa.case((nth < tellings, landed))}
    columns = [own.get(column.name, column) for column in case.columns]
    cases = sa.select(*columns).join_from(case, number, sa.true()).where(case.c.id == closed.id)
    session.execute(sa.insert(Case).from_select([column.name for column in case.columns], cases))

    told = sa.select(*map(col, (Case.team_id, Case.story_id, Case.id, Case.rep_id, Case.landed, Case.closed_at))).where(
        col(Case.landed).is_not(None)
    )
    names = ["team_id", "story_id", "case_id", "rep_id", "landed", "told_at"]
    session.execute(sa.insert(Telling).from_select(names, told))

    landed_times = sa.func.sum(sa.cast(col(Telling.landed), sa.Integer))
    counts = (
        sa.select(col(Telling.story_id), sa.func.count().label("told"), landed_times.label("landed"))
        .group_by(col(Telling.story_id))
        .subquery()
    )
    session.execute(
        sa.update(Story).where(col(Story.id) == counts.c.story_id).values(told=counts.c.told, landed=counts.c.landed)
    )


def numbers(count: int) -> sa.CTE:
    """The numbers from 0 on, as `nth`: a million rows out of none."""
    numbers = sa.select(sa.literal(0).label("nth")).cte("number", recursive=True)
    return numbers.union_all(sa.select(numbers.c.nth + 1).where(numbers.c.nth + 1 < count))
