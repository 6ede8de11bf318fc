"""A story that may not be told reaches nobody: each way to be out of sight, on each path to a card, search or menu."""

from collections.abc import Callable, Sequence
from contextlib import suppress

import pytest
from sqlmodel import Session

from bot.coaching import searches, stories, tellings
from bot.coaching.errors import Declined
from bot.coaching.moves import Move
from bot.coaching.outcomes import Outcome
from bot.coaching.searches import Search
from bot.coaching.stories import What
from bot.storage.models import Case, Customer, Story
from tests.coaching.desk import Desk
from tests.coaching.ledger import adds, judges, stands
from tests.coaching.test_tellings import at_the_story
from tests.true_stories import MARY

PLACE = "stories:1"


def declined(desk: Desk, mina: Desk, story: Story) -> None:
    """It was told until somebody changed it, and what was changed is declined."""
    desk.does(stories.change, "T1", desk.rep, story.id, MARY, desk.now)
    judges(mina, stands(desk, story), What.DECLINED, "No.")


def asked(desk: Desk, mina: Desk, story: Story) -> None:
    desk.does(stories.change, "T1", desk.rep, story.id, MARY, desk.now)
    judges(mina, stands(desk, story), What.ASKED, "When?")


def changed(desk: Desk, _mina: Desk, story: Story) -> None:
    desk.does(stories.change, "T1", desk.rep, story.id, MARY, desk.now)


def expired(desk: Desk, _mina: Desk, _story: Story) -> None:
    """Its time is up, and nothing has run yet that would say so."""
    desk.later(days=366)


def asked_whether_it_holds(desk: Desk, _mina: Desk, story: Story) -> None:
    desk.later(days=366).does(stories.expire, "T1", story.id, desk.now)


def doubted(desk: Desk, _mina: Desk, _story: Story) -> None:
    mary = Customer(team_id="T1", name="Mary", name_key="mary somerville", created_at=desk.now)
    desk.does(stories.doubt, "T1", mary, None, desk.rep, desk.now)


def withdrawn(desk: Desk, _mina: Desk, story: Story) -> None:
    desk.does(stories.withdraw, "T1", desk.rep, story.id, None, desk.now)


OUT_OF_SIGHT = [changed, asked, declined, expired, asked_whether_it_holds, doubted, withdrawn]


def fitting(desk: Desk, _story: Story) -> Sequence[int]:
    card = at_the_story(desk)
    return [card.story.tale.id] if card.story else []


def kept_with_the_case(desk: Desk, story: Story) -> Sequence[int]:
    """It was chosen while it could be told, and stands with the case."""
    card = at_the_story(desk)
    desk.does(lambda session: setattr(_case(session, card.case), "story_id", story.id))
    shown = desk.shows(card).story
    return [shown.tale.id] if shown else []


def another(desk: Desk, _story: Story) -> Sequence[int]:
    """The next of those that fit, all the way round."""
    cards = [at_the_story(desk)]
    for _ in range(2):
        cards.append(desk.works(tellings.another, desk.on(cards[-1]), desk.now))
    return [card.story.tale.id for card in cards if card.story]


def for_a_worry(desk: Desk, _story: Story) -> Sequence[int]:
    card = desk.works(tellings.name_worry, desk.on(at_the_story(desk, why="")), "cost", desk.now)
    return [card.story.tale.id] if card.story else []


def once_closed(desk: Desk, story: Story) -> Sequence[int]:
    """Whether it landed is asked, and it is named."""
    card = desk.presses(desk.opens("Ada Lovelace"), Move.NEXT)
    desk.does(lambda session: setattr(_case(session, card.case), "story_id", story.id))
    told = desk.closes(card, Outcome.SAVED).told
    return [told.id] if told else []


def while_typing(desk: Desk, _story: Story) -> Sequence[int]:
    card = desk.opens("Ada Lovelace")
    return [tale.id for tale in desk.works(searches.suggest, "T1", desk.rep, card.case.id, "", 25, desk.now)]


def chosen(desk: Desk, story: Story) -> Sequence[int]:
    card = at_the_story(desk)
    with suppress(Declined):
        card = desk.works(tellings.choose, desk.on(card), story.id, desk.now)
    return [card.story.tale.id] if card.story else []


def searched(desk: Desk, _story: Story) -> Sequence[int]:
    looks = [Search(), Search("payments"), Search(worry="cost"), Search("the and")]
    found = [desk.works(searches.look, "T1", desk.rep, PLACE, look, desk.now) for look in looks]
    return [tale.id for each in found for tale in each.tales]


def told_now(desk: Desk, story: Story) -> Sequence[int]:
    with suppress(Declined):
        return [desk.works(searches.tell, "T1", desk.rep, PLACE, Search(), story.id, desk.now).tale.id]
    return []


def copied(desk: Desk, story: Story) -> Sequence[int]:
    with suppress(Declined):
        return [desk.works(searches.copy, "T1", desk.rep, PLACE, Search(), story.id, desk.now)[0].id]
    return []


def taken_away(desk: Desk, story: Story) -> Sequence[int]:
    card = desk.opens("Ada Lovelace")
    with suppress(Declined):
        about = ("T1", desk.rep, PLACE, Search(), card.case.id, story.id)
        return [desk.works(searches.take_away, *about, desk.now).tale.id]
    return []


PATHS: Sequence[Callable[[Desk, Story], Sequence[int]]] = (
    fitting,
    kept_with_the_case,
    another,
    for_a_worry,
    once_closed,
    while_typing,
    chosen,
    searched,
    told_now,
    copied,
    taken_away,
)


def _case(session: Session, case: Case) -> Case:
    return session.get_one(Case, case.id)


def comes_by(desk: Desk, story: Story) -> list[str]:
    """The paths by which a story reaches somebody."""
    return [path.__name__ for path in PATHS if story.id in path(desk, story)]


def test_what_may_be_told_comes_by_every_path(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)

    assert comes_by(desk, story) == [path.__name__ for path in PATHS]


@pytest.mark.parametrize("out", OUT_OF_SIGHT)
def test_what_may_not_be_told_comes_by_none(desk: Desk, mina: Desk, out: Callable[[Desk, Desk, Story], None]) -> None:
    story, other = adds(desk), adds(desk, whose="Grace Hopper", now="Glad.")
    for each in (story, other):
        judges(mina, each)
    out(desk, mina, story)

    assert comes_by(desk, story) == []


def test_what_nobody_has_verified_comes_by_none(desk: Desk) -> None:
    assert comes_by(desk, adds(desk)) == []
