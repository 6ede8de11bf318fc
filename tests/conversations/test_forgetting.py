"""A customer asks to be forgotten: what names them goes from every row and every message, and counts are left."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

from bot.coaching import forgetting
from bot.coaching.errors import Declined
from bot.coaching.ledger import Consent
from bot.playground.workspace import TEAM
from bot.storage.models import Approval, Case, Customer, Erasure, Story
from tests.conversations.office import RENEWALS, Office, Rep
from tests.conversations.test_approvals import asks as asks_for_more
from tests.conversations.test_approvals import manages
from tests.conversations.test_exports import EVERYTHING, asks
from tests.conversations.test_policies import sets_a_discount
from tests.conversations.test_record import looks_for
from tests.conversations.test_remedies import choose_channels
from tests.conversations.test_solidify import hears_a_yes
from tests.conversations.test_true_stories import comes_to_the_story, has_written
from tests.conversations.test_undeliverable import refuses

# Ada's name, and words that stand nowhere but where somebody wrote them about her.
NAMES = ("ada", "lovelace")
WORDS = (
    "sundays",
    "brother",
    "colour",
    "crm.example",
    "charger",
    "invoices",
    "terms",
    "loom",
    "calculating",
    "letters",
    "misheard",
    "hammock",
)
_BY_CHANCE = re.compile(r'"block_id": "[0-9a-f]{6}"')
_ABOUT_HER = re.compile(rf"\b({'|'.join((*NAMES, *WORDS))})", re.IGNORECASE)


def in_rows(session: Session) -> Iterator[str]:
    """Every text of every table, as it is stored."""
    for table in SQLModel.metadata.sorted_tables:
        for row in session.execute(sa.select(table)).mappings():
            for name, value in row.items():
                if isinstance(value, str | list | dict):
                    yield f"{table.name}.{name}: {json.dumps(value, ensure_ascii=False)}"


def in_slack(office: Office) -> Iterator[str]:
    """Every message of the app, every file of it and every view, as they stand."""
    workspace = office.workspace
    for message in workspace.messages:
        yield f"{message.channel}: {json.dumps(message.shown(), ensure_ascii=False)}"
        yield from (f"{file.name}: {(file.content or b'').decode(errors='replace')}" for file in message.files)
    views = [*workspace.homes.values(), *(view for open_ones in workspace.modals.values() for view in open_ones)]
    yield from (f"{view.owner}: {json.dumps(view.content, ensure_ascii=False)}" for view in views)


async def tells(office: Office) -> list[str]:
    """Wherever there is still a word of Ada."""
    rows = await office.bot.database.read(lambda session: [*in_rows(session)])
    # Slack names a block of a message by chance, and "adabce" is about nobody.
    return [told for told in (*rows, *in_slack(office)) if _ABOUT_HER.search(_BY_CHANCE.sub("", told))]


async def forgets(manager: Rep, name: str = "Ada Lovelace") -> Rep:
    await looks_for(manager, name)
    await manager.presses("Forget this customer…")
    assert await manager.sends() == {}
    return manager


async def lives_through_it_all(office: Office, rosa: Rep, sam: Rep, manager: Rep) -> None:
    """Ada buys, cancels twice, is helped, stays, becomes a story, and is reminded of; and others beside her."""
    await choose_channels(manager)
    await hears_a_yes(rosa, "Flat", **{"What it was like before, in their words": "Only the loom."})
    await rosa.closes()
    # A cancellation, with all that can be written down.
    await rosa.runs("/cancel order Ada Lovelace")
    await rosa.presses("Next")
    rosa.types("What is behind it", "Her brother laughed") if "What is behind it" in rosa.screen.text else None
    await rosa.presses("Something changed")
    await rosa.presses("Note and details…")
    rosa.types("Your note", "Ask about the colour").types("Link to their record", "https://crm.example/7")
    assert await rosa.sends() == {}
    await rosa.presses("Sort the problem out")
    await rosa.presses("They’d like that…")
    rosa.types("What you promised", "A new charger").types("By when", "2026-11-26").types("Who does it", sam.id)
    assert await rosa.sends() == {}
    await rosa.presses("Back one step")
    await rosa.picks("turn_to", "Take their view to the right people")
    await rosa.presses("They’d like that…")
    rosa.types("Their view, in their words", "Ada says the invoices are hard to read.")
    rosa.types("Did they agree?", ["They agree that we pass it on", "They agree to be named"])
    assert await rosa.sends() == {}
    await rosa.presses("They’re staying")
    await rosa.presses("History…")
    await rosa.presses("Correct the outcome…")
    rosa.types("How it really ended", "Paused").types("How that is known now", "I misheard her.")
    assert await rosa.sends() == {}
    await rosa.closes()
    # Another one, handed over while it is open.
    await sam.runs("/cancel Ada Lovelace")
    await sam.presses("Ask or hand over…")
    sam.types("Hand over to", rosa.id).types("Your question or note", "She asks about the terms.")
    assert await sam.sends() == {}
    await office.settles()
    await rosa.runs("/reconnect Ada Lovelace in 2 days")
    # Her story, which others are told.
    hers = await has_written(
        office,
        sam,
        whose="Ada Lovelace",
        consent=Consent.NAMED,
        agreed_how="In one of her letters",
        before="Ada feared the payments of the calculating engine.",
        turned="Ada saw the calculating engine at work.",
        now="Ada is glad of it.",
        worry="cost",
    )
    assert hers.id
    await comes_to_the_story(rosa, "The payments never end.", "Grace Hopper")
    rosa.sees("Ada feared the payments")
    await sam.runs("/story lovelace")
    # What is due comes with what is due of others.
    await rosa.runs("/reconnect Grace Hopper in 2 days")
    await office.later(days=2)
    await office.later(days=1)
    await rosa.runs("/reconnect calendar")
    await asks(manager, named=True, what=EVERYTHING)
    await manager.closes()
    # Typed, and not sent.
    await rosa.runs("/solidify Ada Lovelace")
    await rosa.types("What made them decide, in their words", "A hammock.").closes()
    await rosa.opens_home()
    await office.settles()


async def test_nothing_is_left_of_them_in_any_row_or_message(office: Office, rosa: Rep, sam: Rep, manager: Rep) -> None:
    await lives_through_it_all(office, rosa, sam, manager)
    rosa.goes_to(RENEWALS)
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Next")
    before = await tells(office)
    places = {told.partition(":")[0] for told in before}
    assert places >= {"customer.name", "case.words", "case.trail", "task.facts", "story.before", "D0ROSA", "C0FLOOR"}
    assert places >= {"draft.about", "draft.values"}
    for word in (*NAMES, *WORDS):
        assert re.search(rf"\b{word}", "\n".join(before), re.IGNORECASE), word

    # What only they saw, and nobody pressed in since, is gone once Slack is loaded anew.
    (card,) = [message for message in rosa.messages if message.addressee == rosa.id][-1:]
    for rep in (rosa, sam, manager):
        await rep.reloads()
    office.workspace.messages.append(card)
    await forgets(manager)
    manager.sees("It is done", "Two things are for people")
    await office.settles()
    await office.later(minutes=6)

    assert await tells(office) == []
    # What was about others stands as it was.
    assert "Grace Hopper" in rosa.goes_to("dm").everything
    assert rosa.goes_to(RENEWALS).screen.text == "What stood here was removed at the customer’s request."


async def test_it_says_before_what_will_go_and_nothing_goes_before_the_second_press(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await looks_for(manager, "Ada")
    await manager.presses("Forget this customer…")
    manager.sees("Ada Lovelace", "cases, with what was written in them: 1", "1 of the cases is still open.")
    await manager.closes()

    assert await office.bot.database.read(lambda session: session.exec(select(Customer.name)).all()) == ["Ada Lovelace"]


async def test_what_is_left_are_counts(office: Office, rosa: Rep, manager: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("They’re staying")
    await rosa.runs("/cancel Ada Lovelace")
    await forgets(manager)
    await manager.runs("/saves")

    manager.sees("1 of 1 stayed.", "Nothing is left open.")
    cases = await office.bot.database.read(lambda session: session.exec(select(Case)).all())
    assert [(case.outcome, case.kind, case.forgotten_at is not None) for case in cases] == [
        ("saved", "sale", True),
        ("forgotten", "sale", True),
    ]


async def test_the_audit_says_that_it_was_done_and_not_about_whom(office: Office, rosa: Rep, manager: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await forgets(manager)

    (done,) = await office.bot.database.read(lambda session: session.exec(select(Erasure)).all())
    assert (done.by, done.rows["customers"], done.rows["cases"]) == (manager.id, 1, 1)
    assert done.at == office.clock.now()


async def test_a_press_on_a_card_that_slack_could_not_reach_takes_it_away(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await office.later(hours=2)
    rosa.goes_to(RENEWALS).sees("Ada Lovelace")
    await forgets(manager)
    await office.settles()
    rosa.goes_to(RENEWALS).sees("Ada Lovelace")
    await rosa.presses("Next")

    assert rosa.screen.text == "What stood here was removed at the customer’s request."
    assert await tells(office) == []


async def test_twice_is_as_good_as_once(office: Office, rosa: Rep, manager: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await looks_for(manager, "Ada")
    await manager.presses("Forget this customer…")
    stack = office.workspace.modals[manager.id]
    form = replace(stack[-1])
    assert await manager.sends() == {}
    stack[-1] = form
    assert await manager.sends() == {}
    manager.sees("This customer’s data was removed at their request")

    assert len(await office.bot.database.read(lambda session: session.exec(select(Erasure)).all())) == 1


async def test_a_rep_forgets_nobody(office: Office, rosa: Rep, manager: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    whose = (TEAM, rosa.id, 1, office.clock.now())
    coach = office.bot.coach

    with pytest.raises(Declined):
        await office.bot.database.write(lambda session: forgetting.forget(coach, session, *whose))
    rosa.sees("Ada Lovelace")


async def test_a_copy_that_is_being_posted_meanwhile_is_emptied_too(office: Office, rosa: Rep, manager: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Next")
    forgotten: list[bool] = []

    def meanwhile(method: str, arguments: dict[str, object]) -> None:
        if method == "chat.postMessage" and "Ada Lovelace" in str(arguments) and not forgotten:
            forgotten.append(True)
            whose = (TEAM, manager.id, 1, office.clock.now())
            with office.bot.database.begin() as session:
                forgetting.forget(office.bot.coach, session, *whose)

    office.slack.troubles.append(meanwhile)
    await office.later(minutes=2)
    assert forgotten
    assert "Ada Lovelace" in rosa.goes_to("dm").everything, "it was on its way"
    await office.later(minutes=6)

    assert await tells(office) == []


async def test_a_namesake_stays(office: Office, rosa: Rep, manager: Rep) -> None:
    for _ in range(2):
        await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Someone else")
    await rosa.runs("/cancel Ada Lovelace")
    rosa.sees("Someone new")
    await looks_for(manager, "Ada")
    first = next(label for label in manager.screen.in_sight if label == "Forget this customer…")
    await manager.presses(first)
    manager.sees("1 case has this name, and nobody has said whose it is: it stays.")
    assert await manager.sends() == {}

    names = await office.bot.database.read(lambda session: session.exec(select(Customer.name)).all())
    assert names == ["Ada Lovelace"]


async def test_their_story_is_told_to_nobody_from_that_moment(
    office: Office, rosa: Rep, sam: Rep, manager: Rep
) -> None:
    await has_written(office, sam, whose="Ada Lovelace", consent=Consent.NAMED)
    await rosa.runs("/cancel Ada Lovelace")
    await comes_to_the_story(rosa, name="Grace Hopper")
    rosa.sees("payments would never end")
    await forgets(manager)
    await office.settles()

    rosa.goes_to(RENEWALS).does_not_see("payments would never end").sees("Grace Hopper", "No true story fits")
    assert await office.bot.database.read(lambda session: session.exec(select(Story)).all()) == []


async def test_what_was_asked_of_a_manager_names_them_no_more(office: Office, rosa: Rep, manager: Rep) -> None:
    await sets_a_discount(manager)
    await asks_for_more(office, rosa)
    assert "Ada Lovelace" in manager.goes_to("dm").everything
    await forgets(manager)
    await office.settles()
    await office.later(minutes=6)
    await rosa.reloads()

    assert await tells(office) == []
    (left,) = await office.bot.database.read(lambda session: session.exec(select(Approval)).all())
    assert (left.words, left.verdict, left.percent) == (None, "ended", 30)


async def test_what_slack_will_not_remove_or_empty_is_shown_to_managers(
    office: Office, rosa: Rep, manager: Rep
) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("They’re staying")
    await asks(manager, named=True, what=EVERYTHING)
    await manager.closes()
    await office.later(minutes=3)
    for method, error in (("files.delete", "cant_delete_file"), ("chat.update", "cant_update_message")):
        office.slack.troubles.append(refuses(method, error))
    await forgets(manager)
    await office.settles()
    office.workspace.modals[manager.id].clear()
    await manager.opens_home()
    manager.sees("*A file to be removed*", "cant_delete_file", "*A message to be emptied*", "cant_update_message")

    office.slack.troubles.clear()
    while "Try again" in manager.screen.controls:
        await manager.presses("Try again")
    await office.settles()
    assert "Ada" not in rosa.goes_to("dm").everything
    assert not [message for message in manager.goes_to("dm").messages if message.files]


async def test_the_home_of_a_manager_names_them_no_more(office: Office, rosa: Rep, sam: Rep, manager: Rep) -> None:
    await manages(office, sam, office.clock.now())
    await rosa.runs("/cancel Ada Lovelace")
    await office.later(days=4)
    await sam.opens_home()
    sam.sees("Ada Lovelace")
    await forgets(manager)
    await office.settles()

    sam.does_not_see("Ada Lovelace")
