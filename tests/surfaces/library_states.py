"""The states of what a team and a member set."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.coaching.library import Library
from bot.storage.models import Member, Product, Team
from bot.surfaces import forms, home, library, settings
from bot.surfaces.forms import Refused
from tests.surfaces.scenes import CHOICES, NOW, ORIGIN, ROSA, SAM, TODAY, Built, Scene, submission

CARE = {"title": "How to care for it <&>", "url": "https://example.com/care?of=sofa&in=winter"}
TROUBLES = [
    {"days": "1", "problem": "It smells <new>", "answer": "Air the room, it is gone in a week"},
    {"days": "14", "problem": "Too firm", "answer": "It softens: in a month"},
]


def product(name: str | None, number: int = 1) -> Product:
    filled = {"problems": TROUBLES, "links": [CARE], "changed_by": ROSA, "changed_at": NOW}
    return Product(team_id="T1", id=number, name=name or "Corner sofa", name_key="", **filled)


def rights(**given: Any) -> Team:
    return Team(team_id="T1", **({"withdrawal_days": 14, "withdrawal_words": "Two weeks.", **given}))


SET = {
    "heard_channel": "C0VIEWS",
    "help_channel": "C0FLOOR",
    "withdrawal_kinds": ["sale", "order"],
    "withdrawal_words": "You can change your mind for 14 days.\nNo reason needed.",
    "verifier_id": SAM,
    "story_months": 6,
    "customer_kinds": ["A young family", "A bakery"],
    "reasons": ["cost", "A cheaper <offer>", "other"],
    "currency": "EUR",
}


def managed(scene: Scene, library: Library | None, **given: Any) -> Built:
    member = Member(team_id="T1", user_id=ROSA, **given)
    return home.home(scene.voice, replace(scene.agenda(0), member=member, library=library), NOW, "")


def library_refuses(scene: Scene, read: Callable[..., object], **typed: Mapping[str, Any]) -> Built:
    """What a form of the library answers; the fields by the last part of their names."""
    found = read(scene.voice, submission({f"form.{name}": value for name, value in typed.items()}))
    assert isinstance(found, Refused)
    return {"response_action": "errors", "errors": found.errors}


def refuses_kinds(scene: Scene, *typed: str) -> Built:
    return library_refuses(scene, library.read_team, story_months={"value": "12"}, customer_kinds=lines(*typed))


def refuses_reasons(scene: Scene, *typed: str) -> Built:
    return library_refuses(scene, library.read_team, story_months={"value": "12"}, team_reasons=lines(*typed))


def of_a_reason(scene: Scene, reason: str) -> Built:
    """The details of a case whose team has its own reasons."""
    return forms.details(scene.voice, scene.card(team=rights(**SET), reason=reason), ORIGIN, TODAY)


def of_a_kind(scene: Scene, kind: str) -> Built:
    """The details of a case whose team has set its kinds of customers."""
    return forms.details(scene.voice, scene.card(team=rights(**SET), customer_kind=kind), ORIGIN, TODAY)


def lines(*typed: str) -> Mapping[str, str]:
    return {"value": "\n".join(typed)}


LIBRARY: Mapping[str, Callable[[Scene], Built]] = {
    "library_home_of_an_admin": lambda scene: managed(scene, None, is_admin=True),
    "library_home_empty": lambda scene: managed(scene, Library(Team(team_id="T1"), []), manages_since=NOW),
    "library_home_one_product": lambda scene: managed(
        scene, Library(rights(withdrawal_days=1, heard_channel="C0VIEWS"), [product(scene.name)]), manages_since=NOW
    ),
    "library_home_over_the_limit": lambda scene: managed(
        scene, Library(rights(**SET), [product(scene.name, number) for number in range(1, 121)]), manages_since=NOW
    ),
    "library_product_new": lambda scene: library.product(scene.voice),
    "library_product_kept": lambda scene: library.product(scene.voice, product("Corner sofa")),
    "library_team_empty": lambda scene: library.team(scene.voice, Team(team_id="T1")),
    "library_team_kept": lambda scene: library.team(scene.voice, rights(**SET)),
    "library_kind_chosen": lambda scene: of_a_kind(scene, "a  BAKERY"),
    "library_kind_of_before": lambda scene: of_a_kind(scene, "A museum <of> sorts"),
    "library_reason_chosen": lambda scene: of_a_reason(scene, "A cheaper <offer>"),
    "library_reason_of_before": lambda scene: of_a_reason(scene, "unused"),
    "library_settings_new": lambda scene: settings.settings(
        scene.voice, Member(team_id="T1", user_id=ROSA), Team(team_id="T1"), CHOICES
    ),
    "library_settings_kept": lambda scene: settings.settings(
        scene.voice,
        Member(team_id="T1", user_id=ROSA, default_playbook="order", booking_link="https://example.com/rosa"),
        Team(team_id="T1", work_from="12:00", work_to="20:00"),
        CHOICES,
    ),
}

LIBRARY_ANSWERS: Mapping[str, Callable[[Scene], Built]] = {
    "library_refuses_lines": lambda scene: library_refuses(
        scene,
        library.read_product,
        problems=lines("", "Too firm, and in the wrong colour for the room"),
        useful_links=lines("Care http://example.com"),
    ),
    "library_refuses_too_many_lines": lambda scene: library_refuses(
        scene,
        library.read_product,
        problems=lines(*["Too firm: it softens"] * 11),
        useful_links=lines(*["Care https://example.com"] * 21),
    ),
    "library_refuses_days_and_lengths": lambda scene: library_refuses(
        scene,
        library.read_product,
        problems=lines("366 days: too firm: it softens"),
        useful_links=lines("Care https://example.com/" + "x" * 3_000),
    ),
    "library_refuses_a_card_number": lambda scene: library_refuses(
        scene, library.read_product, product_name={"value": "4111 1111 1111 1111"}
    ),
    "library_refuses_half_a_right": lambda scene: library_refuses(
        scene, library.read_team, withdrawal_days={"value": "366"}, story_months={"value": "12"}
    ),
    "library_refuses_months": lambda scene: library_refuses(scene, library.read_team, story_months={"value": "61"}),
    "library_refuses_a_kind_that_is_long": lambda scene: refuses_kinds(scene, "", "Young families " * 6),
    "library_refuses_a_kind_twice": lambda scene: refuses_kinds(scene, "A bakery", "", "a  BAKERY"),
    "library_refuses_too_many_kinds": lambda scene: refuses_kinds(scene, *(f"Shop {number}" for number in range(21))),
    "library_refuses_a_reason_that_is_long": lambda scene: refuses_reasons(scene, "", "Young families " * 3),
    "library_refuses_a_reason_twice": lambda scene: refuses_reasons(scene, "A young family", "", "a  young FAMILY"),
    "library_refuses_too_many_reasons": lambda scene: refuses_reasons(scene, *(f"Why {n}" for n in range(31))),
    "library_refuses_a_currency": lambda scene: library_refuses(
        scene, library.read_team, story_months={"value": "12"}, team_currency={"value": "Some groats"}
    ),
    "library_refuses_a_verifier": lambda scene: {
        "response_action": "errors",
        "errors": library.nobody_there(scene.voice).errors,
    },
    "library_refuses_a_booking_link": lambda scene: library_refuses(
        scene, settings.read_settings, booking_link={"value": "example.com/rosa"}
    ),
}
