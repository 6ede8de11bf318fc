"""The fourth step (the method, part A4): a true story of somebody like them, or a question and no claim."""

from dataclasses import replace

from sqlmodel import select

from bot.coaching import members, roles, stories
from bot.coaching.ledger import Consent
from bot.coaching.members import Profile
from bot.coaching.stories import What
from bot.playground.workspace import TEAM
from bot.storage.models import Case, Story
from tests.conversations.office import RENEWALS, Office, Rep, Screen
from tests.true_stories import MARY

WHY = "What is behind it"


async def has_written(office: Office, author: Rep, *, verified: bool = True, **given: str) -> Story:
    """A story of Mary's, kept by one of the reps and verified by Mina, who manages the team."""
    now, write = office.clock.now(), office.bot.database.write
    await write(members.learn, TEAM, office.mina.id, Profile(is_admin=True), now)
    await write(roles.accept, TEAM, office.mina.id, now)
    story = await write(stories.add, TEAM, author.id, replace(MARY, **given), now)
    if verified:
        who = (TEAM, office.mina.id, story.id or 0, story.revision)
        await write(stories.judge, *who, What.VERIFIED, None, now)
    return story


async def comes_to_the_story(rep: Rep, why: str = "The payments never end.", name: str = "Ada Lovelace") -> Rep:
    await rep.runs(f"/cancel {name}")
    await rep.presses("Next")
    rep.types(WHY, why)
    await rep.presses("Worried or unsure")
    return await rep.presses("Next")


async def test_the_story_that_fits_stands_on_the_card_in_three_lines(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await comes_to_the_story(rosa)

    rosa.sees("4 of 6", "Share a true story", "words in common", MARY.before, MARY.turned, MARY.now)
    rosa.sees("Tell it without a name.")
    rosa.does_not_see("Mary")


async def test_nobody_is_told_their_own_story(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam, whose="Ada Lovelace")
    await comes_to_the_story(rosa)
    rosa.sees("No true story fits").does_not_see(MARY.before)
    assert await rosa.looks_up("Find a story…", "payments") == {}

    await rosa.runs("/story payments")
    await rosa.presses("Tell it now")
    rosa.sees("That is this customer’s own story.")


async def test_a_name_is_said_where_they_agreed_to_it(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam, consent=Consent.NAMED)
    await comes_to_the_story(rosa)

    rosa.sees("You may say the name: Mary Somerville.")


async def test_where_none_fits_it_says_so_and_claims_nothing(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await comes_to_the_story(rosa, "The colour of the box.")

    rosa.sees("No true story fits, so claim nothing about others.")
    rosa.does_not_see(MARY.before, "Another story")


async def test_the_worry_that_the_rep_names_finds_one(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await comes_to_the_story(rosa, "The colour of the box.")
    await rosa.picks("What worries them?", "Cost")

    rosa.sees("the same worry", MARY.before)
    assert "Another story" not in rosa.screen.in_sight, "there is none"
    assert "Cost" in rosa.taken
    await rosa.picks("worry", "Not using it")
    rosa.sees("No true story fits")


async def test_the_same_kind_of_customer_comes_first(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam, customer_kind="A bakery")
    await has_written(office, sam, now="She laughs about it.")
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Note and details…")
    assert await rosa.types("Kind of customer", "a  BAKERY").types("Reason", "Cost").sends() == {}
    await rosa.presses("Next")
    await rosa.presses("Worried or unsure")
    await rosa.presses("Next")

    rosa.sees("the same worry, the same kind of customer", MARY.now)


async def test_another_story_is_the_next_best_and_then_the_first_again(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await has_written(office, sam, now="She laughs about it.")
    await comes_to_the_story(rosa)
    rosa.sees("She laughs about it.")

    await rosa.presses("Another story")
    rosa.sees(MARY.now).does_not_see("She laughs about it.")
    await rosa.presses("Another story")
    rosa.sees("She laughs about it.", "No other story fits, so here is the best one again.")


async def test_one_that_nobody_has_verified_is_never_on_a_card(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam, verified=False)
    await comes_to_the_story(rosa)

    rosa.sees("No true story fits").does_not_see(MARY.before)


async def test_a_story_mentions_nobody_and_links_nowhere(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam, before="The payments, <!everyone> and <https://example.com|here>.")
    await comes_to_the_story(rosa)

    rosa.sees("The payments, <!everyone> and <https://example.com|here>.")
    drawn = str(rosa.screen.blocks)
    assert "&lt;!everyone&gt;" in drawn
    assert "<!everyone>" not in drawn


async def test_whether_it_landed_is_asked_once_it_is_over_and_the_author_is_thanked(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    await has_written(office, sam)
    await comes_to_the_story(rosa)
    rosa.does_not_see("Did the story land?")
    await rosa.presses("They’re staying")
    rosa.sees("Did the story land?", MARY.before).does_not_see(MARY.turned)

    await rosa.presses("It landed")
    rosa.does_not_see("Did the story land?", MARY.before).sees("Kept.")
    await office.later(minutes=3)
    sam.goes_to("dm").sees("Your story helped", "the customer is staying", MARY.before)


async def test_one_that_did_not_land_thanks_nobody(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await comes_to_the_story(rosa)
    await rosa.presses("They’re staying")
    await rosa.presses("It didn’t land")
    await office.later(minutes=3)

    assert sam.goes_to("dm").messages == []


async def test_one_that_was_not_told_is_not_counted(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    await comes_to_the_story(rosa)
    await rosa.presses("They’re leaving")
    await rosa.presses("I didn’t tell it")

    (case,) = await office.bot.database.read(lambda session: [*session.exec(select(Case)).all()])
    assert (case.story_id, case.landed) == (None, None)


async def test_withdrawn_it_is_gone_at_once_from_the_answer_and_from_the_copy(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    story = await has_written(office, sam)
    await comes_to_the_story(rosa)
    await office.later(minutes=3)
    rosa.sees(MARY.before)
    rosa.goes_to("dm").sees(MARY.before)

    now = office.clock.now()
    await office.bot.database.write(stories.withdraw, TEAM, sam.id, story.id or 0, None, now)
    await office.settles()

    rosa.sees("No true story fits").does_not_see(MARY.before)
    rosa.goes_to("C0RENEWALS").sees("No true story fits").does_not_see(MARY.before)


async def withdrawn(office: Office, story: Story, by: Rep) -> None:
    await office.bot.database.write(stories.withdraw, TEAM, by.id, story.id or 0, None, office.clock.now())
    await office.settles()


async def test_withdrawn_it_is_on_no_older_copy_of_a_case_that_goes_on_below(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    story = await has_written(office, sam)
    await comes_to_the_story(rosa)
    await office.later(minutes=3)
    await rosa.opens_home()
    await rosa.presses("Resume")
    await rosa.closes()
    await office.settles()
    older, newer = rosa.goes_to("dm").messages
    assert Screen(older).text == "This card goes on below."
    assert MARY.before in Screen(newer).text

    await withdrawn(office, story, sam)
    assert MARY.before not in rosa.everything


async def test_withdrawn_it_is_gone_from_the_card_that_asks_whether_it_landed(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    story = await has_written(office, sam)
    await comes_to_the_story(rosa)
    await rosa.presses("They’re staying")
    await office.settles()
    rosa.sees(MARY.before)
    rosa.goes_to("dm").sees("Did the story land?", MARY.before)

    await withdrawn(office, story, sam)
    rosa.sees("Did the story land?").does_not_see(MARY.before)
    rosa.goes_to(RENEWALS).sees("Did the story land?").does_not_see(MARY.before)


async def test_withdrawn_it_is_gone_from_the_answer_even_after_a_press_on_the_copy(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    story = await has_written(office, sam)
    await comes_to_the_story(rosa)
    await office.later(minutes=3)
    await rosa.goes_to("dm").presses("Another way to say it")
    await withdrawn(office, story, sam)

    rosa.sees("No true story fits").does_not_see(MARY.before)
    rosa.goes_to(RENEWALS).sees("No true story fits").does_not_see(MARY.before)


async def test_withdrawn_it_is_gone_from_a_card_that_the_details_brought_it_to(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    story = await has_written(office, sam)
    await comes_to_the_story(rosa, "The colour of the box.")
    await rosa.presses("Note and details…")
    assert await rosa.types("Reason", "Cost").sends() == {}
    rosa.sees(MARY.before)

    await withdrawn(office, story, sam)
    rosa.sees("No true story fits").does_not_see(MARY.before)


BEFORE, TURNED, NOW = "Their worry, in one line", "What turned it, in one line", "How they are now, in one line"


async def keeps_the_case(rep: Rep, **typed: str) -> Rep:
    """Mary is staying, and the rep keeps that as a story."""
    await rep.runs("/cancel Mary Somerville")
    await rep.presses("Next")
    rep.types(WHY, "The payments never end.")
    await rep.presses("Worried or unsure")
    await rep.presses("They’re staying")
    await rep.presses("Keep it as a story…")
    rep.types(TURNED, MARY.turned).types(NOW, MARY.now).types("What worried them", "Cost")
    rep.types("Did they agree to have it told?", "They agreed to have it told, without their name")
    return rep.types("How they agreed", "On this call")


async def test_somebody_who_stays_becomes_a_story_that_mina_verifies(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await keeps_the_case(sam)
    assert (sam.screen.held(BEFORE), sam.screen.held("Whose story it is")) == (
        "The payments never end.",
        "Mary Somerville",
    )
    assert sam.screen.held("How it is known") == "A case of ours"
    assert await sam.sends() == {}
    sam.sees("told to nobody before somebody else has looked at it").does_not_see("Keep it as a story…")

    await manager.opens_home()
    manager.sees("A story waits", "Mary Somerville", MARY.turned, "A case of ours", "(On this call)")
    await manager.presses("Verify")
    manager.does_not_see("A story waits")
    await comes_to_the_story(rosa)
    rosa.sees("The payments never end.", MARY.turned, MARY.now)


async def test_what_is_wrong_is_told_beside_its_field(sam: Rep) -> None:
    await keeps_the_case(sam)
    sam.types(BEFORE, "Mary was afraid.").types(TURNED, "word " * 36).types("How they agreed", None)

    assert await sam.sends() == {
        BEFORE: "They did not agree to be named, so please leave their name out.",
        TURNED: "That is 36 words. 35 can be said in one breath, so please shorten it.",
        "How they agreed": "Please say how they agreed.",
    }


async def test_nobody_verifies_their_own(office: Office, manager: Rep) -> None:
    manager.goes_to("C0RENEWALS")
    await keeps_the_case(manager)
    assert await manager.sends() == {}

    await manager.opens_home()
    manager.does_not_see("A story waits")


async def test_a_verifier_gets_one_message_a_day_and_decides_in_it(office: Office, sam: Rep, manager: Rep) -> None:
    for _ in range(2):
        await keeps_the_case(sam)
        assert await sam.sends() == {}
    await office.later(days=1)
    manager.goes_to("dm").sees("2 stories wait", "Verify", "Ask for more…", "Decline…")
    assert len(manager.messages) == 1

    await manager.presses("Verify")
    manager.sees("Verified.", "A story waits")
    await office.later(days=1)
    assert len(manager.messages) == 1


async def test_a_reason_reaches_the_author(office: Office, sam: Rep, manager: Rep) -> None:
    await keeps_the_case(sam)
    await sam.sends()
    await manager.opens_home()
    await manager.presses("Ask for more…")
    assert await manager.types("A word to whoever wrote it", "When was that?").sends() == {}

    manager.does_not_see("A story waits")
    await office.settles()
    sam.goes_to("dm").sees("would like to know more about the story of Mary Somerville", "“When was that?”")

    await sam.presses("Change…")
    assert await sam.types(NOW, "She is glad.").types("Where it can be found", "In May.").sends() == {}
    sam.sees("Kept, and told to nobody before somebody else has looked at it.").does_not_see("When was that?")
    await manager.opens_home()
    manager.sees("She is glad.", "(In May.)")


async def test_one_that_was_declined_may_be_mended_where_that_is_told(office: Office, sam: Rep, manager: Rep) -> None:
    await keeps_the_case(sam)
    await sam.sends()
    await manager.opens_home()
    await manager.presses("Decline…")
    assert await manager.types("A word to whoever wrote it", "Too long.").sends() == {}
    await office.settles()

    await sam.goes_to("dm").presses("Change…")
    assert sam.screen.held(TURNED) == MARY.turned


async def test_of_two_at_the_same_second_one_wins_and_the_other_is_told_who_did(
    office: Office, sam: Rep, manager: Rep
) -> None:
    await keeps_the_case(sam)
    await sam.sends()
    await manager.opens_home()
    story = (await office.bot.database.read(lambda session: [*session.exec(select(Story)).all()]))[0]
    now, write = office.clock.now(), office.bot.database.write
    await write(members.learn, TEAM, office.rosa.id, Profile(is_admin=True), now)
    await write(roles.accept, TEAM, office.rosa.id, now)
    await write(stories.judge, TEAM, office.rosa.id, story.id or 0, story.revision, What.DECLINED, "No.", now)

    await manager.presses("Verify")
    manager.sees("Somebody was faster", "<@U0ROSA> was a moment faster: Declined.")


async def test_after_a_year_its_author_and_a_verifier_are_asked_whether_it_holds(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    await has_written(office, sam)
    await office.later(days=366)
    sam.goes_to("dm").sees("It is time to look at your story of Mary Somerville again.")
    await comes_to_the_story(rosa)
    rosa.sees("No true story fits")

    await office.mina.opens_home()
    office.mina.sees("its author has not said yet whether it still holds")
    await sam.presses("It still holds")
    sam.sees("It is told again once a verifier has looked at it too.")
    await office.mina.opens_home()
    await office.mina.does_not_see("has not said yet").presses("Verify")
    await comes_to_the_story(rosa)
    rosa.sees(MARY.before)


async def test_said_too_late_it_changes_nothing_and_says_how_it_stands(office: Office, sam: Rep) -> None:
    story = await has_written(office, sam)
    await office.later(days=366)
    sam.goes_to("dm").sees("Does it still hold?")
    await withdrawn(office, story, office.rosa)
    asked = Screen(sam.messages[0])
    await sam.uses(*asked.controls["It still holds"], on=asked)

    assert "Nothing changed. How it stands: Withdrawn" in sam.everything
    assert "told again" not in sam.everything


async def test_where_its_author_is_gone_a_verifier_alone_says_that_it_holds(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    await has_written(office, sam)
    await office.later(days=366)
    await office.later(days=3)
    office.mina.goes_to("dm").sees("Verify", "has not said yet whether it still holds")
    await office.mina.presses("Verify")
    await comes_to_the_story(rosa)
    rosa.sees(MARY.before)


async def test_whoever_goes_away_before_the_morning_is_asked_once_they_are_back(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await keeps_the_case(rosa.goes_to(RENEWALS))
    assert await rosa.sends() == {}
    await manager.goes_to(RENEWALS).runs("/reconnect away until 2026-11-27")
    await office.later(days=2, hours=23)
    assert "waits for somebody to look at" not in manager.goes_to("dm").everything

    await office.later(hours=1)
    assert "waits for somebody to look at" in manager.everything


async def test_what_waits_to_be_verified_waits_for_whoever_is_away_and_for_their_days(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await manager.goes_to(RENEWALS).runs("/reconnect away until 2026-12-02")
    await manager.opens_home()
    await manager.presses("My settings…")
    manager.types("Working days", ["Thursday", "Friday"])
    assert await manager.types("Work begins at", "14:00").types("Work ends at", "20:00").sends() == {}
    await manager.closes()
    await keeps_the_case(rosa.goes_to(RENEWALS))
    assert await rosa.sends() == {}
    await office.later(days=9, hours=3)
    assert "waits for somebody to look at" not in manager.goes_to("dm").everything

    await office.later(hours=1)
    assert "waits for somebody to look at" in manager.everything
