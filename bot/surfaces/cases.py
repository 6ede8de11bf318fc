"""The card of a case: one line to say, one to ask, what to listen for, and about five things to press."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from bot.coaching import customers
from bot.coaching.cases import Card, Notice
from bot.coaching.customers import Known, Past
from bot.coaching.errors import Declined, Reason
from bot.coaching.moves import Move
from bot.coaching.outcomes import UNCOUNTED, Outcome
from bot.coaching.playbooks import Cause
from bot.coaching.reminders import TaskKind
from bot.storage.models import Case, Mission, Task
from bot.surfaces import blocks, ids
from bot.surfaces.blocks import Block, Element, Message
from bot.surfaces.ids import Ask
from bot.surfaces.words import Voice, person

_NAMESAKES_MOST = 4
_PAST_MOST = 3
_NUMBERS = 2
_CHOICES_LEAST = 2


def card(voice: Voice, card: Card) -> Message:
    """The card as it stands, for the answer to a command, a redraw, or the copy in the DM."""
    parts = [
        [blocks.header(card.name or voice.label("case.unnamed_title"))],
        _notice(voice, card.notice),
        _namesakes(voice, card),
        _past(voice, card),
        _outcome(voice, card) if card.case.outcome else _conversation(voice, card),
    ]
    return blocks.message(_spoken(voice, card), [block for part in parts for block in part])


def named(voice: Voice, name: str | None) -> str:
    """The customer's name as typed, or what stands for it in a sentence while there is none."""
    return name or voice.label("case.unnamed")


def outcome_of(voice: Voice, case: Case) -> str:
    """How a case stands, in a word or two."""
    return voice.label(f"outcome.{case.outcome or 'open'}")


def promised(voice: Voice, task: Task) -> str:
    """A promise and its day: "Check-in call, Tue, Dec 1"."""
    return f"{voice.label(f'task.{task.kind}')}, {voice.day(task.due_at)}"


def open_card(voice: Voice, place: str, case_id: int, label: str = "open") -> Element:
    """A button that brings a case's card; `place` tells it from others of its kind on one surface."""
    return blocks.button(f"{ids.CASE_RESUME}.{place}", voice.label(f"press.{label}"), str(case_id))


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
        if len(numbers) < _NUMBERS or not all(number.isdecimal() for number in numbers[:_NUMBERS]):
            raise Declined(Reason.GONE)
        return cls(what, int(numbers[0]), int(numbers[1]), numbers[2] if len(numbers) > _NUMBERS else None)


def carries(case: Case, what: str, argument: int | str | None = None) -> str:
    """The value of a control, for `Carried.read`."""
    return ":".join(str(part) for part in (what, case.id, case.revision, argument) if part is not None)


def _spoken(voice: Voice, card: Card) -> str:
    step, case = card.step, card.case
    return voice.text(
        "cases/spoken",
        name=person(named(voice, card.name)),
        notice=voice.label(f"notice.{card.notice}") if card.notice else None,
        namesakes=bool(card.namesakes),
        pasts=_pasts(voice, card),
        outcome=outcome_of(voice, case) if case.outcome else None,
        place=card.place,
        title=step.title,
        mission=card.mission.words if card.mission else None,
        say=None if case.outcome in UNCOUNTED else step.line(step.say, case.variant),
        ask=step.line(step.ask, case.variant),
        listen=[] if case.soft_yes else step.listen,
        remedies=step.remedies,
        cues_only=card.member.cues_only,
        tasks=[promised(voice, task) for task in card.tasks],
    )


def _notice(voice: Voice, notice: Notice | None) -> Sequence[Block]:
    return [blocks.context(voice.text("cases/notice", notice=voice.label(f"notice.{notice}")))] if notice else []


def _conversation(voice: Voice, card: Card) -> Sequence[Block]:
    step = card.step
    parts = [
        _attitude(voice, card) if card.first else [],
        [blocks.section(voice.text("cases/step", place=card.place, step=step), _card_menu(voice, card))],
        _mission(voice, card.mission) if card.mission else [],
        _lines(voice, card),
        _field(voice, card, step.field),
        [blocks.actions(ids.CASE_PRESS, _presses(voice, card))],
    ]
    return [block for part in parts for block in part]


def _attitude(voice: Voice, card: Card) -> Sequence[Block]:
    """The thought that comes first, and beside it the playbook that was taken, to be changed in one press."""
    case, lines = card.case, card.playbook.attitude
    text = voice.text("cases/attitude", attitude=_line(lines, case.id or 0) if lines else card.playbook.title)
    if len(card.choices) < _CHOICES_LEAST:
        return [blocks.context(text)]
    options = {carries(case, Ask.SWITCH, name): title for name, title in card.choices.items()}
    chosen = carries(case, Ask.SWITCH, card.playbook.name)
    picker = blocks.select(
        f"{ids.CASE_PRESS}.{Ask.SWITCH}", blocks.options_of(options), chosen, voice.label("placeholder.playbook")
    )
    return [blocks.section(text, picker)]


def _line(lines: Sequence[str], turn: int) -> str:
    return lines[turn % len(lines)]


def _lines(voice: Voice, card: Card) -> Sequence[Block]:
    step, variant = card.step, card.case.variant
    spoken = (
        []
        if card.member.cues_only
        else [
            blocks.section(
                voice.text("cases/lines", say=step.line(step.say, variant), ask=step.line(step.ask, variant))
            )
        ]
    )
    # The cue after a save is about a soft yes: once it is known to be one, there is nothing left to listen for.
    cues = [] if card.case.soft_yes else step.listen
    listen = [blocks.context(voice.text("cases/listen", cues=cues))] if cues else []
    helps = voice.text("cases/remedies", remedies=step.remedies, cues_only=card.member.cues_only)
    return [*spoken, *listen, *([blocks.section(helps)] if step.remedies else [])]


def _mission(voice: Voice, mission: Mission) -> Sequence[Block]:
    return [
        blocks.section(
            voice.text(
                "cases/mission",
                words=mission.words,
                day=voice.day_and_year(mission.heard_at),
                heard_by=mission.heard_by,
            )
        )
    ]


def _field(voice: Voice, card: Card, name: str | None) -> Sequence[Block]:
    """The step's own field. Its id changes with the case, so that Slack shows what is kept."""
    if not name:
        return []
    typed = blocks.text_input(
        f"{ids.WORDS}.{name}",
        card.case.words.get(name),
        placeholder=voice.label(f"placeholder.{name}"),
        lines=True,
    )
    return [blocks.field(f"{ids.WORDS}.{name}.{card.case.revision}", voice.label(f"field.{name}"), typed)]


def _press(voice: Voice, case: Case, what: str, style: str | None = None) -> Element:
    return blocks.button(f"{ids.CASE_PRESS}.{what}", voice.label(f"press.{what}"), carries(case, what), style=style)


def _menu(voice: Voice, case: Case, name: str, whats: Sequence[str]) -> Element:
    options = [blocks.option(voice.label(f"press.{what}"), carries(case, what)) for what in whats]
    return blocks.overflow(f"{ids.CASE_PRESS}.{name}", options)


def _presses(voice: Voice, card: Card) -> Sequence[Element]:
    """What the customer did: about five in sight, the rarer ones behind the dots."""
    case, step = card.case, card.playbook.steps[card.case.step]
    if case.letting_go:
        return [
            _press(voice, case, Ask.LEAVING, "primary"),
            _press(voice, case, Ask.STAYING),
            _menu(voice, case, "more", [Ask.COOL_OFF, Ask.DETAILS]),
        ]
    if step.gate:
        causes = [Move.WORRIED, Move.CHANGED, *([] if step.key == card.playbook.cost else [Move.COST]), Move.UNSURE]
        return [
            *(_press(voice, case, cause) for cause in causes),
            _press(voice, case, Move.NO),
            _menu(voice, case, "more", [Move.JUST_CANCEL, Ask.STAYING, Ask.LEAVING, Ask.COOL_OFF]),
        ]
    last = card.playbook.route(Cause(case.cause) if case.cause else None)[-1] == step.key
    return [
        *([] if last else [_press(voice, case, Move.NEXT, "primary")]),
        _press(voice, case, Move.NO),
        _press(voice, case, Ask.STAYING, "primary" if last else None),
        _press(voice, case, Ask.LEAVING),
        _menu(voice, case, "more", [Move.JUST_CANCEL, Ask.COOL_OFF]),
    ]


def _card_menu(voice: Voice, card: Card) -> Element:
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


def _outcome(voice: Voice, card: Card) -> Sequence[Block]:
    """What was recorded, what follows from it, and the last kind line."""
    case = card.case
    uncounted = case.outcome in UNCOUNTED
    cooling = case.outcome == Outcome.COOL_OFF
    to_carry_out = any(task.kind == TaskKind.CARRY_OUT for task in card.tasks)
    presses = [
        *([_press(voice, case, Ask.STAYING), _press(voice, case, Ask.LEAVING)] if cooling else []),
        *([_press(voice, case, Ask.CARRIED_OUT)] if to_carry_out else []),
        _press(voice, case, Ask.UNDO),
        *([] if uncounted else [_press(voice, case, Ask.DETAILS)]),
        *([_press(voice, case, Ask.SOFT_YES)] if card.stayed and not case.soft_yes else []),
    ]
    recorded = voice.text(
        "cases/outcome",
        name=person(named(voice, card.name)),
        kind="stayed" if card.stayed else case.outcome,
        way=None if case.outcome == Outcome.SAVED else outcome_of(voice, case),
        soft=case.soft_yes,
        tasks=[promised(voice, task) for task in card.tasks],
    )
    lines = [] if uncounted else _lines(voice, card)
    return [blocks.section(recorded), *lines, blocks.actions(ids.CASE_PRESS, presses)]


def _past(voice: Voice, card: Card) -> Sequence[Block]:
    pasts = _pasts(voice, card)
    if not pasts:
        return []
    someone_else = blocks.button(
        f"{ids.CASE_PRESS}.someone_else", voice.label("press.someone_else"), carries(card.case, Ask.IDENTIFY)
    )
    return [blocks.section(voice.text("cases/past", pasts=pasts), someone_else)]


def _pasts(voice: Voice, card: Card) -> Sequence[Mapping[str, object]]:
    """Earlier cancellations, told on the first card only."""
    told = card.history if card.first and card.history else ()
    return [_past_facts(voice, card, past) for past in told[:_PAST_MOST]]


def _past_facts(voice: Voice, card: Card, past: Past) -> dict[str, object]:
    case = past.case
    offered = {remedy.key: remedy.label for remedy in card.playbook.remedies()}
    return {
        "day": voice.day_and_year(case.opened_at),
        "outcome": outcome_of(voice, case),
        "reason": voice.label(f"reason.{case.reason}") if case.reason else None,
        "given": offered.get(case.remedy or "", case.remedy),
        "tasks": [{"what": promised(voice, task), "done": task.done_at is not None} for task in past.tasks],
    }


def _namesakes(voice: Voice, card: Card) -> Sequence[Block]:
    """Several customers of one name: the rep picks, and the conversation waits for none of it."""
    if not card.namesakes:
        return []
    known = card.namesakes[:_NAMESAKES_MOST]
    buttons = [
        blocks.button(
            f"{ids.CASE_PRESS}.identify.{turn}",
            blocks.cut(_namesake(voice, each), blocks.OPTION_MOST),
            carries(card.case, Ask.IDENTIFY, customers.id_of(each.customer)),
        )
        for turn, each in enumerate(known)
    ]
    nobody = blocks.button(
        f"{ids.CASE_PRESS}.identify.new", voice.label("press.someone_new"), carries(card.case, Ask.IDENTIFY)
    )
    asked = voice.text("cases/namesakes", name=person(named(voice, card.name)), over=card.case.outcome is not None)
    return [blocks.section(asked), blocks.actions(f"{ids.CASE_PRESS}.namesakes", [*buttons, nobody])]


def _namesake(voice: Voice, known: Known) -> str:
    """What tells a namesake apart: the last thing that happened, or since when we know them."""
    if not known.past:
        return voice.label("case.known_since").format(day=voice.day_and_year(known.customer.created_at))
    last = known.past[0].case
    told = (voice.day_and_year(last.opened_at), outcome_of(voice, last), last.product)
    return ", ".join(part for part in told if part)
