"""The states of the record and of exports: as the specimens have them, so that nothing is made up twice."""

from collections.abc import Callable, Mapping
from functools import partial

from bot.coaching.figures import Filters
from bot.surfaces import exports, made_up, record
from bot.surfaces.forms import Refused
from bot.surfaces.record_specimens import recorded
from bot.surfaces.saves import FIRST, LAST
from bot.surfaces.stage import Stage
from bot.surfaces.summary_specimens import weeks
from tests.surfaces.scenes import NOW, Built, Scene, specimen, submission

NAMES = (
    "history",
    "history, long",
    "history, longer",
    "history of an open case",
    "form correct sale",
    "form correct appointment",
    "form customer",
    "customers found",
    "customers found, none",
    "card forgotten",
    "form forget, 1",
    "form forget, 2",
    "word forgotten, 1",
    "word forgotten, 2",
    "form export",
    "form export, no products",
    "figures for a manager",
    "export full, True, 5, 1000, done",
    "export full, False, 5, 1, done",
    "export full, False, 1, 1, on its way",
    "export full, False, 5, narrowed",
    "export full, True, 1, too large",
    "export full, given up",
    "word exporting, True",
    "word exporting, False",
    "comment of an export",
    "comment of a page",
)


def page(scene: Scene, week: str) -> Built:
    """The page as it is drawn, a line at a time."""
    figures = weeks(Stage(scene.voice, scene.books, ""))[week]
    tales = {1: made_up.match().tale}
    return {"lines": exports.page(scene.voice, figures, Filters(), scene.books, tales).splitlines()}


def nothing_corrected(scene: Scene) -> Built:
    read = record.read_correct(scene.voice, submission({}), NOW)
    assert isinstance(read, Refused)
    return read.errors


def nothing_to_export(scene: Scene) -> Built:
    days = {FIRST: {"selected_date": "2026-11-25"}, LAST: {"selected_date": "2026-11-20"}}
    read = exports.read(scene.voice, submission(days))
    assert isinstance(read, Refused)
    return read.errors


def state_of(name: str) -> str:
    """What the state of a specimen is called, and its golden file."""
    return name.replace(", ", "_").replace(" ", "_").replace("/", "_").replace("'", "").lower()


RECORDS: Mapping[str, Callable[[Scene], Built]] = {
    state_of(name): partial(specimen, family=recorded, name=name) for name in NAMES
}
RECORD_ANSWERS: Mapping[str, Callable[[Scene], Built]] = {
    "page_of_a_full_week": partial(page, week="full"),
    "page_of_a_quiet_week": partial(page, week="quiet"),
    "page_of_four": partial(page, week="of four"),
    "nothing_corrected": nothing_corrected,
    "nothing_to_export": nothing_to_export,
}
