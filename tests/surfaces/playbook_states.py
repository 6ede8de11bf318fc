"""The states of the other playbooks: in writing, appointments, remedies, letting go, and other people."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.coaching.cases import Freed
from bot.coaching.colleagues import Handed
from bot.coaching.library import Withdrawal
from bot.coaching.outcomes import Outcome
from bot.coaching.playbooks import Follow
from bot.coaching.posts import HEARD, QUESTION, Posted
from bot.coaching.reminders import TaskKind
from bot.storage.models import Member, Post, Remedy, Team
from bot.surfaces import cases, colleagues, endings, forms, home, remedies
from bot.surfaces.colleagues import ColleagueOrigin
from bot.surfaces.forms import Refused
from bot.surfaces.remedies import RemedyOrigin
from tests.surfaces.library_states import CARE, product
from tests.surfaces.scenes import NOW, ORIGIN, ROSA, SAM, TODAY, Built, Scene, submission, task

SLOTS = [int((NOW + timedelta(days=days)).timestamp()) for days in (2, 3)]
WRITING = {"writing": True, "heard_through": "email"}
_KEYS = ("fix", "session", "heard", "pause", "billing", "discount")
OF_ORDER = dict(zip(Follow, _KEYS, strict=False))
BILLS, HARD = "The <bills> confuse them", "they are hard to read"
TEAM = Team(team_id="T1", heard_channel="C0VIEWS", help_channel="C0FLOOR")
BOOKS_A_TIME = Member(team_id="T1", user_id=ROSA, booking_link="https://book.example/rosa?a=1&b=2")


def of(scene: Scene, book: str) -> Scene:
    """The same scene, by another playbook."""
    return replace(scene, playbook=scene.books[book])


def written(scene: Scene, book: str, step: str, **given: Any) -> Built:
    return of(scene, book).shown(step, kind=book, slots=SLOTS, **(WRITING | given))


def appointment(scene: Scene, step: str, **given: Any) -> Built:
    return of(scene, "appointment").shown(step, kind="appointment", slots=SLOTS, **given)


def called_off(scene: Scene, outcome: Outcome, *kinds: TaskKind, **given: Any) -> Built:
    tasks = [task(kind, days=1 + number, id=40 + number) for number, kind in enumerate(kinds)]
    return appointment(scene, "reschedule", outcome=outcome, closed_at=NOW, tasks=tasks, **given)


def given(scene: Scene) -> list[Remedy]:
    about = {"team_id": "T1", "case_id": 7, "agreed_by": ROSA, "agreed_at": NOW}
    return [
        Remedy(id=1, key="fix", follow=Follow.FIX, words="A new <charger>", **about),
        Remedy(id=2, key="discount", follow=Follow.DISCOUNT, worth_minor=180_00, currency="USD", **about),
        Remedy(id=3, key="of long ago", follow=Follow.NOTE, **about),
    ]


def agreed(scene: Scene, **more: Any) -> Built:
    fix = task(TaskKind.FIX, days=2, facts={"remedy": "1", "promise": "A new <charger>"})
    return of(scene, "order").shown(
        "settle", kind="order", cause="legitimate", remedies=given(scene), tasks=[fix], **more
    )


def remedy_form(scene: Scene, follow: Follow, **more: Any) -> Built:
    ordering = of(scene, "order")
    card = ordering.card(OF_ORDER[follow], kind="order", words={"why": "The <bills> are\nhard to read"}, **more)
    return remedies.form(scene.voice, card, ORIGIN, NOW)


def remedy_refuses(scene: Scene, follow: Follow, **typed: Mapping[str, Any]) -> Built:
    origin = RemedyOrigin(case_id=7, revision=3, key=OF_ORDER[follow], follow=follow, name=scene.name)
    sent = submission({f"form.{name}": value for name, value in typed.items()})
    return errors(remedies.read(scene.voice, sent, origin, NOW))


def handed(scene: Scene, *, undo: bool) -> Built:
    case = scene.case(rep_id=SAM, handed_by=ROSA, handed_at=NOW)
    return cases.handed_over(scene.voice, Handed(case, scene.customer, Member(team_id="T1", user_id=ROSA)), undo=undo)


def post(scene: Scene, kind: str, name: str | None = None, **of_case: Any) -> Built:
    said = Post(
        team_id="T1",
        id=1,
        case_id=7,
        kind=kind,
        channel="C0VIEWS",
        words=f"{BILLS}\n{HARD}",
        author_id=ROSA,
        created_at=NOW,
    )
    return colleagues.post(scene.voice, Posted(said, scene.case(**of_case), None, name))


def colleague(scene: Scene, team: Team | None) -> Built:
    return colleagues.form(scene.voice, scene.card("future", cause="fear", team=team, product="Corner sofa"), ORIGIN)


def useful(scene: Scene, **facts: str) -> Built:
    facts = {"meeting": str(SLOTS[0]), **facts}
    return scene.brought(scene.reminder(TaskKind.USEFUL, facts=facts))


def new_date(scene: Scene, *products: str) -> Built:
    sold = [product(name, number) for number, name in enumerate(products, start=1)]
    card = of(scene, "appointment").card("reschedule", kind="appointment", slots=SLOTS)
    return endings.new_date(scene.voice, card, ORIGIN, sold, NOW)


def waiting(scene: Scene) -> Built:
    """A list with a case that waits for an answer."""
    agenda = scene.agenda(1)
    agenda.cases[0][0].waiting_until = TODAY
    return home.listing(scene.voice, agenda, NOW)


def errors(found: object) -> Built:
    assert isinstance(found, Refused)
    return {"response_action": "errors", "errors": found.errors}


def call(scene: Scene, *, can_ask: bool, **typed: Mapping[str, Any]) -> Built:
    origin = ColleagueOrigin(case_id=7, revision=3, name=scene.name, can_ask=can_ask)
    sent = submission({f"form.{name}": value for name, value in typed.items()})
    return errors(colleagues.read(scene.voice, sent, origin))


def right(days_left: int | None) -> Withdrawal:
    last_day = None if days_left is None else TODAY + timedelta(days=days_left)
    return Withdrawal("You can change your mind.\nNo <reason> needed.", last_day, days_left)


PLAYBOOKS: Mapping[str, Callable[[Scene], Built]] = {
    "written_first": lambda scene: written(scene, "sale", "reply"),
    "written_first_unnamed": lambda scene: written(replace(scene, name=None), "order", "reply", heard_through="text"),
    "written_changed": lambda scene: written(
        scene, "sale", "reply", words={"draft-reply-confirm": "Dear <Ada>,\nof course."}
    ),
    "written_waiting": lambda scene: written(scene, "sale", "reply", waiting_until=date(2026, 11, 27)),
    "written_answered": lambda scene: written(scene, "order", "answered"),
    "written_remedies": lambda scene: written(scene, "order", "remedy", cause="legitimate"),
    "written_remedy": lambda scene: written(scene, "order", "fix", cause="legitimate"),
    "written_letting_go": lambda scene: written(scene, "sale", "goodbye", letting_go=True),
    "written_appointment": lambda scene: written(scene, "appointment", "reply", member=BOOKS_A_TIME),
    "written_appointment_waiting": lambda scene: written(
        scene, "appointment", "reply", waiting_until=date(2026, 11, 27)
    ),
    "appointment_first": lambda scene: appointment(scene, "respond"),
    "appointment_times": lambda scene: appointment(scene, "reschedule"),
    "appointment_booking": lambda scene: appointment(scene, "reschedule", variant=3, member=BOOKS_A_TIME),
    "appointment_later": lambda scene: appointment(scene, "later", noes=1),
    "appointment_letting_go": lambda scene: appointment(scene, "goodbye", letting_go=True),
    "appointment_new_date": lambda scene: called_off(
        scene, Outcome.RESCHEDULED, TaskKind.USEFUL, TaskKind.MET, appointment_at=NOW + timedelta(days=2)
    ),
    "appointment_not_now": lambda scene: called_off(scene, Outcome.NOT_NOW, TaskKind.HELLO, in_touch=True),
    "appointment_not_now_and_no_more": lambda scene: called_off(scene, Outcome.NOT_NOW, in_touch=False),
    "appointment_misfit": lambda scene: called_off(scene, Outcome.MISFIT, fit=False),
    "appointment_no_show": lambda scene: called_off(scene, Outcome.NO_SHOW),
    "appointment_freed_for_a_task": lambda scene: called_off(
        scene, Outcome.NO_SHOW, freed=Freed(9, scene.name, task(TaskKind.CARRY_OUT, days=1))
    ),
    "appointment_freed_for_a_case": lambda scene: called_off(scene, Outcome.MISFIT, freed=Freed(9, None)),
    "remedies_of_an_order": lambda scene: of(scene, "order").shown("remedy", kind="order", cause="legitimate"),
    "remedies_of_a_worry": lambda scene: of(scene, "order").shown(
        "remedy", kind="order", cause="fear", came_from="mission"
    ),
    "remedy_at_hand": lambda scene: of(scene, "order").shown("session", kind="order", cause="legitimate"),
    "remedies_agreed": agreed,
    "remedies_agreed_and_saved": lambda scene: agreed(scene, outcome=Outcome.SAVED, closed_at=NOW),
    **{
        f"remedy_form_{follow}": lambda scene, follow=follow: remedy_form(scene, follow)  # type: ignore[misc]
        for follow in OF_ORDER
    },
    "remedy_form_heard_in_a_channel": lambda scene: remedy_form(scene, Follow.HEARD, team=TEAM),
    "remedies_promised": lambda scene: scene.over(
        Outcome.SAVED, TaskKind.SESSION, TaskKind.FORWARD, TaskKind.TELL_HEARD, TaskKind.ANSWER
    ),
    "list_waiting": lambda scene: waiting(scene),
    "left_alone": lambda scene: scene.closed_and_left_alone(),
    "left_and_in_touch": lambda scene: scene.over(Outcome.LEFT, TaskKind.CARRY_OUT, TaskKind.HELLO, in_touch=True),
    "card_of_somebody_left_alone": lambda scene: scene.of_somebody_left_alone(),
    "card_with_a_link": lambda scene: scene.shown("future", link="https://crm.example/7?a=1&b=2"),
    "written_with_a_right": lambda scene: written(scene, "sale", "reply", withdrawal=right(9)),
    "reminder_carry_out_in_writing": lambda scene: scene.to_carry_out(writing=True),
    "reminder_carry_out_as_the_last_word": lambda scene: scene.to_carry_out(in_touch=False),
    "card_handed_after_a_change": lambda scene: scene.shown(
        "rethink", cause="legitimate", handed_by=SAM, handed_at=NOW
    ),
    "card_handed": lambda scene: scene.shown(
        "mission",
        cause="fear",
        handed_by=SAM,
        handed_at=NOW,
        words={
            "handed": "Mind the <terms>\nplease",
            "why": "Her brother",
            "mission": "Quiet Sundays",
            "note": "After six",
        },
    ),
    "handed_over": lambda scene: handed(scene, undo=True),
    "handed_over_for_good": lambda scene: handed(scene, undo=False),
    "withdrawal_counted": lambda scene: scene.shown(withdrawal=right(9)),
    "withdrawal_last_day_but_one": lambda scene: scene.shown("why", withdrawal=right(1)),
    "withdrawal_last_day": lambda scene: scene.shown("why", withdrawal=right(0)),
    "withdrawal_not_counted": lambda scene: scene.shown(withdrawal=right(None)),
    "form_new_date": new_date,
    "form_new_date_with_links": lambda scene: new_date(scene, "Corner sofa", "Lamp"),
    "form_not_now": lambda scene: endings.not_now(scene.voice, ORIGIN),
    "form_misfit": lambda scene: endings.misfit(scene.voice, ORIGIN),
    "form_in_touch": lambda scene: endings.in_touch(scene.voice, ORIGIN, TODAY),
    "form_colleague": lambda scene: colleague(scene, TEAM),
    "form_colleague_without_a_channel": lambda scene: colleague(scene, None),
    "post_heard": lambda scene: post(scene, HEARD, product="Corner <sofa>"),
    "post_heard_and_named": lambda scene: post(scene, HEARD, scene.name),
    "post_question": lambda scene: post(scene, QUESTION),
    "post_question_about_a_letter": lambda scene: post(scene, QUESTION, writing=True),
    "reminder_useful_with_a_link": lambda scene: useful(scene, **CARE),
    "reminder_useful_without_one": useful,
    "reminder_fix_with_its_promise": lambda scene: scene.brought(
        scene.reminder(TaskKind.FIX, facts={"promise": "A new <charger>\nby courier"})
    ),
    "reminder_met": lambda scene: scene.brought(scene.reminder(TaskKind.MET, facts={"meeting": str(SLOTS[0])})),
    "reminder_we_met": lambda scene: scene.answered_met(met=True),
    "reminder_they_did_not_come": lambda scene: scene.answered_met(met=False),
}

PLAYBOOK_ANSWERS: Mapping[str, Callable[[Scene], Built]] = {
    "form_refuses_a_link_and_a_day_ahead": lambda scene: errors(
        forms.read_details(
            scene.voice,
            submission({forms.LINK: {"value": "crm.example"}, forms.BOUGHT: {"selected_date": "2027-01-01"}}),
            TODAY,
        )
    ),
    "colleague_refuses_nobody": lambda scene: call(scene, can_ask=True),
    "colleague_refuses_a_question_to_no_channel": lambda scene: call(
        scene, can_ask=False, question={"value": "What now?"}
    ),
    "colleague_refuses_an_app": lambda scene: errors(colleagues.nobody_there(scene.voice)),
    "remedy_refuses_nothing_said": lambda scene: remedy_refuses(scene, Follow.FIX),
    "remedy_refuses_no_consent": lambda scene: remedy_refuses(scene, Follow.HEARD, view={"value": "Too dear"}),
    "remedy_refuses_a_name": lambda scene: remedy_refuses(
        replace(scene, name="Ada"),
        Follow.HEARD,
        view={"value": "Ada says so"},
        consent={"selected_options": [{"value": "pass_on"}]},
    ),
    "remedy_refuses_no_worth": lambda scene: remedy_refuses(scene, Follow.BILLING, billing={"value": "Two payments"}),
    "remedy_refuses_an_hour_gone_by": lambda scene: remedy_refuses(
        scene, Follow.SESSION, session_at={"selected_date_time": int(NOW.timestamp())}
    ),
}
