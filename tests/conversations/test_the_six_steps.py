"""A save, from the command to the recorded outcome (the method, part A)."""

from tests.conversations.office import Office, Rep


async def test_the_answer_to_the_command_is_the_card_seen_by_the_rep_alone(rosa: Rep, sam: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")

    rosa.sees("Ada Lovelace", "1 of 6", "Say", "Ask", "Listen for")
    assert rosa.screen.in_sight == ["Next", "They said no", "They’re staying", "They’re leaving"]
    assert sam.messages == []


async def test_a_worry_is_walked_through_all_six_steps_in_one_message(office: Office, rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Next")
    rosa.sees("2 of 6 · Find the real reason").types("What is behind it", "Her brother laughed.")
    await rosa.presses("Worried or unsure")
    rosa.sees("3 of 6 · Ask what they hoped for").types("What they hoped for, in their words", "Quiet Sundays.")
    await rosa.presses("Next")
    rosa.sees("4 of 6 · Find what would reassure them")
    await rosa.presses("Next")
    rosa.sees("5 of 6 · Back to the future")
    await rosa.presses("Next")
    rosa.sees("6 of 6 · Ask for a clear answer")
    await rosa.presses("They’re staying")

    rosa.sees("Saved: Ada Lovelace is staying.", "Check that they are still glad, Tue, Dec 1")
    assert len(rosa.messages) == 1
