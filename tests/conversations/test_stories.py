"""`/story`: a rep finds a true story, tells it, keeps one from before, and takes one out of sight."""

import pytest

from tests.conversations.office import Office, Rep
from tests.conversations.test_true_stories import comes_to_the_story, has_written
from tests.true_stories import MARY

LAUGHS = "She laughs about it."
WORDS = "Words to look for"


async def writes_one(rep: Rep) -> Rep:
    """Everything that the form for a story from before asks."""
    rep.types("Their worry, in one line", MARY.before).types("What turned it, in one line", MARY.turned)
    rep.types("How they are now, in one line", MARY.now).types("What worried them", "Cost")
    rep.types("Whose story it is", "Mary Somerville").types("How it is known", "A letter")
    rep.types("Did they agree to have it told?", "They agreed to have it told, without their name")
    return rep.types("How they agreed", "In her letter")


async def test_help_says_what_can_be_typed(rosa: Rep) -> None:
    await rosa.runs("/story help")

    rosa.sees("/story add", "/story mine", "Only you see them.")


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
    await has_written(office, sam, before="The colour was not hers.", turned="We changed it.", now=LAUGHS)
    await rosa.runs("/story PAYMENT")
    rosa.sees(MARY.before).does_not_see(LAUGHS)

    assert await rosa.types(WORDS, "colour").sends() == {}
    rosa.sees(LAUGHS).does_not_see(MARY.before)
    assert await rosa.types(WORDS, "elephants").sends() == {}
    rosa.sees("No true story has that in it.").does_not_see(LAUGHS)


async def test_it_is_found_by_worry_and_by_product(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam, product="Corner sofa")
    await has_written(office, sam, worry="unused", product="Armchair", now=LAUGHS)
    await rosa.runs("/story")
    rosa.sees(MARY.now, LAUGHS)

    await rosa.picks("worry", "Not using it")
    rosa.sees(LAUGHS).does_not_see(MARY.now)
    await rosa.picks("product", "Corner sofa")
    rosa.sees("No true story has that in it.")
    await rosa.picks("worry", "Any worry")
    rosa.sees(MARY.now).does_not_see(LAUGHS)


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


ODD = ['"', "*", "%", "NEAR(", "' OR 1=1 --", "the and of", "a word " * 570, "<!everyone>", "\u202e\u200b", "´`'"]


@pytest.mark.parametrize("text", ODD)
async def test_whatever_is_typed_is_only_searched_for(office: Office, rosa: Rep, sam: Rep, text: str) -> None:
    await has_written(office, sam)
    await rosa.runs(f"/story {text}")
    rosa.sees("True stories", "Add a story…")

    assert await rosa.types(WORDS, text[:200]).sends() == {}
    rosa.sees("True stories", "Add a story…")
    assert "<!everyone>" not in str([block for block in rosa.screen.blocks if block["type"] == "section"])
    assert await rosa.types(WORDS, "payments").sends() == {}
    rosa.sees(MARY.before)


async def test_small_words_show_the_best_and_say_why(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await rosa.runs("/story the and of")

    rosa.sees("These words stand in every story", MARY.before)


async def test_a_card_number_is_not_searched_for(rosa: Rep) -> None:
    await rosa.runs("/story 4111 1111 1111 1111")
    rosa.sees("looks like a card number")

    await rosa.runs("/story")
    assert list((await rosa.types(WORDS, "4111 1111 1111 1111").sends()).keys()) == [WORDS]


async def test_told_now_it_stands_with_the_case_on_the_phone(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.runs("/story payments")
    await rosa.presses("Tell it now")
    rosa.sees("It stands with the case of *Ada Lovelace* now.", MARY.before, MARY.turned, MARY.now)
    assert rosa.screen.held("To copy, or to put into your own words") == "\n".join([MARY.before, MARY.turned, MARY.now])

    assert await rosa.sends() == {}
    rosa.sees("What fits best comes first.", MARY.before)
    await rosa.closes()
    await rosa.presses("They said “just cancel it”")
    await rosa.presses("They’re staying")
    rosa.sees("Did the story land?")


async def test_told_now_it_comes_to_the_card_that_asks_for_one(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam, worry="unused", now=LAUGHS)
    await has_written(office, sam)
    await comes_to_the_story(rosa)
    rosa.sees(MARY.now)

    await rosa.runs("/story")
    await rosa.picks("worry", "Not using it")
    await rosa.presses("Tell it now")
    await rosa.sends()
    await rosa.closes()
    await office.settles()
    rosa.sees(LAUGHS).does_not_see(MARY.now)


async def test_without_an_open_case_it_says_that_nobody_will_ask(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await rosa.runs("/story")
    await rosa.presses("Tell it now")

    rosa.sees("You have no open case, so nobody will ask whether it landed.", MARY.before)


async def test_nobody_tells_it_in_somebody_elses_case(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await rosa.runs("/cancel Ada Lovelace")
    await sam.runs("/story")
    await sam.presses("Tell it now")

    sam.sees("You have no open case")


async def test_it_is_copied_from_a_field(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await rosa.runs("/story")
    await rosa.presses("Copy…")

    assert rosa.screen.held("To copy, or to put into your own words") == "\n".join([MARY.before, MARY.turned, MARY.now])
    assert await rosa.sends() == {}
    rosa.sees(MARY.before, "Tell it now")


async def test_a_story_from_before_is_kept_and_verified(office: Office, rosa: Rep, sam: Rep, manager: Rep) -> None:
    await sam.runs("/story add")
    await writes_one(sam)
    assert await sam.sends() == {}
    sam.sees("The story is kept", "told to nobody before somebody else has looked at it")
    await rosa.runs("/story")
    rosa.does_not_see(MARY.before)

    await manager.opens_home()
    await manager.presses("Verify")
    await rosa.runs("/story")
    rosa.sees(MARY.before)


async def test_no_case_is_the_source_of_a_story_from_before(sam: Rep) -> None:
    await sam.runs("/story add")

    assert "This case" not in str(sam.screen.blocks)


async def test_a_story_is_added_from_the_search_which_then_says_so(office: Office, sam: Rep) -> None:
    await sam.runs("/story")
    await sam.presses("Add a story…")
    await writes_one(sam)
    assert await sam.sends() == {}

    sam.sees("Kept, and told to nobody before somebody else has looked at it.", "No story may be told yet.")


async def test_my_own_stand_there_wherever_they_stand(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await has_written(office, sam, verified=False, now=LAUGHS)
    await sam.runs("/story mine")
    sam.sees(
        "*Mary Somerville*: Waits to be verified", "*Mary Somerville*: May be told until Nov 24, 2027", LAUGHS, MARY.now
    )

    await rosa.runs("/story mine")
    rosa.sees("You have not written a story yet.").does_not_see(LAUGHS)
    await rosa.presses("All stories")
    rosa.sees(MARY.now).does_not_see(LAUGHS)


async def test_a_changed_story_is_verified_again_before_it_is_told(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await has_written(office, sam)
    await sam.runs("/story")
    await sam.presses("Change…")
    assert sam.screen.held("Whose story it is") == "Mary Somerville"
    assert await sam.types("How they are now, in one line", LAUGHS).sends() == {}
    sam.sees("Kept, and told to nobody").does_not_see(MARY.before)
    await rosa.runs("/story")
    rosa.does_not_see(MARY.before, LAUGHS)

    await manager.opens_home()
    await manager.presses("Verify")
    await rosa.runs("/story")
    rosa.sees(LAUGHS)


async def test_a_manager_changes_what_waits_and_somebody_else_verifies_it(
    office: Office, sam: Rep, manager: Rep
) -> None:
    await has_written(office, sam, verified=False)
    await manager.opens_home()
    await manager.presses("Change…")
    assert await manager.types("How they are now, in one line", LAUGHS).sends() == {}

    manager.does_not_see("A story waits")


async def test_what_is_changed_in_the_message_of_those_that_wait_leaves_it(
    office: Office, sam: Rep, manager: Rep
) -> None:
    await has_written(office, sam, verified=False)
    await office.later(days=1)
    await manager.goes_to("dm").presses("What was decided…")
    manager.sees("it was kept, <@U0SAM>")
    await manager.closes()
    await manager.presses("Change…")
    assert await manager.types("How they are now, in one line", LAUGHS).sends() == {}

    manager.sees("No story waits to be verified.")


async def test_only_author_and_managers_may_change_it(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await rosa.runs("/story")

    assert "Change…" not in rosa.screen.controls
    assert "Withdraw…" in rosa.screen.controls


async def test_what_was_decided_is_there_to_read(office: Office, sam: Rep) -> None:
    await has_written(office, sam)
    await sam.runs("/story mine")
    await sam.presses("What was decided…")

    sam.sees("Mary Somerville", "Nov 24, 2026: Verified, <@U0MINA>", "it was kept, <@U0SAM>")


async def test_withdrawn_it_is_out_of_sight_at_once_in_every_search(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await rosa.runs("/story")
    rosa.sees(MARY.before)
    await sam.runs("/story payments")
    await sam.presses("Withdraw…")
    assert await sam.types("A word on why", "She asked.").sends() == {}
    sam.sees("Withdrawn. It is out of sight everywhere.").does_not_see(MARY.before)

    await office.settles()
    rosa.sees("True stories").does_not_see(MARY.before)


@pytest.mark.parametrize("open_at", ["Tell it now", "Copy…"])
async def test_withdrawn_it_is_gone_from_whoever_is_about_to_tell_it(
    office: Office, rosa: Rep, sam: Rep, open_at: str
) -> None:
    await has_written(office, sam)
    await rosa.runs("/story")
    await rosa.presses(open_at)
    await sam.runs("/story mine")
    await sam.presses("Withdraw…")
    assert await sam.sends() == {}
    sam.sees("*Mary Somerville*: Withdrawn")

    await office.settles()
    rosa.sees("No story may be told yet.").does_not_see(MARY.before)


async def test_a_closed_search_is_no_trouble(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await rosa.runs("/story")
    await rosa.closes()
    await sam.runs("/story")
    await sam.presses("Withdraw…")
    await sam.sends()

    await office.settles()
    assert await office.later(minutes=30) == 0


async def test_one_that_waits_expired_or_was_declined_is_in_no_search(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await has_written(office, sam, verified=False, now=LAUGHS)
    await rosa.runs("/story")
    rosa.sees(MARY.now).does_not_see(LAUGHS)

    await office.later(days=366)
    await rosa.runs("/story")
    rosa.does_not_see(MARY.now, LAUGHS)


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


async def test_the_home_leads_to_the_stories_too(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await rosa.opens_home()
    await rosa.presses("True stories…")

    rosa.sees(MARY.before)


async def test_an_expired_one_is_confirmed_among_my_own(office: Office, sam: Rep) -> None:
    await has_written(office, sam)
    await office.later(days=366)
    await sam.runs("/story mine")
    sam.sees("Its time is up: does it still hold?")

    await sam.presses("It still holds")
    sam.sees("It is told again once a verifier has looked at it too.", "Waits to be verified")
