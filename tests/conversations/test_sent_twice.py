"""A form that is sent twice, at once or one after the other: what it asks for is done once."""

import asyncio
from collections.abc import Awaitable, Callable
from copy import deepcopy
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.coaching import customers
from bot.playground.controls import Typed
from bot.playground.workspace import TEAM, OpenView
from bot.storage.models import Case, Mission, Sale, Task
from tests.conversations.office import RENEWALS, START, Office, Rep
from tests.conversations.test_a_newcomer import of
from tests.conversations.test_saves import sets_up
from tests.conversations.test_shortcuts import HANDLE, NAME, brings_bad_news
from tests.conversations.test_solidify import DECIDED, SURENESS


@pytest.mark.every_database
@pytest.mark.parametrize("at_once", [False, True])
async def test_a_form_that_is_sent_twice_is_kept_once(office: Office, rosa: Rep, at_once: bool) -> None:
    await rosa.opens_home()
    await rosa.presses("New cancellation")
    form, typed = rosa.screen.shown, rosa.types("Customer’s name", "Ada Lovelace")._taken()
    await sends_twice(office, rosa, form, typed, at_once=at_once)
    assert await of(office, Case) == 1

    await rosa.goes_to(RENEWALS).runs("/solidify Ada Lovelace")
    rosa.types(DECIDED, "Quiet Sundays").types(SURENESS, "Sure")
    form, typed = rosa.screen.shown, rosa._taken()
    await sends_twice(office, rosa, form, typed, at_once=at_once)
    assert (await of(office, Sale), await of(office, Mission), await of(office, Task)) == (1, 1, 1)


@pytest.mark.every_database
@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("called", [None, "Ada Lovelace"])
async def test_a_case_of_nobodys_name_or_of_two_peoples_is_opened_once_too(
    office: Office, rosa: Rep, called: str | None, at_once: bool
) -> None:
    def namesakes(session: Session) -> None:
        for _ in range(2):
            customers.create(session, TEAM, "Ada Lovelace", START)

    await office.bot.database.write(namesakes)
    await rosa.opens_home()
    await rosa.presses("New cancellation")
    form, typed = rosa.screen.shown, rosa.types("Customer’s name", called)._taken()
    await sends_twice(office, rosa, form, typed, at_once=at_once)
    assert await of(office, Case) == 1

    await office.later(minutes=2)
    await sends_twice(office, rosa, form, typed, at_once=at_once)
    assert await of(office, Case) == 2, "that is another one"


@pytest.mark.every_database
@pytest.mark.parametrize("at_once", [False, True])
async def test_a_message_that_is_taken_twice_by_one_press_is_taken_once(
    office: Office, rosa: Rep, at_once: bool
) -> None:
    brings_bad_news(office)
    await rosa.handles("Ada wrote", HANDLE)
    form, typed = rosa.screen.shown, rosa._taken()
    await sends_twice(office, rosa, form, typed, at_once=at_once)
    assert await of(office, Case) == 1


async def test_a_summary_whose_form_is_sent_twice_is_announced_once(office: Office, manager: Rep) -> None:
    await sets_up(manager)
    await sends_twice(office, manager, manager.screen.shown, {}, at_once=False)

    assert manager.goes_to(RENEWALS).everything.count("has set up a weekly summary") == 1


async def hands_over_a_case(rosa: Rep) -> None:
    await rosa.runs("/cancel Ada Lovelace")
    await rosa.presses("Ask or hand over…")


async def hands_over_a_reminder(rosa: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace in 20 minutes")
    await rosa.office.later(minutes=21)
    await rosa.goes_to("dm").presses("Hand over…")


async def hands_over_all(rosa: Rep) -> None:
    await rosa.runs("/reconnect Ada Lovelace in 2 days")
    await rosa.runs("/reconnect away until Friday")
    await rosa.presses("Hand over to a colleague…")


@pytest.mark.every_database
@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("hands_over", [hands_over_a_case, hands_over_a_reminder, hands_over_all])
async def test_what_is_handed_over_twice_by_one_press_is_handed_over_once_and_can_be_taken_back(
    office: Office, rosa: Rep, sam: Rep, hands_over: Callable[[Rep], Awaitable[None]], at_once: bool
) -> None:
    await hands_over(rosa)
    form, typed = rosa.screen.shown, rosa.types("Hand over to", sam.id)._taken()
    await sends_twice(office, rosa, form, typed, at_once=at_once)
    await rosa.presses("Undo")
    await office.settles()

    with office.bot.database.begin(writes=False) as session:
        assert [*session.exec(select(Task.owner_id)), *session.exec(select(Case.rep_id))] == [rosa.id]


async def sends_twice(office: Office, rep: Rep, form: object, typed: Typed, *, at_once: bool) -> None:
    """Send a form, and send it again: the first answer came too late for Slack, or the button was pressed twice."""
    assert isinstance(form, OpenView)

    async def send() -> None:
        # The form is another view once it has been answered.
        office.workspace.modals[rep.id][:] = [deepcopy(form)]
        assert await office.slack.people.submit(rep.id, form.id, typed) == {}

    if at_once:
        await asyncio.gather(send(), send())
    else:
        await send()
        office.clock.advance(timedelta(seconds=2))
        await send()
    office.workspace.modals[rep.id].clear()


async def test_a_message_about_two_customers_opens_a_case_for_each(office: Office, rosa: Rep) -> None:
    brings_bad_news(office)
    for name in ("Ada Lovelace", "Grace Hopper"):
        await rosa.goes_to(RENEWALS).handles("Ada wrote", HANDLE)
        assert await rosa.types(NAME, name).sends() == {}
        await rosa.closes()
    assert await of(office, Case) == 2
