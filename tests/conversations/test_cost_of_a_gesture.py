"""What a gesture costs: five statements at most, and no transaction open while Slack is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import event

from tests.conversations.office import Office, Rep
from tests.conversations.test_policies import LESS, sets
from tests.conversations.test_remedies import at_the_remedies
from tests.conversations.test_true_stories import comes_to_the_story, has_written

pytestmark = pytest.mark.every_database

MOST = 5


@dataclass
class Counter:
    statements: list[str] = field(default_factory=list)


@contextmanager
def counted(office: Office) -> Iterator[Counter]:
    """The statements of one gesture, BEGIN and COMMIT aside."""
    counter = Counter()

    def on_execute(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            counter.statements.append(statement)

    engine = office.bot.database.engine
    event.listen(engine, "before_cursor_execute", on_execute)
    yield counter
    event.remove(engine, "before_cursor_execute", on_execute)


@dataclass
class Meter:
    """Makes gestures and keeps the statements that each took."""

    office: Office
    rep: Rep
    costs: dict[str, list[str]] = field(default_factory=dict)

    async def runs(self, command: str) -> None:
        with counted(self.office) as counter:
            await self.rep.runs(command)
        self.costs[command] = counter.statements

    async def presses(self, label: str) -> None:
        with counted(self.office) as counter:
            await self.rep.presses(label)
        self.costs[f"{label} ({len(self.costs)})"] = counter.statements

    async def sends(self) -> None:
        with counted(self.office) as counter:
            assert await self.rep.sends() == {}
        self.costs[f"form ({len(self.costs)})"] = counter.statements

    @property
    def over(self) -> dict[str, list[str]]:
        return {name: statements for name, statements in self.costs.items() if len(statements) > MOST}


async def test_the_commands(office: Office, rosa: Rep) -> None:
    for _ in range(3):
        await rosa.runs("/cancel Ada Lovelace")
        await rosa.presses("They’re leaving")
    meter = Meter(office, rosa)
    for command in ("/cancel help", "/cancel list", "/cancel Grace Hopper", "/cancel Ada Lovelace", "/cancel"):
        await meter.runs(command)
    await office.sam.runs("/cancel Ada Lovelace")

    assert meter.over == {}
    assert meter.costs["/cancel help"] == []


async def test_the_conversation(office: Office, rosa: Rep) -> None:
    meter = Meter(office, rosa)
    await rosa.runs("/cancel")
    rosa.types("A time you wanted to cancel something (only for you)", "The gym.")
    for press in ("Next", "Another way to say it", "Worried or unsure"):
        await meter.presses(press)
    rosa.types("What they hoped for, in their words", "Quiet Sundays.")
    for press in ("Next", "Back one step", "They said no", "They said “just cancel it”", "Note and details…"):
        await meter.presses(press)
    rosa.types("Customer’s name", "Ada Lovelace")
    await meter.sends()
    for press in ("They’re leaving", "Undo", "They need time…"):
        await meter.presses(press)
    await meter.sends()
    for press in ("They’re staying", "It was a soft yes", "Note and details…"):
        await meter.presses(press)
    rosa.types("Reconnect on", "2026-12-20")
    await meter.sends()

    assert meter.over == {}


async def test_telling_customers_apart_and_leaving_cases_out(office: Office, rosa: Rep) -> None:
    meter = Meter(office, rosa)
    for _ in range(2):
        await rosa.runs("/cancel Ada Lovelace")
        await rosa.presses("They’re leaving")
    await rosa.runs("/cancel Ada Lovelace")
    await meter.presses("Someone else")
    for choice in ("Someone new", "Nov 24, 2026, Left"):
        await rosa.runs("/cancel Ada Lovelace")
        await meter.presses(choice)
    await meter.presses("Opened by mistake or duplicate…")
    rosa.types("Why this is not a case", "Duplicate of Ada Lovelace, Tue, Nov 24, Open")
    await meter.sends()

    assert meter.over == {}


async def test_looking_for_a_story(office: Office, rosa: Rep, sam: Rep) -> None:
    await has_written(office, sam)
    meter = Meter(office, rosa)
    await rosa.runs("/cancel Ada Lovelace")
    for command in ("/story help", "/story", "/story payments"):
        await meter.runs(command)
    await meter.presses("Tell it now")
    await meter.sends()
    await meter.presses("Copy…")
    await meter.sends()
    await meter.presses("Withdraw…")
    await meter.runs("/story mine")
    await meter.presses("All stories")
    await meter.runs("/story add")

    assert meter.over == {}
    assert meter.costs["/story help"] == []


async def test_a_story(office: Office, rosa: Rep, sam: Rep) -> None:
    for now in ("Paid.", "Glad."):
        await has_written(office, sam, now=now)
    await comes_to_the_story(rosa)
    meter = Meter(office, rosa)
    for press in ("Back one step", "Next", "Another story"):
        await meter.presses(press)
    with counted(office) as counter:
        await rosa.picks("worry", "Cost")
    meter.costs["worry"] = counter.statements
    await rosa.presses("They’re staying")
    await meter.presses("It landed")

    assert meter.over == {}


async def test_remedies_that_are_limited(office: Office, rosa: Rep, manager: Rep) -> None:
    """Limits come with the card. What a customer has had before is looked up at the remedy itself."""
    often = {"How_often_a_customer_may_have_it": 1, "Within_how_many_months": 12}
    await sets(manager, "A lower price", Most_percent=20, **often)
    await at_the_remedies(rosa)
    meter = Meter(office, rosa)
    for press in ("A smaller bill", "Back one step", "A smaller bill", "They’d like that…"):
        await meter.presses(press)
    await rosa.types("What you agreed on", "30").types("What it is worth", "50").types(LESS, 30).sends()
    await office.settles()
    for press in ("Another way to say it", "Take the request back"):
        await meter.presses(press)

    assert meter.over == {}


async def test_the_home_and_the_reminders(office: Office, rosa: Rep) -> None:
    meter = Meter(office, rosa)
    with counted(office) as counter:
        await rosa.opens_home()
    # What waits for days, where conversations end, how the week goes and the one before it where nothing has ended
    # yet, what waits for a word, and that it was seen take one each.
    assert len(counter.statements) <= MOST + 6
    await meter.presses("New cancellation")
    rosa.types("Customer’s name", "Ada Lovelace")
    await meter.sends()
    await rosa.closes()
    await office.settles()
    rosa.goes_to("dm")
    await rosa.presses("They’re staying")
    await office.later(days=7)
    await meter.presses("In an hour")
    await office.later(hours=1)
    await meter.presses("Pick a time…")
    rosa.types("Remind me on", int(office.clock.now().timestamp()) + 60)
    await meter.sends()
    await office.later(minutes=1)
    await meter.presses("Open the card")
    await meter.presses("Done")

    assert meter.over == {}


async def test_nothing_is_open_in_the_database_while_slack_is_asked(office: Office, rosa: Rep) -> None:
    open_then: list[int] = []

    def look(_method: str, _arguments: object) -> None:
        open_then.append(office.bot.database.engine.pool.checkedout())  # type: ignore[attr-defined]  # a queue pool

    office.slack.troubles.append(look)
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Note and details…")
    await rosa.sends()
    await rosa.presses("They’re leaving")
    await office.later(days=2)

    assert open_then
    assert not any(open_then)


async def test_what_was_closed_midway(office: Office, rosa: Rep) -> None:
    meter = Meter(office, rosa)
    await rosa.runs("/solidify Ada Lovelace")
    rosa.types("What made them decide, in their words", "Quiet Sundays")
    with counted(office) as counter:
        await rosa.closes()
    meter.costs["closed"] = counter.statements
    await meter.runs("/solidify Ada Lovelace")
    rosa.types("How sure did they sound?", "Sure")
    await rosa.closes()
    await rosa.runs("/cancel Ada Lovelace")
    await meter.presses("They need time…")
    await rosa.types("Call back on", "2026-12-20").closes()
    await meter.presses("They need time…")
    await meter.sends()
    await rosa.presses("Note and details…")
    await rosa.types("Your note", "Calls on Fridays").closes()
    await rosa.presses("Note and details…")
    await meter.sends()

    assert meter.over == {}
