"""The scene that surfaces are built in: who reads, and rows with fixed ids and times."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.coaching.cases import Card
from bot.coaching.customers import Known, Past
from bot.coaching.due import Round
from bot.coaching.home import Agenda
from bot.coaching.outcomes import Outcome
from bot.coaching.playbooks import Playbook
from bot.coaching.reminders import Reminder, TaskKind
from bot.storage.models import Case, Customer, Member, Mission, Task
from bot.surfaces import blocks, cases, ids, limits, reminders
from bot.surfaces.forms import Origin
from bot.surfaces.limits import Problem
from bot.surfaces.manifest import command_of
from bot.surfaces.payloads import Submission
from bot.surfaces.stage import Specimen, Stage
from bot.surfaces.words import Voice

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
ADA = "Ada Lovelace"
ROSA = "U0ROSA"
SAM = "U0SAM"
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
    books: Mapping[str, Playbook] = field(default_factory=dict)

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
        return Reminder(task(kind, **given), case, None, self.customer, Member(team_id="T1", user_id=ROSA))

    def brought(self, *due: Reminder, more: bool = False) -> Built:
        """The message that brings what is due."""
        return reminders.brought(self.voice, Round(due[0].member, due, more), NOW, fresh=True)

    def stands(self, *due: Reminder, more: bool = False) -> Built:
        """The same message once something on it was answered."""
        return reminders.brought(self.voice, Round(due[0].member, due, more), NOW)

    def of_somebody_left_alone(self, **given: Any) -> Built:
        """The card of a customer who asked not to be contacted."""
        customer = self.customer
        if customer:
            customer.left_alone_since = NOW - timedelta(days=90)
        return self.shown(customer=customer, **given)

    def closed_and_left_alone(self) -> Built:
        """The card once they have said that they would rather not be contacted."""
        return self.over(Outcome.LEFT, TaskKind.CARRY_OUT, in_touch=False)

    def to_carry_out(self, **of_case: Any) -> Built:
        """The reminder to carry a cancellation out."""
        about = self.reminder(TaskKind.CARRY_OUT)
        case = self.case("goodbye", outcome=Outcome.LEFT, **of_case)
        return self.brought(replace(about, case=case))

    def answered_met(self, *, met: bool) -> Built:
        """What is said of a new date, once somebody has said whether it took place."""
        about = self.reminder(TaskKind.MET, done_at=NOW)
        assert about.case
        about.case.met = met
        return self.stands(about)

    def agenda(self, shown: int, more: int = 0) -> Agenda:
        """So many tasks and cases of each sort in turn, and how many there are beside them."""
        kinds = list(TaskKind)
        tasks = [task(kinds[number % 5], days=number - 1, id=40 + number) for number in range(shown)]
        outcomes = [None, Outcome.COOL_OFF]
        open_cases = [self.case(id=7 + number, outcome=outcomes[number % 2]) for number in range(shown)]
        member = Member(team_id="T1", user_id=ROSA)
        return Agenda(
            member,
            [Reminder(each, self.case(), None, self.customer, member) for each in tasks],
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
    return blocks.remark(text)


def submission(values: Mapping[str, Mapping[str, Any]], private_metadata: str = "{}") -> Submission:
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


def problems(built: Built) -> list[Problem]:
    """What Slack would refuse of a message or a view."""
    return limits.view_problems(built) if is_view(built) else limits.message_problems(built)


def is_view(built: Built) -> bool:
    return built.get("type") in ("modal", "home")


Family = Callable[[Stage], Iterator[Specimen]]

# Families that were made up, by the words they are spoken in; those words are kept, so that no others get their ids.
_MADE_UP: dict[tuple[Family, int, int], tuple[Voice, Mapping[str, Playbook], Mapping[str, Specimen]]] = {}


def specimen(scene: Scene, family: Family, name: str) -> Built:
    """One of a family of specimens, in the words of this scene. They are made up once for all of a family's states."""
    key = (family, id(scene.voice), id(scene.books))
    if key not in _MADE_UP:
        made_up = {each.name: each for each in family(Stage(scene.voice, scene.books, ""))}
        _MADE_UP[key] = (scene.voice, scene.books, made_up)
    found = _MADE_UP[key][2][name]
    assert not found.fault, found.fault
    return found.built
