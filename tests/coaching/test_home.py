"""What a member has open: promises soonest first, cases latest first."""

from bot.coaching import members
from bot.coaching.home import Agenda, agenda
from bot.coaching.members import Profile
from bot.coaching.outcomes import Outcome
from bot.coaching.reminders import Snooze
from bot.storage.models import Member
from tests.coaching.desk import NOW, Desk


def opened(desk: Desk, most: int = 10) -> Agenda:
    return desk.does(agenda, desk.team, desk.rep, most)


def cases(shown: Agenda) -> list[str | None]:
    return [name for _, name in shown.cases]


def tasks(shown: Agenda) -> list[str | None]:
    return [reminder.name for reminder in shown.tasks]


def test_nothing_is_open_at_first(desk: Desk) -> None:
    shown = opened(desk)

    assert (shown.tasks, shown.cases, shown.task_count, shown.case_count) == ([], [], 0, 0)
    assert (shown.member.team_id, shown.member.user_id) == ("T1", "U1")


def test_open_cases_come_with_the_one_last_worked_on_first(desk: Desk) -> None:
    ada = desk.opens("Ada")
    desk.later(minutes=1).opens()
    desk.later(minutes=1).closes(desk.opens("Gone"), Outcome.LEFT)
    desk.leaves_out(desk.opens("Mistake"))
    desk.later(minutes=1).closes(desk.opens("Cooling"), Outcome.COOL_OFF)
    desk.later(minutes=1).hushes(ada)

    shown = opened(desk)
    assert cases(shown) == ["Ada", "Cooling", None]
    assert shown.case_count == 3


def test_promises_come_with_the_soonest_first_until_they_are_done_or_dropped(desk: Desk) -> None:
    desk.closes(desk.opens("In a week"), Outcome.SAVED)
    done = desk.closes(desk.opens("Done"), Outcome.LEFT)
    desk.done(done.tasks[0].id)
    desk.undoes(desk.closes(desk.opens("Taken back"), Outcome.LEFT))
    desk.closes(desk.opens("Tomorrow"), Outcome.LEFT)
    soon = desk.closes(desk.opens("In an hour"), Outcome.LEFT)
    desk.snoozes(soon.tasks[0].id, Snooze.HOUR)

    shown = opened(desk)
    assert tasks(shown) == ["In an hour", "Tomorrow", "In a week"]
    assert shown.task_count == 3


def test_it_counts_what_it_has_no_room_for(desk: Desk) -> None:
    for number in range(4):
        desk.opens(str(number))
        desk.closes(desk.opens("Ada"), Outcome.LEFT)

    shown = opened(desk, most=3)
    assert (len(shown.cases), shown.case_count, len(shown.tasks), shown.task_count) == (3, 4, 3, 4)


def test_a_colleagues_work_is_theirs(desk: Desk, colleague: Desk) -> None:
    desk.opens("Ada")
    colleague.closes(colleague.opens("Ben"), Outcome.LEFT)

    assert (cases(opened(desk)), tasks(opened(desk))) == (["Ada"], [])
    assert (cases(opened(colleague)), tasks(opened(colleague))) == ([], ["Ben"])


def test_what_slack_says_of_a_member_is_kept(desk: Desk) -> None:
    desk.hushes(desk.opens("Ada"))
    desk.does(members.learn, "T1", "U1", Profile("Europe/Paris", "fr-FR"), NOW)
    desk.does(members.remember_dm, "T1", "U1", "D1")
    desk.does(members.remember_dm, "T1", "U2", "D2")

    rosa, sam = desk.rows(Member)
    assert (rosa.timezone, rosa.locale, rosa.learned_at, rosa.dm_channel) == ("Europe/Paris", "fr-FR", NOW, "D1")
    assert rosa.cues_only, "what was known of them before is still known"
    assert (sam.user_id, sam.dm_channel, sam.timezone) == ("U2", "D2", None)
