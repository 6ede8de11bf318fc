"""The moves of a conversation: where each press leads. Pure: a case and its playbook in, the same case moved."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from bot.coaching.playbooks import Cause, Follow, Playbook, Step
from bot.storage.models import Case


class Move(StrEnum):
    """What a rep can press while the customer talks, or has written."""

    NEXT = "next"
    BACK = "back"
    ANOTHER = "another"
    NO = "no"
    JUST_CANCEL = "just_cancel"
    WORRIED = "worried"
    CHANGED = "changed"
    COST = "cost"
    UNSURE = "unsure"
    HELP = "help"
    PRACTICAL = "practical"
    ANSWERED = "answered"
    CALLED = "called"
    RATHER_NOT = "rather_not"


def _go(case: Case, step: str) -> None:
    case.variant = case.variant + 1 if step == case.step else 0
    case.step = step


def _next(case: Case, playbook: Playbook) -> None:
    _go(case, playbook.following(case.step, cause_of(case)))


def _back(case: Case, playbook: Playbook) -> None:
    if case.waiting_until:
        case.waiting_until = None
        return
    step = playbook.steps[case.step]
    if step.follow and step.beside:
        _go(case, step.beside)
        return
    before = case.came_from or (playbook.reply if case.writing else None) or ""
    case.came_from = None
    _go(case, before if before in playbook.steps else playbook.preceding(case.step, cause_of(case)))


def _another(case: Case, _playbook: Playbook) -> None:
    case.variant += 1


def _step_aside(case: Case, playbook: Playbook, step: str | None) -> None:
    if step is None:
        return
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
    case.letting_go, case.lost_at = True, case.came_from or case.step
    case.waiting_until = None
    _go(case, playbook.parting)


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


def _help(case: Case, playbook: Playbook) -> None:
    _step_aside(case, playbook, playbook.help)


def _practical(case: Case, playbook: Playbook) -> None:
    """A practical reason may get its remedies in writing (the method, part B)."""
    case.cause, case.waiting_until, case.came_from = Cause.LEGITIMATE, None, case.step
    _go(case, playbook.help or case.step)


def _answered(case: Case, playbook: Playbook) -> None:
    case.waiting_until = None
    _go(case, playbook.answered or case.step)


def _called(case: Case, playbook: Playbook) -> None:
    """From writing to talking: the live playbook, from its beginning."""
    begin(case, playbook, case.heard_through, writing=False)


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
    Move.HELP: _help,
    Move.PRACTICAL: _practical,
    Move.ANSWERED: _answered,
    Move.CALLED: _called,
    Move.RATHER_NOT: let_go,
}


_NEEDS_BRANCHES = frozenset({Move.WORRIED, Move.CHANGED})


def begin(case: Case, playbook: Playbook, heard_through: str | None, *, writing: bool) -> None:
    """Stand at the first step, live or in writing; nothing that was decided before holds any more."""
    case.kind, case.playbook, case.heard_through = playbook.kind, playbook.name, heard_through
    case.writing = writing and playbook.reply is not None
    case.step = playbook.reply if case.writing and playbook.reply else playbook.start[0]
    case.variant = 0
    case.cause = case.came_from = case.waiting_until = None


def make(move: Move, case: Case, playbook: Playbook) -> bool:
    """Make a move and say whether it was open. Once letting go or closed, only another way to say it is."""
    if (case.letting_go or case.outcome) and move is not Move.ANOTHER:
        return False
    if move in _NEEDS_BRANCHES and not all(playbook.branches.values()):
        return False
    _MOVES[move](case, playbook)
    return True


def choose(case: Case, remedy: str) -> None:
    """Turn to one of the remedies at hand."""
    _go(case, remedy)


def after_agreeing(case: Case, playbook: Playbook) -> None:
    """Say it back; where the conversation was beside its way, as in a worry, go on where it was."""
    if playbook.place(case.step, cause_of(case)):
        _next(case, playbook)
    else:
        before = case.came_from or ""
        case.came_from = None
        _go(case, before if before in playbook.steps else playbook.route(Cause.LEGITIMATE)[-1])


def open_remedies(case: Case, playbook: Playbook) -> list[Step]:
    """What may be offered: while the cause is a worry no discount is, since a lower price settles no doubt."""
    shut = case.cause == Cause.FEAR
    return [each for each in playbook.remedies() if not (shut and each.follow is Follow.DISCOUNT)]


def cause_of(case: Case) -> Cause | None:
    """The cause as the playbook knows it."""
    return Cause(case.cause) if case.cause else None
