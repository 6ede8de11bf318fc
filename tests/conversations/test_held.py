"""At the check-in it turns out that somebody has left after all: it is kept, and their story is told no more."""

from sqlmodel import select

from bot.coaching import held
from bot.coaching.reminders import TaskKind
from bot.storage.models import StoryDecision, Task
from tests.conversations.office import RENEWALS, Office, Rep
from tests.conversations.test_reminders import reminded
from tests.conversations.test_true_stories import comes_to_the_story, has_written
from tests.true_stories import MARY

GONE = "They’ve left since"


async def checks_in_while_the_story_stands(office: Office, rosa: Rep, sam: Rep) -> Rep:
    """Sam has written Ada's story down; Rosa has it on a card, and is about to check in with Ada."""
    await has_written(office, sam, whose="Ada Lovelace")
    await reminded(office, rosa)
    await comes_to_the_story(rosa.goes_to(RENEWALS), name="Grace Hopper")
    rosa.sees(MARY.before)
    return rosa.goes_to("dm")


async def test_their_story_leaves_the_card_its_author_hears_and_a_verifier_looks_at_it(
    office: Office, rosa: Rep, sam: Rep
) -> None:
    await checks_in_while_the_story_stands(office, rosa, sam)
    await rosa.presses(GONE)
    rosa.sees("Noted: Ada Lovelace has left since.", "it is out of sight until somebody has looked at it", "Thank")
    assert rosa.screen.in_sight == ["Open the card"]

    await office.settles()
    rosa.goes_to(RENEWALS).sees("No true story fits").does_not_see(MARY.before)
    sam.goes_to("dm").sees("Ada Lovelace has left since.", "out of sight until somebody has looked at it")
    await office.mina.opens_home()
    office.mina.sees("This customer has left since. Should it still be told?", MARY.before)


async def test_pressed_twice_it_is_said_once(office: Office, rosa: Rep, sam: Rep) -> None:
    await checks_in_while_the_story_stands(office, rosa, sam)
    await rosa.presses_twice(GONE)
    await office.settles()

    rosa.sees("Noted: Ada Lovelace has left since.")
    assert len(sam.goes_to("dm").messages) == 1
    assert await decided(office) == ["added", "verified", "doubted"]


async def test_without_a_story_it_is_noted_all_the_same(office: Office, rosa: Rep) -> None:
    await reminded(office, rosa)
    await rosa.presses(GONE)

    rosa.sees("Noted: Ada Lovelace has left since.")
    await office.later(days=10)
    assert "Check in with" not in rosa.screen.text
    tasks = await office.bot.database.read(lambda session: [*session.exec(select(Task)).all()])
    assert [task.kind for task in tasks if held.has_gone(task)] == [TaskKind.CHECK_IN, TaskKind.HELD]


async def decided(office: Office) -> list[str]:
    """All that was decided of stories, in order."""
    made = select(StoryDecision).order_by(StoryDecision.id)  # type: ignore[arg-type]
    return [each.what for each in await office.bot.database.read(lambda session: session.exec(made).all())]
