"""Cases that wait too long: open, with nothing planned, and not worked on for three days."""

from dataclasses import replace

from bot.coaching import reminders, waiting
from bot.coaching.outcomes import Outcome
from bot.coaching.reminders import Promise, TaskKind
from tests.coaching.desk import Desk


def waits(desk: Desk, *, manages: bool = False) -> list[str | None]:
    found = desk.does(waiting.too_long, desk.team, desk.rep, desk.now, manages=manages)
    return [name for _, name in found.cases]


def test_a_case_waits_too_long_after_three_days_and_no_longer_once_it_is_worked_on(desk: Desk) -> None:
    card = desk.opens("Ada Lovelace")
    assert waits(desk.later(days=3)) == []
    assert waits(desk.later(hours=1)) == ["Ada Lovelace"]

    desk.closes(card, Outcome.SAVED)
    assert waits(desk) == []


def test_what_is_planned_is_waited_for_and_for_three_days_more(desk: Desk) -> None:
    card = desk.opens("Ada Lovelace")
    desk.does(reminders.book, card.case, card.member, desk.now, Promise(TaskKind.FIX, at=desk.later(days=7).now))
    assert waits(desk.later(days=3)) == []
    assert waits(desk.later(hours=1)) == ["Ada Lovelace"]


def test_a_rep_sees_their_own_and_a_manager_the_teams_the_longest_first(desk: Desk) -> None:
    desk.opens("Ada Lovelace")
    other = replace(desk.later(hours=1), rep="U2")
    other.opens("Grace Hopper")
    elsewhere = replace(other, team="T2")
    elsewhere.opens("Mary Anning")
    desk.later(days=4)
    other.now = elsewhere.now = desk.now

    assert waits(desk) == ["Ada Lovelace"]
    assert waits(other) == ["Grace Hopper"]
    assert waits(other, manages=True) == ["Ada Lovelace", "Grace Hopper"]


def test_five_are_named_and_all_are_counted(desk: Desk) -> None:
    for turn in range(waiting.SHOWN_MOST + 2):
        desk.opens(f"Customer {turn}")
    desk.later(days=4)

    found = desk.does(waiting.too_long, desk.team, desk.rep, desk.now, manages=False)
    assert (len(found.cases), found.count) == (waiting.SHOWN_MOST, waiting.SHOWN_MOST + 2)
