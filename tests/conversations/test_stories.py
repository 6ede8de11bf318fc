"""`/story`: a rep finds a true story, tells it, keeps one from before, and takes one out of sight."""

import pytest
from starlette.responses import JSONResponse, Response

from bot.playground.workspace import OpenView
from tests.conversations.office import Office, Rep
from tests.conversations.test_true_stories import comes_to_the_story, has_written, withdrawn
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


async def test_told_now_it_stands_with_the_case_on_the_phone(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.runs("/story payments")
    await rosa.presses("Tell it now")
    rosa.sees("It stands with the case of *Ada Lovelace* now.", MARY.before, MARY.turned, MARY.now)
    assert isinstance(rosa.screen.shown, OpenView)
    assert rosa.screen.shown.content["submit"]["text"] == "Back to the stories"
    assert rosa.screen.shown.content["close"]["text"] == "Close"
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
    await rosa.presses("Another story")
    rosa.sees(MARY.now).does_not_see("step behind")


async def test_told_in_the_wrong_case_it_is_taken_away_in_one_press(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam, worry="unused", now=LAUGHS)
    await has_written(office, sam)
    await comes_to_the_story(rosa)
    await rosa.runs("/story")
    await rosa.picks("worry", "Not using it")
    await rosa.presses("Tell it now")
    await office.settles()
    await rosa.presses("Not this case")
    rosa.sees("It stands with no case, so nobody will ask whether it landed.", LAUGHS)
    rosa.does_not_see("Ada Lovelace", "Not this case")

    await rosa.closes()
    await office.settles()
    rosa.sees("Ada Lovelace", MARY.now).does_not_see(LAUGHS)


async def test_without_an_open_case_it_says_that_nobody_will_ask(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await rosa.runs("/story")
    await rosa.presses("Tell it now")

    rosa.sees("It stands with no case, so nobody will ask whether it landed.", MARY.before)
    rosa.does_not_see("Not this case")


async def test_nobody_tells_it_in_somebody_elses_case(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await rosa.runs("/cancel Ada Lovelace")
    await sam.runs("/story")
    await sam.presses("Tell it now")

    sam.sees("It stands with no case")


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

    sam.sees("A letter", "Told by the rep").does_not_see("A case of ours")


async def test_a_story_is_added_from_the_search_which_then_says_so(office: Office, sam: Rep, manager: Rep) -> None:
    await sam.runs("/story")
    await sam.presses("Add a story…")
    await writes_one(sam)
    assert await sam.sends() == {}

    sam.sees("Kept, and told to nobody before somebody else has looked at it.", "No story may be told yet.")


@pytest.mark.parametrize("begin", ["/story add", "/story"])
async def test_where_nobody_may_verify_it_that_is_told_at_once(sam: Rep, begin: str) -> None:
    await sam.runs(begin)
    if begin == "/story":
        await sam.presses("Add a story…")
    await writes_one(sam)
    assert await sam.sends() == {}

    sam.sees("Kept, but nobody else can verify it yet.", "Team settings")


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

    manager.sees("Kept, but nobody else can verify it yet.")
    await manager.closes()
    manager.sees("Team settings…").does_not_see("A story waits")


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

    await manager.sees("Kept, but nobody else can verify it yet.").closes()
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


async def test_taken_back_their_word_has_to_be_given_anew(office: Office, rosa: Rep, sam: Rep, manager: Rep) -> None:
    story = await has_written(office, sam)
    await withdrawn(office, story, rosa)
    await sam.runs("/story mine")
    await sam.presses("Change…")
    agreed, how = "Did they agree to have it told?", "How they agreed"
    assert (sam.screen.held(agreed), sam.screen.held(how)) == (None, None)
    assert await sam.sends() == {agreed: "Please complete this required field."}
    sam.types(agreed, "They agreed to have it told, without their name")
    (refused,) = (await sam.types(how, "In her letter").sends()).values()
    assert refused.startswith("They took back their word")
    sam.types(agreed, "They agreed to have it told, without their name")
    assert await sam.types(how, "She rang again.").sends() == {}

    await manager.opens_home()
    manager.sees("This customer once took back their word. Have they agreed anew?", "(She rang again.)")


async def test_withdrawn_while_the_search_is_about_to_open_it_is_gone_once_it_has(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    story = await has_written(office, sam)
    early = [{"ok": False, "error": "not_found"}]

    def not_open_yet(method: str, _arguments: object) -> Response | None:
        return JSONResponse(early.pop()) if method == "views.update" and early else None

    office.slack.troubles.append(not_open_yet)
    await rosa.runs("/story")
    await withdrawn(office, story, sam)
    assert early == []
    rosa.sees(MARY.before)

    await office.later(seconds=10)
    rosa.sees("No story may be told yet.").does_not_see(MARY.before)


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
    # The Homes of the managers.
    await office.later(seconds=5)
    assert await office.later(minutes=1) == 1, "it might have been about to open"
    assert await office.later(minutes=30) == 0


async def test_one_that_waits_expired_or_was_declined_is_in_no_search(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await has_written(office, sam, verified=False, now=LAUGHS)
    await rosa.runs("/story")
    rosa.sees(MARY.now).does_not_see(LAUGHS)

    await office.later(days=366)
    await rosa.runs("/story")
    rosa.does_not_see(MARY.now, LAUGHS)


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
