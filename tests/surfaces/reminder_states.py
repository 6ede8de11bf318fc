"""The states of what was promised: reminders as they come and once they are answered, what is coming, and time away."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.coaching.due import AT_ONCE_MOST
from bot.coaching.insight import Insight
from bot.coaching.rates import Rate
from bot.coaching.reconnecting import Away, Coming
from bot.coaching.reminders import IGNORED_TIMES, KEPT, Reminder, TaskKind
from bot.coaching.waiting import Waiting
from bot.coaching.when import Trouble
from bot.storage.models import Member, OutboxRow, Team
from bot.surfaces import colleagues, home, ids, reconnecting, reminders
from bot.surfaces.calendar_file import calendar_file
from bot.surfaces.forms import Refused
from bot.surfaces.manifest import command_of
from bot.surfaces.reconnecting import AwayOrigin
from bot.surfaces.reminders import TaskOrigin
from tests.surfaces.scenes import NOW, ROSA, SAM, Built, Scene, submission, task, told

REMEMBERED = {"note": "Call the brother too\nafter six", "mission": "Quiet Sundays"}
UNANSWERED: Mapping[str, Any] = {"reminded_at": NOW, "times": 1}
BACK_AT = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
COMMAND = command_of("", ids.RECONNECT)
ORIGIN = TaskOrigin(task_id=40, response_url="https://hooks.example/actions/1", message_ts="1.0")


def brought(scene: Scene, kind: TaskKind = TaskKind.CHECK_IN, **given: Any) -> Built:
    """One reminder as it comes."""
    return scene.brought(scene.reminder(kind, **given))


def answered(scene: Scene, kind: TaskKind = TaskKind.CHECK_IN, **given: Any) -> Built:
    """One reminder once its owner has said something about it."""
    return scene.stands(scene.reminder(kind, **given))


def after_what_happened(scene: Scene) -> Built:
    """A reminder that remembers how it went."""
    about = scene.reminder(TaskKind.CHECK_IN, REMEMBERED)
    assert about.case
    about.case.decided_at, about.case.reason = NOW - timedelta(days=7), "cost"
    return scene.brought(about)


def several(scene: Scene, count: int, kind: TaskKind | None = None, **given: Any) -> list[Reminder]:
    """So many that are due at once, of one kind or of each kind in turn."""
    kinds = [kind] if kind else [*TaskKind]
    return [
        scene.reminder(kinds[number % len(kinds)], REMEMBERED, id=40 + number, days=number - count, **given)
        for number in range(count)
    ]


def some_answered(scene: Scene) -> Built:
    """Three in one message, of which one is done."""
    done, *waiting = several(scene, 3, TaskKind.HELLO, **UNANSWERED)
    done.task.done_at = NOW
    return scene.stands(done, *waiting)


def handed_to(scene: Scene) -> Reminder:
    """What Sam had before Rosa did."""
    return scene.reminder(TaskKind.HELLO, handed_by=SAM, handed_at=NOW)


def handed_over(scene: Scene, **given: Any) -> Built:
    return answered(scene, TaskKind.HELLO, owner_id=SAM, handed_by=ROSA, **given)


def by_day(scene: Scene, count: int, *, more: int = 0, **of_member: Any) -> Built:
    """What is coming: something overdue, something today, tomorrow and later, of each kind in turn."""
    member = Member(team_id="T1", user_id=ROSA, **of_member)
    kinds = list(TaskKind)
    listed = [
        Reminder(
            task(kinds[number % len(kinds)], days=number - 2, id=40 + number),
            scene.case() if number % 2 else None,
            None,
            scene.customer,
            member,
        )
        for number in range(count)
    ]
    return reconnecting.listed(scene.voice, Coming(member, Team(team_id="T1"), listed, count + more), NOW)


def done_in_the_list(scene: Scene) -> Built:
    """One of two was just done there."""
    member = Member(team_id="T1", user_id=ROSA)
    left = Coming(member, Team(team_id="T1"), [scene.reminder(TaskKind.HELLO)], 1)
    return reconnecting.listed(scene.voice, left, NOW, scene.reminder(TaskKind.CARRY_OUT, id=41, done_at=NOW))


def away(scene: Scene, count: int) -> Built:
    return reconnecting.away(scene.voice, Away(Member(team_id="T1", user_id=ROSA), BACK_AT, count))


def of_customer_alone(scene: Scene) -> Reminder:
    return replace(scene.reminder(TaskKind.RECONNECT, case_id=None), case=None)


def not_delivered(scene: Scene) -> Built:
    """The Home of a manager: something of each kind that Slack refused."""
    refused = [
        OutboxRow(
            team_id="T1",
            id=number,
            key=f"{kind}:{number}",
            kind=kind,
            user_id=SAM,
            due_at=NOW,
            parked_at=NOW,
            status="parked",
            attempts=1,
            last_error="account_inactive",
        )
        for number, kind in enumerate(scene.voice.language.labels("delivery"), start=1)
    ]
    return home.home(scene.voice, replace(scene.agenda(0), parked=refused, more_parked=True), NOW, "")


def waiting_for_days(scene: Scene, **of_case: Any) -> Built:
    """A Home on which cases wait, one of them shown, and where conversations end most."""
    waiting = Waiting([(scene.case(**of_case), scene.name)], 3)
    insight = Insight(scene.playbook.steps["why"], Rate(6, 9))
    return home.home(scene.voice, replace(scene.agenda(0), waiting=waiting, insight=insight), NOW, "")


def errors(found: object) -> Built:
    assert isinstance(found, Refused)
    return {"response_action": "errors", "errors": found.errors}


def an_hour_gone_by(scene: Scene) -> Built:
    sent = submission({reminders.SNOOZE_UNTIL: {"selected_date_time": int(NOW.timestamp())}})
    return errors(reminders.read_snooze(scene.voice, sent, NOW))


def a_card_number(scene: Scene) -> Built:
    sent = submission({reminders.DROP_WHY: {"value": "They paid with 4111 1111 1111 1111"}})
    return errors(reminders.read_drop(scene.voice, sent))


def in_a_calendar(scene: Scene) -> Built:
    """The lines of a calendar file, each whole again where it was folded."""
    content = calendar_file(scene.voice, [scene.reminder(TaskKind.CHECK_IN)], NOW).decode()
    return {"lines": content.replace("\r\n ", "").splitlines()}


REMINDERS: Mapping[str, Callable[[Scene], Built]] = {
    **{
        f"reminder_{kind}": lambda scene, kind=kind: scene.brought(  # type: ignore[misc]
            scene.reminder(kind, REMEMBERED, facts={"days": "30"} if kind == TaskKind.HELD else {})
        )
        for kind in TaskKind
    },
    "reminder_bare": brought,
    "reminder_late": lambda scene: brought(scene, days=-2),
    "reminder_after_what_happened": after_what_happened,
    "reminder_handed_on": lambda scene: scene.brought(handed_to(scene)),
    "reminder_of_customer_alone": lambda scene: scene.brought(of_customer_alone(scene)),
    "reminder_ignored": lambda scene: brought(scene, times=IGNORED_TIMES - 1),
    "reminder_ignored_and_kept": lambda scene: brought(scene, times=IGNORED_TIMES - 1, facts={KEPT: "1"}),
    "reminder_ignored_and_standing": lambda scene: answered(scene, reminded_at=NOW, times=IGNORED_TIMES),
    "reminders_two": lambda scene: scene.brought(*several(scene, 2, TaskKind.HELLO)),
    "reminders_one_of_many": lambda scene: scene.brought(*several(scene, 1), more=True),
    "reminders_as_many_as_there_can_be": lambda scene: scene.brought(*several(scene, AT_ONCE_MOST), more=True),
    "reminders_some_answered": some_answered,
    "reminder_done": lambda scene: answered(scene, done_at=NOW),
    "reminder_done_for_good": lambda scene: answered(scene, done_at=NOW - timedelta(days=2)),
    "reminder_gone": lambda scene: answered(scene, done_at=NOW, facts={"held": "no"}),
    "reminder_put_off": answered,
    "reminder_dropped": lambda scene: answered(scene, dropped_at=NOW),
    "reminder_dropped_by_hand": lambda scene: answered(scene, dropped_at=NOW, dropped_why=""),
    "reminder_dropped_with_a_word": lambda scene: answered(
        scene, dropped_at=NOW, dropped_why="She <called>\nherself already"
    ),
    "reminder_handed_over": lambda scene: handed_over(scene, handed_at=NOW),
    "reminder_handed_over_for_good": lambda scene: handed_over(scene, handed_at=NOW - timedelta(days=2)),
    **{
        f"held_check_{said}": lambda scene, said=said: answered(  # type: ignore[misc]
            scene, TaskKind.HELD, done_at=NOW, facts={"days": "30", "held": said}
        )
        for said in ("yes", "no", "unknown")
    },
}

RECONNECTING: Mapping[str, Callable[[Scene], Built]] = {
    "coming": lambda scene: by_day(scene, len(TaskKind)),
    "coming_one": lambda scene: by_day(scene, 1),
    "coming_none": lambda scene: by_day(scene, 0),
    "coming_more": lambda scene: by_day(scene, 3, more=30),
    "coming_while_away": lambda scene: by_day(scene, 2, away_until=BACK_AT),
    "coming_and_one_just_done": done_in_the_list,
    "coming_once_back": lambda scene: by_day(scene, 2, away_until=NOW),
    "reconnect_booked": lambda scene: reconnecting.booked(scene.voice, of_customer_alone(scene)),
    **{
        f"reconnect_{trouble}": lambda scene, trouble=trouble: reconnecting.not_understood(  # type: ignore[misc]
            scene.voice, COMMAND, trouble, scene.name
        )
        for trouble in Trouble
    },
    "reconnect_no_name": lambda scene: reconnecting.nobody_named(scene.voice, COMMAND),
    "reconnect_help": lambda scene: reconnecting.helped(scene.voice, COMMAND),
    "reconnect_booked_on_a_day_off": lambda scene: reconnecting.booked(
        scene.voice,
        replace(
            of_customer_alone(scene),
            member=Member(team_id="T1", user_id=ROSA, timezone="America/New_York", work_days=[6]),
        ),
    ),
    "reconnect_back": lambda scene: reconnecting.back(scene.voice, was_away=True),
    "reconnect_back_from_nowhere": lambda scene: reconnecting.back(scene.voice, was_away=False),
    **{
        f"reconnect_calendar_{count}": lambda scene, count=count: reconnecting.calendar_comes(  # type: ignore[misc]
            scene.voice, count
        )
        for count in (0, 2)
    },
    **{f"away_{count}": lambda scene, count=count: away(scene, count) for count in range(3)},  # type: ignore[misc]
    **{
        f"away_handed_{count}": lambda scene, count=count: reconnecting.handed(  # type: ignore[misc]
            scene.voice, count, SAM, NOW
        )
        for count in (1, 2)
    },
    **{
        f"away_taken_back_{count}": lambda scene, count=count: reconnecting.taken_back(  # type: ignore[misc]
            scene.voice, count
        )
        for count in range(3)
    },
    "form_hand_all": lambda scene: reconnecting.hand_all(
        scene.voice, AwayOrigin(response_url="https://hooks.example/actions/1")
    ),
    "form_snooze": lambda scene: reminders.snooze(scene.voice, TaskOrigin(task_id=40), NOW),
    "form_hand_over": lambda scene: reminders.hand_over(scene.voice, ORIGIN),
    "form_drop": lambda scene: reminders.drop(scene.voice, ORIGIN),
    "calendar_comment": lambda scene: told(scene.voice.text("reconnect/calendar")),
    "home_not_delivered": not_delivered,
    "home_waiting_for_days": waiting_for_days,
    "home_waiting_with_somebody": lambda scene: waiting_for_days(scene, rep_id=SAM),
}

REMINDER_ANSWERS: Mapping[str, Callable[[Scene], Built]] = {
    "form_refuses_an_hour_gone_by": an_hour_gone_by,
    "form_drop_refuses_a_card_number": a_card_number,
    "hand_over_refuses_a_bot": lambda scene: errors(colleagues.nobody_there(scene.voice)),
    "calendar_file": in_a_calendar,
}
