"""Who manages the team, as the specimens have it."""

from collections.abc import Callable, Mapping
from functools import partial

from bot.surfaces import roles
from bot.surfaces.forms import Refused
from bot.surfaces.role_specimens import who_manages
from tests.surfaces.scenes import Built, Scene, specimen, submission

NAMES = (
    "managers alone",
    "managers with others",
    *(f"asked to manage, {each}" for each in ("waits", "accepted", "declined", "taken back", "taken out")),
    "asked to manage, left with the group",
    "asked to manage, left before an answer",
    "has asked both, False",
    "stepped down",
    "taken on",
)


def nobody_chosen(scene: Scene) -> Built:
    read = roles.read(scene.voice, submission({}))
    assert isinstance(read, Refused)
    return read.errors


ROLES: Mapping[str, Callable[[Scene], Built]] = {
    name.replace(", ", "_").replace(" ", "_"): partial(specimen, family=who_manages, name=name) for name in NAMES
}
ROLE_ANSWERS: Mapping[str, Callable[[Scene], Built]] = {
    "managers_nobody_chosen": nobody_chosen,
    "managers_no_colleague": lambda scene: roles.nobody_there(scene.voice).errors,
}
