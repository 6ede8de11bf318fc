"""The states of the Home beside its lists, and of what is said to whoever is new: as the specimens have them."""

from collections.abc import Callable, Mapping
from functools import partial

from bot.surfaces.home_specimens import homes_told
from tests.surfaces.record_states import state_of
from tests.surfaces.scenes import Built, Scene, specimen

NAMES = (
    "home of somebody new",
    "home of a busy week, amid the pages",
    "home of a week that has just begun",
    "home of a manager, with requests",
    "home of a manager, with the team's alone",
    "welcome, True",
    "welcome, False",
    "welcome after a case",
    "no more tips",
    "made-up customer on the way",
    "help of all",
    "help, many managers",
    "help without managers",
    "card sale/empathise, made up",
    "card sale/mission, made up",
    "form message, 0",
    "form message, 1",
    "form message, 13",
    "form message, direct",
    "form message, not_in_it",
    "form message, a long one",
    "form message, closed before",
    "card of a message, True, True",
    "card of a message, False, True",
    "card of a message, True, False",
    "post claim",
    "word on a colleague's case",
    "card beside one of a colleague",
    "card beside one of several",
    "card beside one of many",
    "card beside one's own",
)
HOMES: Mapping[str, Callable[[Scene], Built]] = {
    state_of(name): partial(specimen, family=homes_told, name=name) for name in NAMES
}
