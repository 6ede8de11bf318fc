"""The figures of a period, held against the same worked out by hand; and what counts in them at the desk."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot.coaching import appointments, endings, held, remedies
from bot.coaching.closings import glance
from bot.coaching.endings import Ending
from bot.coaching.figures import (
    ALL,
    Appointments,
    Figures,
    Filters,
    Held,
    Lost,
    Matter,
    Moved,
    OneThing,
    Pending,
    Split,
    Told,
    figures,
    mine,
    one_thing,
)
from bot.coaching.money import Money
from bot.coaching.moves import Move
from bot.coaching.outcomes import Outcome
from bot.coaching.periods import Period, week_of
from bot.coaching.rates import Rate
from bot.coaching.remedies import Agreement
from bot.coaching.reminders import TaskKind
from bot.storage.database import Database
from bot.storage.models import Case, Customer, Remedy, Task
from tests.coaching.by_hand import Rows, Scatter, Span, by_hand, laid_out
from tests.coaching.desk import Desk

NEW_YORK = ZoneInfo("America/New_York")


def span(where: str, first: date, last: date, before: date) -> Span:
    return Span(ZoneInfo(where), first, last, before)


SPANS = {
    "clocks go back in New York": span("America/New_York", date(2026, 10, 26), date(2026, 11, 1), date(2026, 10, 19)),
    "clocks go forward in New York": span("America/New_York", date(2026, 3, 2), date(2026, 3, 8), date(2026, 2, 23)),
    "clocks go forward in Auckland": span("Pacific/Auckland", date(2026, 9, 21), date(2026, 9, 27), date(2026, 9, 14)),
    "clocks go forward at midnight in Cairo": span(
        "Africa/Cairo", date(2026, 4, 24), date(2026, 4, 30), date(2026, 4, 17)
    ),
    "New Year in Auckland, far ahead": span(
        "Pacific/Auckland", date(2026, 12, 28), date(2027, 1, 3), date(2026, 12, 21)
    ),
    "New Year in Honolulu, far behind": span(
        "Pacific/Honolulu", date(2026, 12, 28), date(2027, 1, 3), date(2026, 12, 21)
    ),
    "a month in Kathmandu, by quarters of an hour": span(
        "Asia/Kathmandu", date(2027, 2, 1), date(2027, 2, 28), date(2027, 1, 1)
    ),
    "a quarter in Berlin": span("Europe/Berlin", date(2027, 1, 1), date(2027, 3, 31), date(2026, 10, 1)),
    "three days in London": span("Europe/London", date(2026, 10, 24), date(2026, 10, 26), date(2026, 10, 21)),
}
FILTERS = [
    ALL,
    Filters(product="Über"),
    Filters(reason="cost"),
    Filters(playbook="order"),
    Filters(rep_id="U2"),
    Filters(product="Crew", reason="worry", playbook="sale", rep_id="U1"),
]


@pytest.mark.parametrize("span", SPANS.values(), ids=SPANS)
def test_every_figure_is_what_it_comes_to_by_hand(database: Database, span: Span) -> None:
    scatter = Scatter(span)
    with database.begin() as session:
        for team, cases in (("T1", 340), ("T2", 60), ("T3", 0)):
            scatter.fill(session, team, cases)
    with database.begin(writes=False) as session:
        rows = Rows(*(session.exec(select(kind)).all() for kind in (Case, Remedy, Task, Customer)))
        period = Period(span.first, span.last, span.where)
        for team, asked in (("T1", FILTERS), ("T2", FILTERS[:2]), ("T3", [ALL])):
            for filters in asked:
                counted = laid_out(figures(session, team, period, filters))
                assert counted == by_hand(rows, team, span, filters), (team, filters)
            everybody = {case.rep_id for case in rows.cases if case.team_id == team} or {"U1"}
            for rep in everybody:
                glanced = glance(session, team, rep, period.start, period.end)
                own = figures(session, team, period, mine(ALL, rep)).now
                all_of = figures(session, team, period).now
                assert (glanced.own, glanced.team) == (own.saved, all_of.saved), rep
        none = {name for name, figure in laid_out(figures(session, "T1", period)).items() if not figure}
        assert not none, "nothing may be right only because there is none of it"


def week(desk: Desk, weeks_ago: int = 0, filters: Filters = ALL) -> Figures:
    """The figures of the week that the clock on the wall is in, in New York, or of an earlier one."""
    day = desk.now.astimezone(NEW_YORK).date() - timedelta(weeks=weeks_ago)
    return desk.does(figures, desk.team, week_of(day, NEW_YORK), filters)


def test_who_stays_is_a_save_and_who_leaves_a_loss(desk: Desk) -> None:
    for outcome in (Outcome.SAVED, Outcome.PAUSED, Outcome.CHANGED_PLAN, Outcome.LEFT):
        desk.closes(desk.opens(), outcome)

    now = week(desk).now
    assert (now.saves, now.losses, now.without_discount, now.saved) == (3, 1, 3, Rate(3, 4))


def test_a_mistake_and_a_duplicate_are_in_no_figure(desk: Desk) -> None:
    kept = desk.closes(desk.opens(), Outcome.SAVED)
    desk.leaves_out(desk.opens())
    desk.leaves_out(desk.opens(), duplicate_of=kept)

    assert (week(desk).now.ended, week(desk).pending) == (1, Pending(0, 0, 0))


def test_a_save_that_is_taken_back_is_open_again(desk: Desk) -> None:
    desk.undoes(desk.closes(desk.opens(), Outcome.SAVED))

    assert (week(desk).now.ended, week(desk).pending.open) == (0, 1)


def test_a_cool_off_waits_until_it_is_decided_and_counts_in_that_week(desk: Desk) -> None:
    card = desk.closes(desk.opens(), Outcome.COOL_OFF)
    assert (week(desk).now.ended, week(desk).pending) == (0, Pending(open=1, cool_offs=1, waiting=0))

    desk.later(days=7).closes(card, Outcome.SAVED)
    assert (week(desk).now.saves, week(desk).before.saves, week(desk).pending.cool_offs) == (1, 0, 0)


def test_the_run_has_eight_weeks_of_which_the_last_is_this_one(desk: Desk) -> None:
    for times in (1, 2, 3):
        for _ in range(times):
            desk.closes(desk.opens(), Outcome.LEFT)
        desk.later(days=7)

    found = week(desk, weeks_ago=1)
    assert [each.losses for each in found.run] == [0, 0, 0, 0, 0, 1, 2, 3]
    assert (found.now.losses, found.before.losses) == (3, 2)


def test_appointments_stand_apart(desk: Desk) -> None:
    for met in (True, False):
        card = desk.begins("appointment")
        ending = Ending(Outcome.RESCHEDULED, at=desk.now + timedelta(days=1))
        desk.works(endings.close, desk.on(card), ending, desk.now)
        task = next(each for each in desk.tasks() if (each.case_id, each.kind) == (card.case.id, TaskKind.MET))
        desk.does(appointments.answer_met, desk.team, desk.rep, task.id, desk.now, met=met)
    desk.begins("appointment")

    found = week(desk)
    assert found.appointments == Appointments(new_date=1, not_now=0, misfit=0, no_show=1, met=1)
    assert (found.now.ended, found.causes, found.heard_through, found.lost) == (0, [], [], [])
    assert found.pending == Pending(0, 0, 0)


def test_a_discount_counts_against_a_save_until_it_is_taken_back(desk: Desk) -> None:
    card = desk.presses(desk.opens("Ada Lovelace"), Move.CHANGED)
    card = desk.presses(card, Move.HELP)
    agreement = Agreement("discount", worth=Money(5_000, "EUR"))
    card = desk.works(remedies.agree, desk.on(card), agreement, desk.now)
    desk.describes(desk.closes(card, Outcome.SAVED), value=Money(120_000, "EUR"))
    saved = desk.shows(card)

    found = week(desk)
    assert (found.now.saves, found.now.without_discount) == (1, 0)
    assert (found.now.kept, found.now.given, found.now.net) == ({"EUR": 120_000}, {"EUR": 5_000}, {"EUR": 115_000})
    assert found.remedies == [Split("discount", Rate(1, 1))]

    (agreed,) = desk.rows(Remedy)
    desk.works(remedies.take_back, desk.on(saved), agreed.id, desk.now)
    found = week(desk)
    assert (found.now.without_discount, found.now.given, found.remedies) == (1, {}, [])


def test_currencies_are_never_added_up(desk: Desk) -> None:
    for currency in ("EUR", "USD", "EUR"):
        desk.describes(desk.closes(desk.opens(), Outcome.SAVED), value=Money(100, currency))

    assert week(desk).now.net == {"EUR": 200, "USD": 100}


def test_a_check_is_counted_once_it_is_brought_and_in_the_week_of_its_answer(desk: Desk) -> None:
    saved = desk.closes(desk.opens("Ada Lovelace"), Outcome.SAVED)
    assert week(desk).held == Held(Rate(0, 0), unknown=0, unanswered=0)

    desk.later(days=34).does(held.bring, desk.team, desk.rep, saved.case.id, desk.now)
    (check,) = [task for task in desk.rows(Task) if task.kind == TaskKind.HELD]
    desk.now = check.due_at + timedelta(hours=1)
    assert week(desk).held == Held(Rate(0, 0), unknown=0, unanswered=1)

    desk.does(held.answer_held, desk.team, desk.rep, check.id, desk.now)
    assert week(desk).held == Held(Rate(1, 1), unknown=0, unanswered=0)
    assert week(desk, weeks_ago=1).held == Held(Rate(0, 0), unknown=0, unanswered=0)


def test_who_left_was_lost_from_the_step_they_were_at(desk: Desk) -> None:
    desk.closes(desk.presses(desk.opens(), Move.NEXT), Outcome.LEFT)
    desk.closes(desk.opens(), Outcome.SAVED)

    (second,) = {each.step for each in week(desk).lost}
    assert week(desk).lost == [Lost("sale", second, Rate(1, 2))]
    assert second == desk.coach.playbooks["sale"].start[1]


def test_reasons_are_beside_those_of_the_week_before(desk: Desk) -> None:
    desk.describes(desk.closes(desk.opens(), Outcome.LEFT), reason="cost")
    desk.later(days=7)
    for reason in ("worry", "cost", "worry", None):
        desk.describes(desk.closes(desk.opens(), Outcome.SAVED), reason=reason)

    assert week(desk).reasons == [Moved("worry", 2, 0), Moved("cost", 1, 1), Moved(None, 1, 0)]


def test_words_on_why_they_were_no_fit_name_nobody(desk: Desk) -> None:
    for name, why in (("Ada Lovelace", "They never sail"), ("Grace Hopper", "Grace wanted a car"), (None, "Too far")):
        card = desk.closes(desk.opens(name), Outcome.LEFT)
        desk.describes(card, fit=False, misfit=why)
        desk.later(minutes=1)

    assert week(desk).misfits == ["Too far", "They never sail"]


def test_of_many_words_on_that_the_latest_are_enough(desk: Desk) -> None:
    card = desk.closes(desk.opens(), Outcome.LEFT)
    desk.does(lambda session: session.add_all(misfit(card.case, nth) for nth in range(60)))

    found = week(desk).misfits
    assert (len(found), found[0], found[-1]) == (50, "no. 59", "no. 10")


def misfit(like: Case, nth: int) -> Case:
    closed_at = (like.closed_at or like.opened_at) + timedelta(seconds=nth)
    return Case(
        **{**like.model_dump(), "id": None, "fit": False, "words": {"misfit": f"no. {nth}"}, "closed_at": closed_at}
    )


def test_a_rep_sees_their_own(desk: Desk, colleague: Desk, elsewhere: Desk) -> None:
    for each in (desk, colleague, colleague, elsewhere):
        each.closes(each.opens(), Outcome.LEFT)

    assert week(desk).now.losses == 3
    assert week(desk, filters=Filters(rep_id="U1")).now.losses == 1
    assert week(elsewhere, filters=Filters(rep_id="U1")).now.losses == 1


def test_in_a_quiet_week_there_is_nothing_to_coach(desk: Desk) -> None:
    assert one_thing(week(desk)) is None


def ends(desk: Desk, saves: int = 0, losses: int = 0, *, reason: str | None = "cost") -> None:
    for outcome in (Outcome.SAVED,) * saves + (Outcome.LEFT,) * losses:
        desk.describes(desk.closes(desk.opens(), outcome), reason=reason)


def test_the_step_that_loses_most_is_coached_once_there_are_enough(desk: Desk) -> None:
    first = desk.coach.playbooks["sale"].start[0]
    ends(desk, saves=6, losses=4)
    assert one_thing(week(desk)) is None

    ends(desk, losses=1)
    assert one_thing(week(desk)) == OneThing(Matter.STEP, Rate(5, 11), "sale", first)


def test_what_is_out_of_the_ordinary_comes_first(desk: Desk) -> None:
    ends(desk, saves=6, losses=9)
    found = week(desk)
    checks = replace(found, held=Held(Rate(1, 2), unknown=0, unanswered=3))
    reasons = replace(checks, reasons=[Moved(None, 8, 0), Moved("cost", 7, 0)])
    discounts = replace(reasons, now=replace(found.now, without_discount=2))

    assert [one_thing(each) for each in (checks, reasons, discounts)] == [
        OneThing(Matter.HELD, Rate(3, 5)),
        OneThing(Matter.REASONS, Rate(8, 15)),
        OneThing(Matter.DISCOUNTS, Rate(4, 6)),
    ]


def test_half_is_not_most_and_few_are_not_enough(desk: Desk) -> None:
    ends(desk, saves=6)
    found = week(desk)
    half = replace(found, held=Held(Rate(2, 3), unknown=1, unanswered=4))
    few = replace(found, held=Held(Rate(0, 0), unknown=0, unanswered=4))

    assert (one_thing(half), one_thing(few)) == (None, None)


def test_stories_that_landed_most_come_first(desk: Desk) -> None:
    like = desk.closes(desk.opens(), Outcome.SAVED).case
    told = [(7, True), (8, True), (8, False), (8, True), (9, False), (9, None)]
    desk.does(
        lambda session: session.add_all(
            Case(**{**like.model_dump(), "id": None, "story_id": story_id, "landed": landed})
            for story_id, landed in told
        )
    )

    assert week(desk).stories == [Told(8, Rate(2, 3)), Told(7, Rate(1, 1)), Told(9, Rate(0, 1))]
