"""`/story` and the menu of a card: a rep finds a true story by words, by worry and by product."""

import re

import pytest

from bot.coaching.calendar import zone
from bot.playground.samples import fill
from tests.conversations.office import Office, Rep
from tests.conversations.test_stories import LAUGHS, WORDS
from tests.conversations.test_true_stories import comes_to_the_story, has_written, withdrawn
from tests.true_stories import MARY


async def test_without_a_word_those_that_land_best_are_shown(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await rosa.runs("/story")

    rosa.sees("True stories", "Those that land best", MARY.before, "Cost", "Not told yet.", "Tell it without a name.")
    rosa.does_not_see("Mary")
    assert sam.office.workspace.modals[sam.id] == []


async def test_where_there_is_none_yet_it_asks_for_the_first(rosa: Rep) -> None:
    await rosa.runs("/story")

    rosa.sees("No story may be told yet.", "Add a story…")


async def test_words_find_it_and_other_words_do_not(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    colour = {"before": "The colour was not hers.", "turned": "We changed it.", "now": LAUGHS}
    await has_written(office, sam, worry="other", **colour)
    await rosa.runs("/story PAYMENT")
    rosa.sees(MARY.before).does_not_see(LAUGHS)

    assert await rosa.types(WORDS, "colour").sends() == {}
    rosa.sees(LAUGHS).does_not_see(MARY.before)
    assert await rosa.types(WORDS, "elephants").sends() == {}
    rosa.sees("No true story has that in it. Try fewer words.").does_not_see(LAUGHS, "another worry")


@pytest.mark.parametrize("typed", ["too expensive", "payments", "money", "afford"])
async def test_it_is_found_by_what_people_say_of_such_a_worry(office: Office, rosa: Rep, sam: Rep, typed: str) -> None:
    await has_written(office, sam, before="She paused.", turned="We listened.", now=LAUGHS)
    await has_written(office, sam, worry="unused", before="She waited.", turned="We asked.", now="Glad.")
    await rosa.runs(f"/story {typed}")

    rosa.sees(LAUGHS).does_not_see("Glad.")


async def test_what_the_help_gives_for_an_example_finds_the_sample_story(office: Office, rosa: Rep) -> None:
    await fill(office.workspace, office.bot)
    await rosa.runs("/story help")
    typed = re.findall(r"`/story ([^`]+)` finds", rosa.screen.text)
    hinted = re.findall(r"[^:,]+", office.bot.words.voice(None, zone(None)).label("placeholder.search_words"))[1:]
    assert (len(typed), len(hinted)) == (1, 2)
    for words in (*typed, *(each.removeprefix(" or ") for each in hinted)):
        await rosa.runs(f"/story {words}")
        rosa.sees("paying for more than she would ever use")


async def test_it_is_found_by_worry_and_by_product(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam, product="Corner sofa")
    await has_written(office, sam, worry="unused", product="Armchair", now=LAUGHS)
    await rosa.runs("/story")
    rosa.sees(MARY.now, LAUGHS)

    await rosa.picks("worry", "Not using it")
    rosa.sees(LAUGHS).does_not_see(MARY.now)
    await rosa.picks("product", "Corner sofa")
    rosa.sees("No true story has that in it. Try another worry.").does_not_see("fewer words")
    await rosa.picks("worry", "Any worry")
    rosa.sees(MARY.now).does_not_see(LAUGHS)


async def test_what_was_chosen_stands_in_its_menu_and_all_stories_leads_out(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    story = await has_written(office, sam, product="Corner sofa")
    await has_written(office, sam, product="Armchair", now=LAUGHS)
    await rosa.runs("/story")
    await rosa.picks("product", "Corner sofa")
    await withdrawn(office, story, sam)
    rosa.sees("No true story has that in it.")
    assert rosa.taken == ["Any worry", "Corner sofa"]

    await rosa.presses("My stories")
    await rosa.presses("All stories")
    rosa.sees(LAUGHS)
    assert rosa.taken == ["Any worry", "Any product"]


async def test_what_was_typed_is_not_lost_by_a_menu(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await has_written(office, sam, before="The colour was not hers.", turned="We changed it.", now=LAUGHS)
    await rosa.runs("/story")
    await rosa.types(WORDS, "colour").picks("worry", "Cost")

    rosa.sees(LAUGHS).does_not_see(MARY.before)


async def test_more_than_five_are_gone_through_and_begin_again(office: Office, rosa: Rep, sam: Rep) -> None:
    for turn in range(6):
        await has_written(office, sam, now=f"She is glad, {turn}.")
    await rosa.runs("/story")
    rosa.sees("She is glad, 5.").does_not_see("She is glad, 0.")

    await rosa.presses("More stories")
    rosa.sees("She is glad, 0.").does_not_see("She is glad, 5.", "More stories")


NO_WORD, NONE, BOTH = "Those words are too small to search by", "No true story has that in it.", "What fits best"
# What may be typed, what is said of it, and whether Mary's story and the one with an odd word in it are found.
ODD = [
    ('"', NO_WORD, True, True),
    ("*", NO_WORD, True, True),
    ("%", NO_WORD, True, True),
    ("the and of", NO_WORD, True, True),
    ("\u202e\u200b", NO_WORD, True, True),
    ("´`'", NO_WORD, True, True),
    ("NEAR(", NONE, False, False),
    ("' OR 1=1 --", NONE, False, False),
    ("word " * 800, BOTH, False, True),
    ("<!everyone>", BOTH, False, True),
    ("payments* OR %", BOTH, True, False),
]


@pytest.mark.parametrize(("text", "said", "marys", "odd"), ODD)
async def test_whatever_is_typed_is_only_searched_for(
    office: Office, rosa: Rep, sam: Rep, text: str, said: str, *, marys: bool, odd: bool
) -> None:
    await has_written(office, sam)
    await has_written(office, sam, worry="unused", before="A word to <!everyone>.", turned="We asked.", now=LAUGHS)

    async def shown() -> None:
        rosa.sees("True stories", "Add a story…", said)
        assert (MARY.before in rosa.screen.text, LAUGHS in rosa.screen.text) == (marys, odd)
        drawn = str([block for block in rosa.screen.blocks if block["type"] == "section"])
        assert ("&lt;!everyone&gt;" in drawn) == odd
        assert "<!everyone>" not in drawn

    await rosa.runs(f"/story {text}")
    await shown()
    assert await rosa.types(WORDS, text[:200]).sends() == {}
    await shown()


async def test_small_words_show_the_best_and_say_why(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await rosa.runs("/story the and of")

    rosa.sees("Those words are too small to search by, so here are those that land best.", MARY.before)


async def test_a_card_number_is_not_searched_for(rosa: Rep) -> None:
    await rosa.runs("/story 4111 1111 1111 1111")
    rosa.sees("looks like a card number, so I did not keep it. Please leave it out").does_not_see("the name")

    await rosa.runs("/story")
    assert list((await rosa.types(WORDS, "4111 1111 1111 1111").sends()).keys()) == [WORDS]


async def test_typing_into_the_menu_of_a_card_finds_a_story_for_it(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await has_written(office, sam, before="The colour was not hers.", turned="We changed it.", now=LAUGHS)
    await has_written(office, sam, before="Never verified colours.", verified=False)
    await comes_to_the_story(rosa)
    rosa.sees(MARY.before)

    assert set(await rosa.looks_up("Find a story…", "")) == {MARY.before, "The colour was not hers."}
    found = await rosa.looks_up("Find a story…", "colo")
    assert list(found) == ["The colour was not hers."]
    await rosa.picks("Find a story…", found["The colour was not hers."])
    rosa.sees(LAUGHS).does_not_see(MARY.before)


async def test_what_was_found_but_withdrawn_meanwhile_is_not_told(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await comes_to_the_story(rosa)
    found = await rosa.looks_up("Find a story…", "payments")
    await sam.runs("/story mine")
    await sam.presses("Withdraw…")
    await sam.sends()

    await rosa.picks("Find a story…", found[MARY.before])
    rosa.sees("not told any more")
