"""Saves in the playground's page, by mouse and by keyboard."""

from playwright.async_api import expect

from bot.surfaces.words import Voice
from tests.browser.playground import Visitor


async def test_a_worry_is_walked_through_six_steps_to_a_saved_outcome(visitor: Visitor) -> None:
    await visitor.walks_to_the_last_step()
    await visitor.presses("They’re staying")
    await visitor.sees("Ada Lovelace", "Tue, Dec 1")
    await expect(visitor.card.get_by_role("button", name="Undo")).to_be_visible()

    await visitor.goes_to("dm")
    await visitor.sees("Ada Lovelace", "Tue, Dec 1")
    await expect(visitor.card.get_by_role("button", name="Undo")).to_be_visible()


async def test_a_save_needs_no_mouse(visitor: Visitor) -> None:
    keyboard = visitor.page.keyboard
    await expect(visitor.composer).to_be_focused()
    await keyboard.type("/can")
    await expect(visitor.page.get_by_role("option", name="/cancel")).to_be_visible()
    await keyboard.press("Tab")
    await expect(visitor.composer).to_have_value("/cancel ")
    await keyboard.type("Ada Lovelace")
    await keyboard.press("Enter")

    await visitor.sees("1 of 6")
    await visitor.chooses("Next", back=True)
    await visitor.sees("2 of 6")
    await visitor.chooses("Worried or unsure")
    await visitor.sees("3 of 6")
    await visitor.chooses("Next")
    for step in (4, 5):
        await visitor.sees(f"{step} of 6")
        # The button is a new one in the place of the old, and has the focus.
        await expect(visitor.card.get_by_role("button", name="Next", exact=True)).to_be_focused()
        await visitor.chooses("Next")
    await visitor.sees("6 of 6")
    await visitor.chooses("They’re staying")
    await visitor.sees("Tue, Dec 1")

    await visitor.chooses("Home", back=True)
    await expect(visitor.page.get_by_test_id("home")).to_contain_text("Ada Lovelace")


async def test_what_is_typed_stands_there_again_after_a_press_and_a_step_back(visitor: Visitor, voice: Voice) -> None:
    await visitor.runs("/cancel Grace")
    await visitor.presses("Next")
    why = visitor.card.get_by_label(voice.label("field.why"))
    await why.fill("Her brother laughed.")
    await visitor.presses("Worried or unsure")
    await visitor.sees("3 of 6")
    await visitor.card.get_by_role("button", name="More actions").first.click()
    await visitor.page.get_by_role("menuitem", name=voice.label("press.back")).click()
    await visitor.sees("2 of 6")
    await expect(why).to_have_value("Her brother laughed.")


async def test_the_clock_brings_the_reminder_and_done_answers_it(visitor: Visitor) -> None:
    await visitor.runs("/cancel Ada Lovelace")
    await visitor.presses("They’re staying")
    await visitor.sees("Tue, Dec 1")
    await visitor.goes_to("dm")
    done = visitor.page.get_by_role("button", name="Done", exact=True)
    reminder = visitor.messages.filter(has_text="Ada Lovelace").filter(has=done)

    await visitor.moves_clock("monday", "day")
    await expect(visitor.clock).to_have_text("Tue, Dec 1, 9:00 AM")
    await expect(reminder).to_have_count(0)
    await visitor.moves_clock("hour")
    await expect(reminder).to_have_count(1)

    waiting = reminder.get_by_role("button", name="Done", exact=True)
    count = await waiting.count()
    await waiting.last.click()
    await expect(waiting).to_have_count(count - 1)
    await visitor.sees("Promise kept.")


async def test_a_card_is_seen_by_nobody_else(visitor: Visitor) -> None:
    await visitor.runs("/cancel Ada Lovelace")
    await visitor.sees("Ada Lovelace", "1 of 6")

    people = visitor.page.get_by_test_id("person-switcher")
    await people.get_by_role("radio", name="Sam Okafor").click()
    await expect(people.get_by_role("radio", name="Sam Okafor")).to_be_checked()
    await visitor.sees("Sample")
    await expect(visitor.messages.filter(has_text="Ada Lovelace")).to_have_count(0)

    await people.get_by_role("radio", name="Rosa Diaz").click()
    await visitor.sees("Ada Lovelace", "1 of 6")


async def test_after_a_reload_the_copy_in_the_dm_goes_on(visitor: Visitor) -> None:
    await visitor.runs("/cancel Ada Lovelace")
    await visitor.presses("Next")
    await visitor.sees("2 of 6")

    await visitor.page.reload()
    await visitor.sees("Sample")
    await expect(visitor.messages.filter(has_text="Ada Lovelace")).to_have_count(0)

    await visitor.moves_clock("hour")
    await visitor.goes_to("dm")
    await visitor.sees("Ada Lovelace", "2 of 6")
    await visitor.presses("Worried or unsure")
    await visitor.sees("Ada Lovelace", "3 of 6")


async def test_names_stand_there_as_they_were_typed(visitor: Visitor) -> None:
    for name in ("<!channel>", "<@U0SAM>", "O'Brien", "&lt;", "*Bold* & :wave:", "🦊 Fox", "مها القحطاني"):
        await visitor.runs(f"/cancel {name}")
        await expect(visitor.card.get_by_role("heading", name=name, exact=True)).to_be_visible()
        await visitor.presses("They’re staying")
        await expect(visitor.card.get_by_role("button", name="Undo")).to_be_visible()
        await visitor.sees(name)
        await expect(visitor.card.locator(".mention")).to_have_count(0)
