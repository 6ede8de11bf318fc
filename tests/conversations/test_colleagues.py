"""A live case handed to a colleague, a question to all of them, and a link to the record elsewhere."""

import pytest

from bot.coaching.spelling import gives_away
from tests.conversations.office import RENEWALS, Office, Rep
from tests.conversations.test_team_settings import says_of

HAND_OVER, QUESTION = "Hand over to", "Your question or note"


async def on_the_phone(rep: Rep) -> Rep:
    await rep.runs("/cancel sale Ada Lovelace")
    await rep.presses("Next")
    rep.types("What is behind it", "Her brother says it is too much.")
    await rep.presses("Worried or unsure")
    return rep


async def hand_over(rep: Rep, to: Rep, note: str = "She asks about the terms, which you know best.") -> None:
    await rep.presses("Ask or hand over…")
    rep.types(HAND_OVER, to.id).types(QUESTION, note)
    assert await rep.sends() == {}


async def test_a_colleague_gets_the_card_and_the_story_so_far(office: Office, rosa: Rep, sam: Rep) -> None:
    await on_the_phone(rosa)
    await hand_over(rosa, sam)
    rosa.sees("<@U0SAM> has Ada Lovelace now.")
    await office.settles()

    sam.goes_to("dm").sees(
        "<@U0ROSA> handed you this one.",
        "“She asks about the terms, which you know best.”",
        "So far: Worried or unsure",
        "Behind it: Her brother says it is too much.",
        "3 of 6",
    )
    await office.later(seconds=1)
    await sam.presses("Next")
    sam.sees("4 of 6").does_not_see("handed you this one")


async def test_a_case_that_was_handed_over_and_left_is_asked_about_of_whoever_has_it(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await hand_over(rosa, sam)
    await office.later(days=1)
    await office.later(minutes=1)

    assert "is still open. How did it end?" in sam.goes_to("dm").everything
    assert "still open" not in rosa.goes_to("dm").everything


async def test_a_case_that_is_asked_about_already_is_asked_about_once_by_whoever_gets_it(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await office.later(days=1)
    await office.later(minutes=1)
    await hand_over(rosa.goes_to(RENEWALS), sam)
    await office.later(days=1)
    await office.later(minutes=1)

    assert sam.goes_to("dm").everything.count("is still open. How did it end?") == 1


async def test_undo_brings_it_back_within_a_minute_and_not_later(office: Office, rosa: Rep, sam: Rep) -> None:
    await on_the_phone(rosa)
    await hand_over(rosa, sam)
    await office.later(seconds=50)
    await rosa.presses("Undo")
    rosa.sees("It’s yours again.", "3 of 6")
    await rosa.presses("Next")
    rosa.sees("4 of 6")

    await hand_over(rosa, sam)
    await office.later(seconds=70)
    await rosa.presses("Undo")
    rosa.sees("It has been with your colleague for more than a minute")
    await sam.runs("/cancel list")
    sam.sees("Ada Lovelace")


async def test_after_undo_the_colleagues_copy_says_where_it_is(office: Office, rosa: Rep, sam: Rep) -> None:
    await on_the_phone(rosa)
    await hand_over(rosa, sam)
    await office.settles()
    await rosa.presses("Undo")
    await office.settles()

    sam.goes_to("dm").sees("<@U0ROSA> has Ada Lovelace now").does_not_see("Undo", "Next")


async def test_whoever_handed_it_over_cannot_work_it_any_more(office: Office, rosa: Rep, sam: Rep) -> None:
    await on_the_phone(rosa)
    await office.later(minutes=3)
    copy = rosa.goes_to("dm").screen
    rosa.goes_to(RENEWALS)
    await hand_over(rosa, sam)
    block_id, action_id, choice = copy.controls["Next"]
    await rosa.uses(block_id, action_id, choice, on=copy)
    assert "This one belongs to a colleague" in rosa.goes_to("dm").everything

    await office.settles()
    assert "<@U0SAM> has Ada Lovelace now" in rosa.everything, "the copy says so too"
    assert "4 of 6" not in rosa.everything


async def test_what_was_promised_goes_along(office: Office, rosa: Rep, sam: Rep) -> None:
    await rosa.runs("/cancel sale Ada Lovelace")
    await rosa.presses("They need time…")
    await rosa.sends()
    await office.settles()
    await hand_over(rosa, sam, "She will call you back.")
    await office.later(days=6)

    assert "Time to call Ada Lovelace" in sam.goes_to("dm").everything
    assert "Time to call Ada Lovelace" not in rosa.goes_to("dm").everything


async def test_a_question_goes_to_the_help_channel_without_the_customers_name(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await manager.presses("Team settings…")
    manager.types("Channel for questions to colleagues", "C0GENERAL")
    await manager.sends()
    await on_the_phone(rosa)
    await rosa.presses("Ask or hand over…")
    rosa.sees("your question goes to <#C0GENERAL> now")
    assert rosa.screen.held(QUESTION).startswith("I’m at “Ask what they hoped for”")
    rosa.types(QUESTION, "Ada fears the term. What would you say?")
    assert list(await rosa.sends()) == [QUESTION]
    rosa.types(QUESTION, "She fears the term. What would you say?")
    await rosa.sends()
    rosa.sees("Asked. The answers come in the channel’s thread.", "3 of 6")
    await office.settles()

    said = rosa.goes_to("C0GENERAL").everything
    assert "<@U0ROSA> asks for a colleague’s view, with a customer on the line" in said
    assert "She fears the term. What would you say?" in said
    assert "Ada" not in said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Ada Lovelace", "Lovelace’s contract runs on"),
        ("Ada Lovelace", "“Lovelace” wants out"),
        ("Ada Lovelace", "write to ada.lovelace@example.com"),
        ("Jo Smith-Jones", "What would Jones accept?"),
        ("Li Wu", "Li Wu is unsure"),
        ("山田太郎", "山田太郎さんが迷っています"),
        ("O'Brien", "O’Brien says no"),
        ("X", "X is unsure"),
        ("Ada", "_Ada_ wants out"),
        ("May", "May wants out"),
        ("Zoë", "Zoe is unsure"),
        ("Jose", "José is unsure"),
    ],
)
def test_a_name_is_known_however_it_is_written(name: str, words: str) -> None:
    assert gives_away(words, name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Will Page", "What will she say?"),
        ("The Corner Ltd", "What is the next step?"),
        ("Li Wu", "A little water under the bridge"),
        (None, "Anything at all"),
    ],
)
def test_everyday_words_are_no_name(name: str | None, words: str) -> None:
    assert not gives_away(words, name)


async def test_the_question_that_was_proposed_is_no_note(office: Office, rosa: Rep, sam: Rep) -> None:
    await on_the_phone(rosa)
    await rosa.presses("Ask or hand over…")
    rosa.types(HAND_OVER, sam.id)
    await rosa.sends()
    await office.settles()

    sam.goes_to("dm").sees("handed you this one.").does_not_see("What would you say now?")


async def test_undo_brings_back_what_was_promised_however_often_it_went_to_and_fro(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    await rosa.runs("/cancel sale Ada Lovelace")
    await rosa.presses("They need time…")
    await rosa.sends()
    await hand_over(rosa, sam)
    await office.settles()
    await hand_over(sam.goes_to("dm"), rosa)
    await sam.presses("Undo")
    sam.sees("It’s yours again.", "Call back after their time to think")
    await office.later(days=6)

    assert "Time to call Ada Lovelace" in sam.everything
    assert "Time to call Ada Lovelace" not in rosa.goes_to("dm").everything


async def test_undo_leaves_a_colleague_what_was_theirs_before(office: Office, rosa: Rep, sam: Rep) -> None:
    await rosa.runs("/cancel order Ada Lovelace")
    for press in ("Next", "Something changed", "Sort the problem out", "They’d like that…"):
        await rosa.presses(press)
    rosa.types("What you promised", "A new charger.").types("Who does it", sam.id)
    await rosa.sends()
    await hand_over(rosa, sam)
    await rosa.presses("Undo")
    await rosa.presses("They’re staying")
    await office.later(days=3)

    assert "Promised to Ada Lovelace" in sam.goes_to("dm").everything
    assert "Promised to Ada Lovelace" not in rosa.goes_to("dm").everything


async def test_without_a_help_channel_the_form_says_so_and_still_hands_over(rosa: Rep, sam: Rep) -> None:
    await on_the_phone(rosa)
    await rosa.presses("Ask or hand over…")
    rosa.sees("Your team has no channel for questions yet")
    assert "no channel for questions" in (await rosa.sends())[HAND_OVER]
    rosa.types(HAND_OVER, sam.id)
    assert await rosa.sends() == {}


async def test_nobody_hands_a_case_to_themselves_or_to_an_app(rosa: Rep) -> None:
    await on_the_phone(rosa)
    await rosa.presses("Ask or hand over…")
    rosa.types(HAND_OVER, rosa.id)
    assert "That is you." in next(iter((await rosa.sends()).values()))
    rosa.types(HAND_OVER, "U0NOBODY")
    assert "no colleague who could do it" in (await rosa.sends())[HAND_OVER]


async def test_nobody_hands_a_case_to_a_guest(office: Office, rosa: Rep, sam: Rep) -> None:
    says_of(office, sam.id, {"is_restricted": True})
    await on_the_phone(rosa)
    await rosa.presses("Ask or hand over…")
    assert "no colleague who could do it" in (await rosa.types(HAND_OVER, sam.id).sends())[HAND_OVER]


async def test_a_case_carries_one_link_to_the_record(rosa: Rep) -> None:
    await on_the_phone(rosa)
    await rosa.presses("Note and details…")
    for wrong in ("http://crm.example/7", "https://", "https://crm.example/7|<!channel>", "crm 7"):
        rosa.types("Link to their record", wrong)
        assert await rosa.sends() == {"Link to their record": "A link begins with https:// and has no spaces."}
    rosa.types("Link to their record", "https://crm.example/7?a=1&b=2")
    await rosa.sends()

    rosa.sees("<https://crm.example/7?a=1&b=2|Their record>")


async def test_a_question_stays_in_the_house_where_its_channel_has_been_shared_since(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await manager.presses("Team settings…")
    manager.types("Channel for questions to colleagues", "C0GENERAL")
    assert await manager.sends() == {}
    await manager.closes()
    await on_the_phone(rosa)
    await rosa.presses("Ask or hand over…")
    rosa.types(QUESTION, "She fears the term. What would you say?")
    assert await rosa.sends() == {}
    office.workspace.channels["C0GENERAL"].shared_outside = True
    await office.settles()
    assert rosa.goes_to("C0GENERAL").messages == []

    await manager.opens_home()
    manager.sees("*A post in a channel*", "shared_outside")
