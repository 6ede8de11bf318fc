"""The stage of the specimens: what a specimen is, and the made-up cards that several kinds of them share."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, ParamSpec

from jinja2 import TemplateError

from bot.coaching import calendar
from bot.coaching.cases import Card
from bot.coaching.languages import FALLBACK
from bot.coaching.ledger import STORY
from bot.coaching.playbooks import Kind, Playbook, line
from bot.storage.models import Mission
from bot.surfaces import (
    cases,
    made_up,
)
from bot.surfaces.blocks import Message, View
from bot.surfaces.lines import facts
from bot.surfaces.words import Voice

P = ParamSpec("P")


class Specimen(NamedTuple):
    """A surface by its name, with the playbook and the step whose lines it shows, if any, and in which language.

    One whose words cannot be filled in has nothing `built`, and its `fault` says why.
    """

    name: str
    built: Message | View
    playbook: str | None = None
    step: str | None = None
    fault: str | None = None
    language: str = FALLBACK

    @property
    def is_view(self) -> bool:
        """Whether it is a modal or a Home; all else are messages."""
        return "type" in self.built


def show(name: str, build: Callable[P, Message | View], /, *args: P.args, **kwargs: P.kwargs) -> Specimen:
    try:
        return Specimen(name, build(*args, **kwargs))
    except (TemplateError, LookupError, TypeError, ValueError) as error:
        return Specimen(name, {}, fault=f"{type(error).__name__}: {error}")


@dataclass(frozen=True)
class Stage:
    """How the made-up people are spoken to, and by which playbooks."""

    voice: Voice
    books: Mapping[str, Playbook]
    prefix: str

    @property
    def worked(self) -> Sequence[Playbook]:
        """The playbooks of cases."""
        return [book for book in self.books.values() if book.kind is not Kind.SOLIDIFY]

    def card(self, book: Playbook, step: str, **given: object) -> Card:
        """The card of a case at a step; what is `given` is the case's."""
        return Card(
            made_up.case(book, step, **given),
            made_up.customer(),
            made_up.member(),
            book,
            mission=Mission(
                team_id=made_up.TEAM, id=1, words=made_up.TYPED, heard_by=made_up.REP, heard_at=made_up.NOW
            ),
            story=made_up.match() if book.steps[step].brings == STORY else None,
            team=made_up.team(),
            slots=calendar.two_times(made_up.NOW, self.voice.zone) if book.kind is Kind.APPOINTMENT else (),
            choices={each.name: each.title for each in self.worked},
        )

    def cards(self, name: str, card: Card) -> Iterator[Specimen]:
        """A card in the first words of its step, and in the longest where those are others."""
        for variant in self._variants(card):
            card.case.variant = variant
            told = f"{name}, in its longest words" if variant else name
            shown = show(told, cases.card, self.voice, card)
            yield shown._replace(playbook=card.playbook.name, step=card.step.key)

    def _variants(self, card: Card) -> Sequence[int]:
        step, known = card.step, facts(self.voice, card)

        def length(variant: int) -> int:
            return sum(len(line(lines, variant, known) or "") for lines in (step.say, step.ask))

        longest = max(range(max(len(step.say), 1) * max(len(step.ask), 1)), key=length)
        return sorted({0, longest})
