"""The moves of a conversation: where each press leads. Pure: a case and its playbook in, the same case moved."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from bot.coaching.playbooks import Cause, Playbook
from bot.storage.models import Case


class Move(StrEnum):
    """What a rep can press while the customer talks."""

    NEXT = "next"
    BACK = "back"
    ANOTHER = "another"
    NO = "no"
    JUST_CANCEL = "just_cancel"
    WORRIED = "worried"
    CHANGED = "changed"
    COST = "cost"
    UNSURE = "unsure"


def _go(case: Case, step: str) -> None:
    case.variant = case.variant + 1 if step == case.step else 0
    case.step = step


def _next(case: Case, playbook: Playbook) -> None:
    _go(case, playbook.following(case.step, cause_of(case)))


def _back(case: Case, playbook: Playbook) -> None:
    before = case.came_from or ""
    case.came_from = None
    _go(case, before if before in playbook.steps else playbook.preceding(case.step, cause_of(case)))


def _another(case: Case, _playbook: Playbook) -> None:
    case.variant += 1


def _step_aside(case: Case, playbook: Playbook, step: str) -> None:
    if playbook.place(case.step, cause_of(case)) and not playbook.steps[case.step].gate:
        case.came_from = case.step
    _go(case, step)


def _no(case: Case, playbook: Playbook) -> None:
    """The first no earns one deeper question; the second ends the coaching (the method, parts A and D)."""
    case.noes += 1
    if case.noes > 1:
        let_go(case, playbook)
    else:
        _step_aside(case, playbook, playbook.deeper)


def let_go(case: Case, playbook: Playbook) -> None:
    """End the coaching for good: from here on the card only helps to part well."""
    case.letting_go = True
    _go(case, playbook.goodbye)


def _decide(cause: Cause) -> Callable[[Case, Playbook], None]:
    def decide(case: Case, playbook: Playbook) -> None:
        branch = playbook.branches[cause]
        returns = case.cause == cause and case.came_from in branch
        case.cause = cause
        _go(case, case.came_from if returns and case.came_from else branch[0])
        case.came_from = None

    return decide


def _cost(case: Case, playbook: Playbook) -> None:
    _step_aside(case, playbook, playbook.cost)


def _unsure(case: Case, playbook: Playbook) -> None:
    _step_aside(case, playbook, playbook.deeper)


_MOVES: Mapping[Move, Callable[[Case, Playbook], None]] = {
    Move.NEXT: _next,
    Move.BACK: _back,
    Move.ANOTHER: _another,
    Move.NO: _no,
    Move.JUST_CANCEL: let_go,
    Move.WORRIED: _decide(Cause.FEAR),
    Move.CHANGED: _decide(Cause.LEGITIMATE),
    Move.COST: _cost,
    Move.UNSURE: _unsure,
}


def make(move: Move, case: Case, playbook: Playbook) -> bool:
    """Make a move and say whether it was open. Once letting go or closed, only another way to say it is."""
    if (case.letting_go or case.outcome) and move is not Move.ANOTHER:
        return False
    _MOVES[move](case, playbook)
    return True


def cause_of(case: Case) -> Cause | None:
    """The cause as the playbook knows it."""
    return Cause(case.cause) if case.cause else None
