"""Every state that a surface can be in, built from rows with fixed ids and times.

The golden files, the limits, Slack's own models, hostile names, and what is left over are all held against these.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.coaching.cases import Card, Notice
from bot.coaching.customers import Known, Past
from bot.coaching.errors import Reason
from bot.coaching.home import Agenda
from bot.coaching.outcomes import Outcome
from bot.coaching.playbooks import Playbook
from bot.coaching.reminders import Reminder, TaskKind
from bot.storage.models import Case, Customer, Member, Mission, Task
from bot.surfaces import blocks, cases, forms, home, ids, limits, reminders
from bot.surfaces.forms import Origin, Refused
from bot.surfaces.limits import Problem
from bot.surfaces.manifest import command_of, manifest
from bot.surfaces.payloads import Submission
from bot.surfaces.reminders import TaskOrigin
from bot.surfaces.words import Voice, person

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
ADA = "Ada Lovelace"
ROSA = "U0ROSA"
COMMAND = command_of("", ids.CANCEL)
CHOICES = {"order": "Save an order or subscription", "sale": "Save a sale"}
ORIGIN = Origin(case_id=7, revision=3, response_url="https://hooks.example/actions/1", message_ts="1.0")

Built = Mapping[str, Any]


@dataclass(frozen=True)
class Scene:
    """Who reads, how they are spoken to, and what the customer is called."""

    voice: Voice
    playbook: Playbook
    name: str | None = ADA

    @property
    def customer(self) -> Customer | None:
        return Customer(team_id="T1", id=5, name=self.name, name_key="", created_at=NOW) if self.name else None

    def case(self, step: str = "empathise", **given: Any) -> Case:
        filled = {
            "team_id": "T1",
            "id": 7,
            "customer_id": 5 if self.name else None,
            "rep_id": ROSA,
            "playbook": self.playbook.name,
            "step": step,
            "revision": 3,
            "words": {},
            "opened_at": NOW,
            "touched_at": NOW,
        }
        return Case(**(filled | given))

    def card(self, step: str = "empathise", *, cues_only: bool = False, **given: Any) -> Card:
        """The card at a step; what a `Card` itself has is the card's, all else is the case's."""
        its_own = {name: given.pop(name) for name in list(given) if name in Card.__dataclass_fields__}
        member = Member(team_id="T1", user_id=ROSA, cues_only=cues_only)
        card = Card(
            self.case(step, **given), self.customer, member, self.playbook, history=(), namesakes=(), choices=CHOICES
        )
        return replace(card, **its_own)

    def shown(self, step: str = "empathise", **given: Any) -> Built:
        return cases.card(self.voice, self.card(step, **given))

    def closed(self, outcome: Outcome, *kinds: TaskKind, **given: Any) -> Card:
        """A card with its outcome, and a task of each of these kinds."""
        tasks = [task(kind, days=7 + number, id=40 + number) for number, kind in enumerate(kinds)]
        still_open = outcome is Outcome.COOL_OFF
        return self.card("agree", outcome=outcome, tasks=tasks, closed_at=None if still_open else NOW, **given)

    def over(self, outcome: Outcome, *kinds: TaskKind, **given: Any) -> Built:
        return cases.card(self.voice, self.closed(outcome, *kinds, **given))

    def reminder(self, kind: TaskKind, words: Mapping[str, str] | None = None, **given: Any) -> Reminder:
        case = self.case("agree", outcome=Outcome.SAVED, words=dict(words or {}))
        return Reminder(task(kind, **given), case, self.customer, Member(team_id="T1", user_id=ROSA))

    def agenda(self, shown: int, more: int = 0) -> Agenda:
        """So many tasks and cases of each sort in turn, and how many there are beside them."""
        kinds = list(TaskKind)
        tasks = [task(kinds[number % 5], days=number - 1, id=40 + number) for number in range(shown)]
        outcomes = [None, Outcome.COOL_OFF]
        open_cases = [self.case(id=7 + number, outcome=outcomes[number % 2]) for number in range(shown)]
        return Agenda(
            Member(team_id="T1", user_id=ROSA),
            [(each, self.name) for each in tasks],
            [(each, self.name if number % 3 else None) for number, each in enumerate(open_cases, start=1)],
            shown + more,
            shown + more,
        )


def task(kind: TaskKind, days: int = 7, **given: Any) -> Task:
    filled = {
        "team_id": "T1",
        "id": 40,
        "case_id": 7,
        "owner_id": ROSA,
        "kind": kind,
        "due_at": NOW + timedelta(days=days),
        "created_at": NOW,
    }
    return Task(**(filled | given))


def history(scene: Scene) -> list[Past]:
    """Four earlier cancellations, of which a card shows three."""
    return [
        Past(
            scene.case(id=6, outcome=Outcome.LEFT, reason="cost", remedy="fix", opened_at=NOW - timedelta(days=30)),
            [task(TaskKind.CARRY_OUT, days=-29, done_at=NOW), task(TaskKind.HELLO, days=60)],
        ),
        Past(scene.case(id=5, outcome=Outcome.SAVED, reason="worry", opened_at=NOW - timedelta(days=200))),
        Past(scene.case(id=4, remedy="a remedy of long ago", opened_at=NOW - timedelta(days=400))),
        Past(scene.case(id=3, outcome=Outcome.PAUSED, opened_at=NOW - timedelta(days=600))),
    ]


def namesakes(scene: Scene) -> list[Known]:
    """Five of one name, of whom a card shows four."""

    def known(number: int, past: list[Past]) -> Known:
        return Known(Customer(team_id="T1", id=number, name=scene.name or ADA, name_key="", created_at=NOW), past)

    sofa = [Past(scene.case(id=6, outcome=Outcome.LEFT, product=scene.name or None))]
    return [known(11, sofa), known(12, [Past(scene.case(id=5))]), *(known(number, []) for number in (13, 14, 15))]


MISSION = Mission(team_id="T1", id=1, case_id=6, words="Quiet Sundays\nwith <all> of them", heard_by=ROSA, heard_at=NOW)


def other_cases(scene: Scene) -> list[tuple[Case, str | None]]:
    return [(scene.case(id=6, outcome=Outcome.SAVED), scene.name), (scene.case(id=5), None)]


def said(scene: Scene, name: str, text: str) -> Built:
    label = scene.voice.label
    return blocks.word(label(f"form.{name}_title"), label("form.understood"), text)


def told(text: str) -> Built:
    return blocks.message(text, [blocks.section(text)])


def refused(scene: Scene, **typed: str) -> Built:
    """What a form answers to values that cannot be taken."""
    values = {
        forms.NAME: {"value": typed.get("name")},
        forms.VALUE: {"value": typed.get("value")},
        forms.RECONNECT: {"selected_date": typed.get("reconnect_on")},
    }
    sent = submission(values)
    read = forms.read_details(scene.voice, sent, TODAY)
    assert isinstance(read, Refused)
    return {"response_action": "errors", "errors": read.errors}


def submission(values: Mapping[str, Mapping[str, Any]], private_metadata: str = "") -> Submission:
    """A form as it is sent: each field in a block of its own name."""
    state = {"values": {name: {name: {"type": "field", **element}} for name, element in values.items()}}
    return Submission.model_validate(
        {
            "type": "view_submission",
            "team": {"id": "T1", "domain": "office"},
            "user": {"id": ROSA, "name": "rosa"},
            "view": {"id": "V1", "private_metadata": private_metadata, "state": state, "hash": "1.a"},
        }
    )


def no_day_picked(scene: Scene) -> Built:
    read = forms.read_cool_off(scene.voice, submission({forms.COOL_OFF_UNTIL: {"selected_date": None}}), TODAY)
    assert isinstance(read, Refused)
    return {"response_action": "errors", "errors": read.errors}


def an_hour_gone_by(scene: Scene) -> Built:
    sent = submission({reminders.SNOOZE_UNTIL: {"selected_date_time": int(NOW.timestamp())}})
    read = reminders.read_snooze(scene.voice, sent, NOW)
    assert isinstance(read, Refused)
    return {"response_action": "errors", "errors": read.errors}


def details(scene: Scene, card: Card) -> Built:
    return forms.details(scene.voice, card, ORIGIN, TODAY)


FILLED = {
    "reason": "cost",
    "product": "Corner sofa",
    "heard_through": "phone",
    "value_minor": 1_200_50,
    "currency": "USD",
    "words": {"note": "Ask about\nthe colour"},
}
REMEMBERED = {"note": "Call the brother too\nafter six", "mission": "Quiet Sundays"}

CARDS: Mapping[str, Callable[[Scene], Built]] = {
    "card_first": lambda scene: scene.shown(),
    "card_first_unnamed": lambda scene: replace(scene, name=None).shown(),
    "card_first_with_history": lambda scene: scene.shown(history=history(scene)),
    "card_first_with_namesakes": lambda scene: scene.shown(
        customer=None, customer_id=None, called=scene.name, namesakes=namesakes(scene)
    ),
    "card_first_in_other_words": lambda scene: scene.shown(variant=1, words={"thought": "The gym, in March"}),
    "card_gate": lambda scene: scene.shown("why", words={"why": "Her <brother> laughed"}),
    "card_deeper": lambda scene: scene.shown("deeper", noes=1),
    "card_cost": lambda scene: scene.shown("cost"),
    "card_mission_kept": lambda scene: scene.shown("mission", cause="fear", mission=MISSION),
    "card_hopes": lambda scene: scene.shown("mission", cause="fear"),
    "card_likeness": lambda scene: scene.shown("story", cause="fear"),
    "card_future": lambda scene: scene.shown("future", cause="fear"),
    "card_agree": lambda scene: scene.shown("agree", cause="fear"),
    "card_rethink": lambda scene: scene.shown("rethink", cause="legitimate"),
    "card_settle": lambda scene: scene.shown("settle", cause="legitimate"),
    "card_letting_go": lambda scene: scene.shown("goodbye", letting_go=True),
    "card_cues_only": lambda scene: scene.shown("why", cues_only=True),
    **{
        f"card_notice_{notice}": lambda scene, notice=notice: scene.shown("future", notice=notice)  # type: ignore[misc]
        for notice in Notice
    },
    "card_saved": lambda scene: scene.over(Outcome.SAVED, TaskKind.CHECK_IN),
    "card_saved_soft": lambda scene: scene.over(Outcome.SAVED, TaskKind.SOFT_YES_CALL, soft_yes=True),
    "card_saved_on_another_plan": lambda scene: scene.over(Outcome.CHANGED_PLAN, TaskKind.CHECK_IN),
    "card_saved_cues_only": lambda scene: scene.over(Outcome.SAVED, TaskKind.CHECK_IN, cues_only=True),
    "card_saved_kept": lambda scene: scene.over(Outcome.PAUSED, TaskKind.CHECK_IN, notice=Notice.KEPT),
    "card_rescheduled": lambda scene: scene.over(Outcome.RESCHEDULED, TaskKind.CHECK_IN),
    "card_left": lambda scene: scene.over(Outcome.LEFT, TaskKind.CARRY_OUT, TaskKind.HELLO),
    "card_cool_off": lambda scene: scene.over(Outcome.COOL_OFF, TaskKind.COOL_OFF_CALL),
    "card_mistake": lambda scene: scene.over(Outcome.MISTAKE),
    "card_duplicate": lambda scene: scene.over(Outcome.DUPLICATE),
}

FORMS: Mapping[str, Callable[[Scene], Built]] = {
    "form_new_case": lambda scene: forms.new_case(scene.voice),
    "form_details_empty": lambda scene: details(scene, replace(scene, name=None).card()),
    "form_details_filled": lambda scene: details(scene, scene.card("why", **FILLED)),
    "form_details_saved": lambda scene: details(
        scene, scene.closed(Outcome.PAUSED, TaskKind.CHECK_IN, **FILLED, remedy="fix")
    ),
    "form_details_left": lambda scene: details(scene, scene.closed(Outcome.LEFT, TaskKind.CARRY_OUT, TaskKind.HELLO)),
    "form_cool_off": lambda scene: forms.cool_off(scene.voice, ORIGIN, TODAY),
    "form_leave_out": lambda scene: forms.leave_out(scene.voice, other_cases(scene), ORIGIN),
    "form_snooze": lambda scene: reminders.snooze(scene.voice, TaskOrigin(task_id=40), NOW),
    "word_opened": lambda scene: said(scene, "opened", scene.voice.text("cases/opened")),
    "word_problem": lambda scene: said(scene, "problem", scene.voice.text("errors/unexpected", reference="0f3a9c1e")),
    "word_resumed": lambda scene: said(
        scene, "resumed", scene.voice.text("cases/resumed", name=person(cases.named(scene.voice, scene.name)))
    ),
}

LISTS: Mapping[str, Callable[[Scene], Built]] = {
    "list_empty": lambda scene: home.listing(scene.voice, scene.agenda(0), NOW),
    "list_full": lambda scene: home.listing(scene.voice, scene.agenda(5), NOW),
    "list_over_the_limit": lambda scene: home.listing(scene.voice, scene.agenda(home.SHOWN_MOST, 1), NOW),
    "home_empty": lambda scene: home.home(scene.voice, scene.agenda(0), NOW, ""),
    "home_full": lambda scene: home.home(scene.voice, scene.agenda(5), NOW, ""),
    "home_over_the_limit": lambda scene: home.home(scene.voice, scene.agenda(home.SHOWN_MOST, 5), NOW, ""),
}

REMINDERS: Mapping[str, Callable[[Scene], Built]] = {
    **{
        f"reminder_{kind}": lambda scene, kind=kind: reminders.reminder(  # type: ignore[misc]
            scene.voice, scene.reminder(kind, REMEMBERED)
        )
        for kind in TaskKind
    },
    "reminder_bare": lambda scene: reminders.reminder(scene.voice, scene.reminder(TaskKind.CHECK_IN)),
    "reminder_done": lambda scene: reminders.answered(scene.voice, scene.reminder(TaskKind.CHECK_IN, done_at=NOW)),
    "reminder_put_off": lambda scene: reminders.answered(scene.voice, scene.reminder(TaskKind.CHECK_IN)),
    "reminder_dropped": lambda scene: reminders.answered(
        scene.voice, scene.reminder(TaskKind.CHECK_IN, dropped_at=NOW)
    ),
}

TEXTS: Mapping[str, Callable[[Scene], Built]] = {
    "help": lambda scene: told(scene.voice.text("cases/help", command=COMMAND, books=[scene.playbook])),
    **{
        f"error_{reason}": lambda scene, reason=reason: told(  # type: ignore[misc]
            scene.voice.text(f"errors/{reason}", command=COMMAND)
        )
        for reason in Reason
    },
    "error_unexpected": lambda scene: told(scene.voice.text("errors/unexpected", reference="0f3a9c1e")),
}

SURFACES: Mapping[str, Callable[[Scene], Built]] = {**CARDS, **FORMS, **LISTS, **REMINDERS, **TEXTS}

# What Slack gets that is neither a message nor a view.
ANSWERS: Mapping[str, Callable[[Scene], Built]] = {
    "form_refuses_a_card_number": lambda scene: refused(scene, name="4111 1111 1111 1111"),
    "form_refuses_an_amount_and_a_past_day": lambda scene: refused(scene, value="abc", reconnect_on="2026-11-23"),
    "form_refuses_no_day": no_day_picked,
    "form_refuses_an_hour_gone_by": an_hour_gone_by,
    "manifest": lambda scene: manifest(scene.voice, ""),
    "manifest_over_http": lambda scene: manifest(scene.voice, "acme-", "https://bot.example/slack/events"),
}

STATES: Mapping[str, Callable[[Scene], Built]] = {**SURFACES, **ANSWERS}


def problems(built: Built) -> list[Problem]:
    """What Slack would refuse of a message or a view."""
    return limits.view_problems(built) if is_view(built) else limits.message_problems(built)


def is_view(built: Built) -> bool:
    return built.get("type") in ("modal", "home")
