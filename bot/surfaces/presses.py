"""What can be pressed on a card: what the customer did comes first, the rarer things stand behind the dots."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from bot.coaching import moves
from bot.coaching.cases import Card
from bot.coaching.errors import Declined, Reason
from bot.coaching.matching import Tale
from bot.coaching.moves import Move
from bot.coaching.outcomes import UNCOUNTED, Outcome
from bot.coaching.playbooks import Cause
from bot.coaching.reminders import TaskKind
from bot.coaching.requests import Verdict
from bot.storage.models import Case
from bot.surfaces import blocks, ids
from bot.surfaces.blocks import Element
from bot.surfaces.ids import Ask
from bot.surfaces.words import Voice

_NUMBERS = 2
_A_DATE_MAY_FOLLOW = (Outcome.RESCHEDULED, Outcome.NO_SHOW, Outcome.NOT_NOW)
_PICKED = "/"
# More finds no room behind the dots.
_MORE_MOST = 5


@dataclass(frozen=True)
class Carried:
    """What a control of a card carries: what it asks for, of which case, as it stood when the card was drawn."""

    what: str
    case_id: int
    revision: int
    argument: str | None = None

    @classmethod
    def read(cls, value: str | None) -> Self:
        """Raises `Declined` for a button of a kind that is no longer made."""
        what, *numbers = (value or "").split(":", 3)
        if len(numbers) < _NUMBERS or not all(map(ids.is_number, numbers[:_NUMBERS])):
            raise Declined(Reason.GONE)
        return cls(what, int(numbers[0]), int(numbers[1]), numbers[2] if len(numbers) > _NUMBERS else None)

    @classmethod
    def of(cls, action_id: str, value: str | None) -> Self:
        """A date or an hour that was picked has no value of its own, so its control carries all of this in its id."""
        _, found, carried = action_id.partition(_PICKED)
        return cls.read(carried.partition(".")[0] if found else value)


def carries(case: Case, what: str, argument: int | str | None = None) -> str:
    """The value of a control, for `Carried.read`."""
    return ":".join(str(part) for part in (what, case.id, case.revision, argument) if part is not None)


def picker_id(case: Case, what: str, argument: int | None = None) -> str:
    """The id of a control that picks a date or an hour, for `Carried.of`."""
    name = what if argument is None else f"{what}_{argument}"
    return f"{ids.CASE_PRESS}.picked{_PICKED}{carries(case, what, argument)}.{name}"


def press(voice: Voice, case: Case, what: str, style: str | None = None) -> Element:
    """A button of a card."""
    return blocks.button(f"{ids.CASE_PRESS}.{what}", voice.label(f"press.{what}"), carries(case, what), style=style)


def story_block(case: Case) -> str:
    """The id of the block in which a rep looks up a story; `case_of` and `suggestions` find the case in it."""
    return f"{ids.CASE_PRESS}.story{_PICKED}{carries(case, Ask.FIND_STORY)}"


def case_of(block_id: str) -> int:
    """The case in whose card that block stands. Raises `Declined` as `Carried.read` does."""
    return Carried.read(block_id.partition(_PICKED)[2]).case_id


def suggestions(block_id: str, tales: Sequence[Tale]) -> Sequence[Element]:
    """Stories as the options of the menu in that block."""
    carried = block_id.partition(_PICKED)[2]
    return [
        {
            **blocks.option(tale.before, f"{carried}:{tale.id}"),
            "description": blocks.plain(blocks.cut(tale.turned, blocks.OPTION_MOST)),
        }
        for tale in tales
    ]


def in_conversation(voice: Voice, card: Card) -> Sequence[Element]:
    """About five in sight: what the customer did, or what came of a message."""
    case = card.case
    if case.letting_go:
        return _row(voice, card, *_letting_go(card))
    if case.writing:
        return _row(voice, card, *_in_writing(card))
    return _row(voice, card, *(_about_an_appointment(card) if card.is_appointment else _live(card)))


def after_an_outcome(voice: Voice, card: Card) -> Sequence[Element]:
    """What follows from how it ended, and the way back."""
    case = card.case
    uncounted = case.outcome in UNCOUNTED
    parted = (
        case.in_touch is None
        and not card.left_alone
        and case.outcome in (Outcome.LEFT, Outcome.NOT_NOW, Outcome.MISFIT)
    )
    to_carry_out = any(task.kind == TaskKind.CARRY_OUT for task in card.tasks)
    whats = [
        *([Ask.STAYING, Ask.LEAVING] if case.outcome == Outcome.COOL_OFF else []),
        *([Ask.NEW_DATE] if card.is_appointment and case.outcome in _A_DATE_MAY_FOLLOW else []),
        *([Ask.NOT_NOW] if case.outcome == Outcome.NO_SHOW else []),
        *([Ask.CARRIED_OUT] if to_carry_out else []),
        *([Ask.IN_TOUCH, Ask.LEAVE_ALONE] if parted else []),
        Ask.UNDO,
        *([] if uncounted else [Ask.DETAILS]),
        *([Ask.SOFT_YES] if card.stayed and not case.soft_yes else []),
        *([Ask.STORY] if card.stayed and not case.gave_story and not case.made_up else []),
        *([Ask.COLLEAGUE] if case.outcome == Outcome.COOL_OFF else []),
    ]
    return [*(press(voice, case, what) for what in whats), _more(voice, case, [Ask.HISTORY])]


def card_menu(voice: Voice, card: Card) -> Element:
    """What the rep does with the card itself."""
    case = card.case
    lines = "show_lines" if card.member.cues_only else "hide_lines"
    options = {
        Move.ANOTHER: voice.label("press.another"),
        Move.BACK: voice.label("press.back"),
        Ask.DETAILS: voice.label("press.details"),
        Ask.HUSH: voice.label(f"press.{lines}"),
        Ask.LEAVE_OUT: voice.label("press.leave_out"),
    }
    if card.first or case.letting_go:
        del options[Move.BACK]
    return blocks.overflow(
        f"{ids.CASE_PRESS}.menu", [blocks.option(label, carries(case, what)) for what, label in options.items()]
    )


_Row = tuple[Sequence[str], Sequence[str]]


def _row(voice: Voice, card: Card, whats: Sequence[str], more: Sequence[str]) -> Sequence[Element]:
    """Buttons, of which the first is the one to expect, and the menu with the rarer things."""
    case = card.case
    likely = None if not case.letting_go and _is_gate(card) else "primary"
    buttons = [press(voice, case, what, None if turn else likely) for turn, what in enumerate(whats)]
    until = case.waiting_until.isoformat() if card.waits and case.waiting_until else None
    date = [blocks.date_picker(picker_id(case, Ask.WAIT_UNTIL), until)] if until else []
    history = [Ask.HISTORY] if len(more) < _MORE_MOST else []
    return [*buttons, *date, _more(voice, case, [*more, *history])]


def _more(voice: Voice, case: Case, whats: Sequence[str]) -> Element:
    """The rarer things, behind the dots."""
    options = [blocks.option(voice.label(f"press.{what}"), carries(case, what)) for what in whats]
    return blocks.overflow(f"{ids.CASE_PRESS}.more", options)


def _letting_go(card: Card) -> _Row:
    if card.is_appointment:
        return [Ask.NOT_NOW, Ask.MISFIT], [Ask.NEW_DATE, Ask.NO_SHOW, Ask.COLLEAGUE]
    return [Ask.LEAVING, Ask.STAYING], [Ask.COOL_OFF, Ask.COLLEAGUE]


def _in_writing(card: Card) -> _Row:
    step = card.playbook.steps[card.case.step]
    ends = [Ask.NEW_DATE, Ask.NOT_NOW] if card.is_appointment else [Ask.STAYING, Ask.LEAVING]
    rare = [Ask.MISFIT, Ask.NO_SHOW] if card.is_appointment else []
    if card.waits:
        return [Move.ANSWERED, Move.CALLED, Move.RATHER_NOT], [*ends, *rare, Ask.COLLEAGUE]
    practical = card.playbook.help and card.playbook.help not in (step.key, step.beside)
    whats = [
        *([Ask.AGREE] if _may_agree(card) else []),
        *([Ask.SENT] if step.write else []),
        Move.CALLED,
        *([Move.PRACTICAL] if practical else []),
        Move.RATHER_NOT,
    ]
    steps = [Ask.STEPS] if card.first else []
    return whats, [*ends, *rare[: 2 - len(steps)], *steps, Ask.COLLEAGUE]


def _about_an_appointment(card: Card) -> _Row:
    way = _onward(card)
    return (
        [*way, Ask.NEW_DATE, Ask.NOT_NOW, Move.NO],
        [Ask.MISFIT, Ask.NO_SHOW, Move.JUST_CANCEL, Ask.COLLEAGUE],
    )


def _live(card: Card) -> _Row:
    playbook, step = card.playbook, card.playbook.steps[card.case.step]
    if step.gate:
        causes = [Move.WORRIED, Move.CHANGED, *([] if step.key == playbook.cost else [Move.COST]), Move.UNSURE]
        return [*causes, Move.NO], [Move.JUST_CANCEL, Ask.STAYING, Ask.LEAVING, Ask.COOL_OFF, Ask.COLLEAGUE]
    helps = card.case.cause == Cause.FEAR and playbook.help not in (None, step.key, step.beside)
    more = [Move.JUST_CANCEL, Ask.COOL_OFF, *([Move.HELP] if helps else []), Ask.COLLEAGUE]
    if _may_agree(card):
        return [Ask.AGREE, Move.NO, Ask.STAYING, Ask.LEAVING], more
    way = _onward(card)
    ends = [Move.NO, Ask.STAYING, Ask.LEAVING]
    return ([*way, *ends] if way else [Ask.STAYING, Move.NO, Ask.LEAVING]), more


def _may_agree(card: Card) -> bool:
    """Whether the remedy at hand can be agreed on; where less of it was offered, taking that has its own button."""
    step, approval = card.playbook.steps[card.case.step], card.approval
    offered_less = approval is not None and approval.verdict == Verdict.LESS and approval.key == step.key
    return step.follow is not None and card.policy.offered and not card.had and not offered_less


def _onward(card: Card) -> Sequence[str]:
    """The way on: nothing after the last step, and back to where the conversation was from beside it."""
    playbook, case = card.playbook, card.case
    cause = moves.cause_of(case)
    if not playbook.place(case.step, cause):
        return [Move.BACK] if case.came_from else []
    return [] if playbook.route(cause)[-1] == case.step else [Move.NEXT]


def _is_gate(card: Card) -> bool:
    return card.playbook.steps[card.case.step].gate and not card.case.writing
