"""Which playbook: a leading word picks it, the last choice is remembered, and the card changes it in one press."""

from pathlib import Path

from bot.app import template_roots
from bot.surfaces.words import Words
from tests.conversations.office import Office, Rep, open_office


async def test_a_leading_word_picks_the_playbook_and_is_no_part_of_the_name(rosa: Rep) -> None:
    await rosa.runs("/cancel order Ada Lovelace")

    rosa.sees("Ada Lovelace", "1 of 6 · Ask why, with care").does_not_see("order Ada")
    assert rosa.taken[0] == "Save an order or subscription"


async def test_a_customer_whose_name_begins_with_such_a_word_keeps_it(rosa: Rep) -> None:
    await rosa.runs("/cancel Order Ltd")

    rosa.sees("Order Ltd", "Meet them where they are")


async def test_the_last_choice_stands_until_another_is_made(rosa: Rep, sam: Rep) -> None:
    await rosa.runs("/cancel order Ada Lovelace")
    await rosa.runs("/cancel Grace Hopper")
    rosa.sees("Ask why, with care")
    await rosa.runs("/cancel sale Grace Hopper")
    await rosa.runs("/cancel Alan Turing")
    rosa.sees("Meet them where they are")

    await sam.runs("/cancel Mary Somerville")
    sam.sees("Meet them where they are")


async def test_the_card_changes_it_in_one_press_and_keeps_what_was_typed(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    rosa.types("A time you wanted to cancel something (only for you)", "The gym.")
    await rosa.presses("Save an order or subscription")

    rosa.sees("Ada Lovelace", "Ask why, with care")
    assert rosa.screen.held("A time you wanted to cancel something (only for you)") == "The gym."
    await rosa.runs("/cancel Grace Hopper")
    rosa.sees("Ask why, with care")


async def test_after_the_coaching_has_ended_no_playbook_starts_it_again(rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    card = rosa.screen
    switch = card.controls["Save an order or subscription"]
    await rosa.presses("They said “just cancel it”")
    assert "Save an order or subscription" not in rosa.screen.controls

    block_id, action_id, choice = switch
    assert choice
    rosa.screen.blocks.insert(0, next(block for block in card.blocks if block["block_id"] == block_id))
    await rosa.uses(block_id, action_id, choice, on=rosa.screen)

    rosa.sees("Let them go well")


async def test_a_worry_about_an_order_goes_the_way_of_the_mission(rosa: Rep) -> None:
    await rosa.runs("/cancel order Ada Lovelace")
    await rosa.presses("Next")
    rosa.sees("2 of 6 · Find the issue, and ask for a second chance")
    await rosa.presses("Worried or unsure")
    rosa.sees("3 of 6 · Learn why they wanted it").types("What they hoped for, in their words", "Less paper.")
    for step in ("4 of 6", "5 of 6", "6 of 6 · Ask which it is"):
        await rosa.presses("Next")
        rosa.sees(step)
    await rosa.presses("They’re staying")
    rosa.sees("Ada Lovelace is staying")

    await rosa.runs("/cancel sale Ada Lovelace")
    await rosa.presses("Next")
    await rosa.presses("Worried or unsure")
    rosa.sees("“Less paper.”")


async def test_something_changed_about_an_order_offers_the_five_remedies_with_money_last(rosa: Rep) -> None:
    await rosa.runs("/cancel subscription Ada Lovelace")
    await rosa.presses("Next")
    await rosa.presses("Something changed")

    rosa.sees("3 of 4 · Choose what fits the cause")
    remedies = [line for line in rosa.screen.text.splitlines() if line.startswith("• ")]
    assert len(remedies) == 6
    assert remedies[-1].startswith("• *A smaller bill:*")


async def test_help_names_every_playbook(rosa: Rep) -> None:
    await rosa.runs("/cancel help")

    rosa.sees("/cancel sale Ada Lovelace", "/cancel order Ada Lovelace", "Save an order or subscription")


async def test_a_teams_own_playbook_appears_without_code(database_url: str, tmp_path: Path, words: Words) -> None:
    (shipped,) = template_roots()
    folder = tmp_path / "words" / "en" / "playbooks"
    folder.mkdir(parents=True)
    text = (shipped / "en" / "playbooks" / "order.md").read_text(encoding="utf-8")
    own = text.replace('title = "Save an order or subscription"', 'title = "Keep a member of the club"')
    own = own.replace('words = ["order", "subscription"]', 'words = ["club"]')
    (folder / "club.md").write_text(own.replace("Ask why, with care", "Ask about the club"), encoding="utf-8")

    async with open_office(database_url, words, templates_dir=tmp_path / "words") as office:
        await office.rosa.runs("/cancel club Ada Lovelace")
        office.rosa.sees("Ask about the club")
        assert office.rosa.taken[0] == "Keep a member of the club"


def with_own_sale(folder: Path, *changes: tuple[str, str]) -> Path:
    """A team's own words: the shipped sale with these changes."""
    (shipped,) = template_roots()
    text = (shipped / "en" / "playbooks" / "sale.md").read_text(encoding="utf-8")
    for old, new in changes:
        text = text.replace(old, new)
    playbooks = folder / "en" / "playbooks"
    playbooks.mkdir(parents=True)
    (playbooks / "sale.md").write_text(text, encoding="utf-8")
    return folder


async def test_a_step_that_an_edit_took_away_leaves_its_cases_at_the_nearest_one(
    database_url: str, tmp_path: Path, words: Words
) -> None:
    without_story = ('"story", "future"', '"future"'), ("[steps.story]", "[steps.tale]"), ("{#story}", "{#tale}")
    own = with_own_sale(tmp_path / "words", *without_story)
    async with open_office(database_url, words) as office:
        await office.rosa.runs("/cancel Ada Lovelace")
        for press in ("Next", "Worried or unsure", "Next"):
            await office.rosa.presses(press)
        office.rosa.sees("4 of 6")
        await office.later(minutes=2)

    async with open_office(database_url, words, templates_dir=own) as office:
        rosa = office.rosa
        await rosa.runs("/cancel list")
        await rosa.presses("Resume")
        rosa.sees("The playbook has changed since", "3 of 5")
        await rosa.presses("Next")
        rosa.sees("4 of 5").does_not_see("The playbook has changed")


async def test_a_case_whose_playbook_is_gone_goes_on_with_the_one_there_is(
    database_url: str, tmp_path: Path, words: Words
) -> None:
    own = tmp_path / "words"
    club = with_own_sale(own, ('words = ["sale"]', 'words = ["club"]')) / "en" / "playbooks" / "sale.md"
    club.rename(club.with_name("club.md"))
    async with open_office(database_url, words, templates_dir=own) as office:
        await office.rosa.runs("/cancel club Ada Lovelace")

    async with open_office(database_url, words) as office:
        rosa = office.rosa
        await rosa.runs("/cancel list")
        await rosa.presses("Resume")
        rosa.sees("The playbook has changed since", "Ada Lovelace", "1 of 6")
        await rosa.runs("/cancel Grace Hopper")
        rosa.sees("Meet them where they are")
