"""Looking for a story: what is found, what is remembered of it, and how long Slack reaches where it stands."""

from datetime import timedelta

from bot.coaching import searches, sights, stories
from bot.coaching.searches import Search
from bot.storage.models import OutboxRow, Sight
from tests.coaching.desk import Desk
from tests.coaching.ledger import adds, judges

PLACE = "stories:1"
BEST = Search()


def looks(desk: Desk, search: Search = BEST, place: str = PLACE) -> searches.Found:
    return desk.works(searches.look, desk.team, desk.rep, place, search, desk.now)


def redrawn(desk: Desk) -> list[str]:
    return [row.key for row in desk.rows(OutboxRow) if row.kind == sights.KIND]


def test_words_are_cut_where_they_say_nothing_more() -> None:
    assert searches.of("  a   dog \n") == Search("a dog")
    assert len(searches.of("word " * 800).text) <= searches.TEXT_MOST


def test_what_stands_on_a_screen_is_remembered_with_what_was_asked(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    looks(desk, Search("payments"))

    (sight,) = desk.rows(Sight)
    assert (sight.place, sight.stories, sight.asked) == (
        PLACE,
        [story.id],
        {"text": "payments", "worry": None, "product": None, "skip": 0},
    )


def test_withdrawn_it_is_searched_again_where_it_stands_and_nowhere_else(desk: Desk, mina: Desk) -> None:
    story, other = adds(desk), adds(desk, worry="unused", now="Glad.")
    for each in (story, other):
        judges(mina, each)
    looks(desk)
    looks(mina, Search(worry="unused"), place="stories:2")
    desk.does(stories.withdraw, "T1", desk.rep, story.id, None, desk.now)

    assert redrawn(desk) == [f"sight:{PLACE}"]
    again = desk.works(searches.again, "T1", PLACE, desk.now)
    assert again is not None
    assert [tale.id for tale in again.tales] == [other.id]


def test_after_a_day_nobody_looks_for_a_modal_and_the_next_change_forgets_it(desk: Desk, mina: Desk) -> None:
    story = adds(desk)
    judges(mina, story)
    looks(desk)
    later = desk.now + timedelta(days=1)
    assert desk.works(searches.again, "T1", PLACE, later) is None

    desk.does(stories.withdraw, "T1", desk.rep, story.id, None, later)
    assert (redrawn(desk), desk.rows(Sight)) == ([], [])


def test_of_another_workspace_nothing_is_found(desk: Desk, mina: Desk) -> None:
    judges(mina, adds(desk))

    assert desk.works(searches.look, "T2", desk.rep, PLACE, Search(), desk.now).tales == []


def test_two_spellings_of_a_product_are_one(desk: Desk, mina: Desk) -> None:
    for product in ("Corner sofa", "corner  SOFA", None):
        judges(mina, adds(desk, product=product))

    found = looks(desk, Search(product="CORNER SOFA"))
    assert (len(found.products), len(found.tales)) == (1, 2)
