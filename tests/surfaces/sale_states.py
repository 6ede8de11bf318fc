"""The states of a sale that is made to hold."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.coaching.library import Library
from bot.coaching.reminders import Reminder, TaskKind
from bot.coaching.sales import PLAYBOOK, Solidified, Sureness
from bot.storage.models import Customer, Member, Product, Sale, Task, Team
from bot.surfaces import forms, ids, sales
from bot.surfaces.forms import Refused
from bot.surfaces.manifest import command_of
from tests.surfaces.library_states import product
from tests.surfaces.scenes import ADA, MISSION, NOW, ROSA, TODAY, Built, Scene, submission, task

RAISED = {"problem": "Too <firm>\nat first", "answer": "It softens in a month"}


def solidify(scene: Scene, products: Sequence[Product] = (), day: int = 0, **given: Any) -> Built:
    """The form at a yes, so many days after today."""
    member = Member(team_id="T1", user_id=ROSA, **given)
    shelf, on = Library(Team(team_id="T1"), products), TODAY + timedelta(days=day)
    return sales.solidify(scene.voice, scene.books[PLAYBOOK], member, scene.name, shelf, on)


def sold(scene: Scene, sureness: Sureness, *kinds: TaskKind, words: bool = True, **given: Any) -> Built:
    """What is said of a sale that was kept, with a task of each of these kinds."""
    customer = scene.customer or Customer(team_id="T1", id=5, name=ADA, name_key="", created_at=NOW)
    customer.left_alone_since = given.pop("left_alone_since", None)
    sale = Sale(team_id="T1", id=9, customer_id=5, rep_id=ROSA, sureness=sureness, sold_at=NOW)
    return sales.solidified(
        scene.voice,
        Solidified(
            sale,
            customer,
            Member(team_id="T1", user_id=ROSA),
            MISSION if words else None,
            [after_sale(kind, 2 + number) for number, kind in enumerate(kinds)],
            **given,
        ),
    )


def after_sale(kind: TaskKind, days: int) -> Task:
    return task(kind, days=days, id=40 + days, case_id=None, sale_id=9, facts=RAISED if kind == "problem" else {})


def after_a_sale(scene: Scene, kind: TaskKind, **given: Any) -> Reminder:
    sale = Sale(team_id="T1", id=9, customer_id=5, rep_id=ROSA, product="Corner sofa", sureness="flat", sold_at=NOW)
    about = task(kind, case_id=None, sale_id=9, **given)
    return Reminder(about, None, sale, scene.customer, Member(team_id="T1", user_id=ROSA))


def sale_refuses(scene: Scene, **typed: str) -> Built:
    found = sales.read_solidify(scene.voice, submission({name: {"value": text} for name, text in typed.items()}))
    assert isinstance(found, Refused)
    return {"response_action": "errors", "errors": found.errors}


CALL = (TaskKind.UNSURE_CALL, TaskKind.AFTER_SALE)

SALES: Mapping[str, Callable[[Scene], Built]] = {
    "sale_form": solidify,
    "sale_form_tomorrow": lambda scene: solidify(scene, day=1),
    "sale_form_with_products": lambda scene: solidify(scene, [product("Corner sofa"), product(scene.name, 2)]),
    "sale_form_cues_only": lambda scene: solidify(scene, cues_only=True),
    "sale_kept": lambda scene: sold(scene, Sureness.SURE, TaskKind.AFTER_SALE, TaskKind.PROBLEM),
    "sale_kept_bare": lambda scene: sold(scene, Sureness.SURE, TaskKind.AFTER_SALE, words=False, namesakes=2),
    "sale_kept_flat": lambda scene: sold(scene, Sureness.FLAT, *CALL),
    "sale_kept_unsure": lambda scene: sold(scene, Sureness.UNSURE, *CALL),
    "sale_kept_left_alone": lambda scene: sold(scene, Sureness.UNSURE, left_alone_since=NOW),
    "sale_call_moved": lambda scene: sales.call_moved(scene.voice, after_a_sale(scene, TaskKind.UNSURE_CALL)),
    "sale_help": lambda scene: sales.helped(scene.voice, command_of("", ids.SOLIDIFY)),
    "sale_reminder_unsure_call": lambda scene: scene.brought(
        after_a_sale(scene, TaskKind.UNSURE_CALL, facts={"mission": "Quiet <Sundays>\nat home"})
    ),
    "sale_reminder_after_sale": lambda scene: scene.brought(after_a_sale(scene, TaskKind.AFTER_SALE)),
    "sale_reminder_problem": lambda scene: scene.brought(after_a_sale(scene, TaskKind.PROBLEM, facts=RAISED)),
    "sale_reminder_done": lambda scene: scene.stands(after_a_sale(scene, TaskKind.AFTER_SALE, done_at=NOW)),
}

SALE_ANSWERS: Mapping[str, Callable[[Scene], Built]] = {
    "sale_refuses_no_name": lambda scene: sale_refuses(scene, **{forms.NAME: "  "}),
    "sale_refuses_a_card_number_and_an_amount": lambda scene: sale_refuses(
        scene, **{sales.DECIDED: "4111 1111 1111 1111", sales.VALUE: "abc"}
    ),
}
