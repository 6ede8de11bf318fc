"""What somebody reads when their gesture did not do what it asks: why, what to do next, and where the log has it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.coaching.errors import Reason
from bot.surfaces import blocks, ids
from bot.surfaces.blocks import Block, Message, View
from bot.surfaces.manifest import command_of
from bot.surfaces.words import Voice, unescape


@dataclass(frozen=True)
class Problem:
    """What happened and what helps, and under which reference it is found."""

    says: str
    reference: str


def declined(voice: Voice, reason: Reason, reference: str, prefix: str) -> Problem:
    """Something was understood, and not carried out."""
    command = command_of(prefix, ids.CANCEL)
    return _problem(voice, voice.text(f"errors/{reason}", command=command), reference)


def unexpected(voice: Voice, reference: str, support: str) -> Problem:
    """Something broke; `support` is where help is to be had, or empty."""
    return _problem(voice, voice.text("errors/unexpected", support=support), reference)


def _problem(voice: Voice, says: str, reference: str) -> Problem:
    return Problem(says, voice.text("errors/reference", reference=reference))


def message(problem: Problem) -> Message:
    """As an answer in a conversation."""
    return blocks.message(_blocks(problem))


def sheet(voice: Voice, problem: Problem) -> View:
    """Over the Home or a form, which have no place for an answer."""
    return blocks.sheet(voice.label("form.problem_title"), voice.label("form.understood"), _blocks(problem))


def _blocks(problem: Problem) -> Sequence[Block]:
    return [blocks.section(problem.says), blocks.context(problem.reference)]


def beside_field(problem: Problem) -> str:
    """In a form, where nothing is formatted."""
    return unescape(f"{problem.says} {problem.reference}".replace("`", "").replace("*", ""))
