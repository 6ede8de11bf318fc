"""The states of the figures: as the specimens have them, so that nothing is made up twice."""

from collections.abc import Callable, Mapping
from functools import partial

from bot.surfaces import channels, saves
from bot.surfaces.channels import ChannelTrouble
from bot.surfaces.forms import Refused
from bot.surfaces.summary_specimens import summaries_told
from tests.surfaces.scenes import Built, Scene, specimen, submission

WEEKS = ("full", "few", "of four", "quiet", "of nothing")
NAMES = (
    *(f"summary of a week {week}, drawn" for week in WEEKS),
    *(f"thread of a week {week}, drawn" for week in WEEKS),
    "summary of a week full",
    "thread of a week full",
    "figures of a week few",
    "figures of a week few, just shared",
    "figures of a week full, shared",
    "figures of a month few, shared",
    "figures of a month quiet, shared",
    "summary with all given away",
    "summary with one check",
    "summary with one that takes time",
    "summary with answers awaited",
    "one thing, discounts",
    "one thing, reasons",
    "one thing, held",
    "one thing, step",
    "form subscribe",
    "form subscribe, set before",
    "form preview",
    "form dates",
    "summary announced",
    "help of saves",
    "summary ended",
    "word not_in_channel",
    "word switched_on",
)


def nothing_chosen(scene: Scene) -> Built:
    read = saves.read_wish(scene.voice, submission({}))
    assert isinstance(read, Refused)
    return read.errors


def dates_refused(scene: Scene) -> Built:
    return [saves.refused_dates(scene.voice, each).errors for each in ("backwards", "too_long", "too_far")]


def channels_refused(scene: Scene) -> Built:
    return [channels.refused(scene.voice, {saves.CHANNEL: each}).errors for each in ChannelTrouble]


def _state(name: str) -> str:
    return name.replace(", ", "_").replace(" ", "_")


SUMMARIES: Mapping[str, Callable[[Scene], Built]] = {
    _state(name): partial(specimen, family=summaries_told, name=name) for name in NAMES
}
SUMMARY_ANSWERS: Mapping[str, Callable[[Scene], Built]] = {
    "summary_nothing_chosen": nothing_chosen,
    "summary_dates_refused": dates_refused,
    "summary_channels_refused": channels_refused,
}
