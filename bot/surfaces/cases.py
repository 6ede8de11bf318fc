"""The card of a case: one line to say, one to ask, what to listen for, and about five things to press."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.coaching import customers, policies, reasons, record, tellings
from bot.coaching.cases import HANDED, HEARD_THROUGH, Card, Notice
from bot.coaching.colleagues import Handed
from bot.coaching.customers import Known, Past
from bot.coaching.ledger import STORY
from bot.coaching.matching import Match
from bot.coaching.meanwhile import Meeting
from bot.coaching.outcomes import UNCOUNTED, Outcome
from bot.coaching.playbooks import Cause, Follow, Step
from bot.coaching.record import Event
from bot.coaching.reminders import ASKED_APART, TaskKind
from bot.coaching.sources import WROTE
from bot.storage.models import Case, Mission, Remedy, Sale, Task
from bot.surfaces import blocks, ids, lines, presses, requests
from bot.surfaces import reasons as called
from bot.surfaces.blocks import Block, Element, Message
from bot.surfaces.ids import Ask
from bot.surfaces.presses import carries
from bot.surfaces.words import Voice, few, link, person

_NAMESAKES_MOST = 4
_PAST_MOST = 3
_BY_PHONE = "phone"
_WORDS_MOST = 120
_WROTE_MOST = 600
# Steps that offer two times name the first of them somewhere.
_OFFERS_TIMES = "{first}"


def card(voice: Voice, card: Card) -> Message:
    """The card as it stands, for the answer to a command, a redraw, or the copy in the DM."""
    parts = [
        [blocks.header(card.name or voice.label("case.unnamed_title"))],
        _notice(voice, card.notice),
        _made_up(voice, card),
        _handed(voice, card),
        _namesakes(voice, card),
        _left_alone(voice, card),
        _meanwhile(voice, card),
        _past(voice, card),
        _outcome(voice, card) if card.case.outcome else _conversation(voice, card),
    ]
    return blocks.message([block for part in parts for block in part])


def met(voice: Voice, met: Meeting) -> Message:
    """A colleague has opened a case with the same customer."""
    text = voice.text("cases/met", name=person(named(voice, met.name)), other=met.other)
    return blocks.remark(text)


def handed_over(voice: Voice, handed: Handed, *, undo: bool) -> Message:
    """What stands in the place of a card that its rep has handed over."""
    case = handed.case
    text = voice.text("cases/handed_over", name=person(named(voice, handed.name)), to=case.rep_id)
    back = blocks.button(ids.CASE_TAKE_BACK, voice.label("press.take_case_back"), str(case.id))
    return blocks.message([blocks.section(text, back if undo else None)])


def forgotten(voice: Voice) -> Message:
    """What stands in the place of whatever was about somebody who is forgotten."""
    text = voice.text("cases/forgotten")
    return blocks.remark(text)


def left_behind(voice: Voice) -> Message:
    """What stands in the place of a card that has come again further down."""
    text = voice.text("cases/left_behind")
    return blocks.remark(text)


def named(voice: Voice, name: str | None) -> str:
    """The customer's name as typed, or what stands for it in a sentence while there is none."""
    return name or voice.label("case.unnamed")


def in_list(voice: Voice, name: str | None) -> str:
    """The customer's name as it begins a line of a list, or what stands there while there is none."""
    return person(name or voice.label("case.unnamed_in_list"))


def outcome_of(voice: Voice, case: Case) -> str:
    """How a case stands, in a word or two."""
    if case.waiting_until and not case.outcome:
        return voice.label("outcome.waiting")
    new_date = case.appointment_at and case.outcome == Outcome.RESCHEDULED
    return voice.label("outcome.new_date" if new_date else f"outcome.{case.outcome or 'open'}")


def promised(voice: Voice, task: Task) -> str:
    """A promise and its day: "Check-in call, Tue, Dec 1"."""
    return f"{voice.label(f'task.{task.kind}')}, {_when(voice, task)}"


def _when(voice: Voice, task: Task) -> str:
    """A day; for what has an hour of its own, that too."""
    return voice.moment(task.due_at) if task.kind == TaskKind.SESSION else voice.day(task.due_at)


def open_card(voice: Voice, place: str, case_id: int, name: str | None, label: str = "open") -> Element:
    """A button that brings a case's card; `place` and the customer's `name` tell it from others on one surface."""
    pressed = voice.label(f"press.{label}")
    return blocks.button(f"{ids.CASE_RESUME}.{place}", pressed, str(case_id), of=in_list(voice, name))


def _notice(voice: Voice, notice: Notice | None) -> Sequence[Block]:
    return [blocks.context(voice.text("cases/notice", notice=voice.label(f"notice.{notice}")))] if notice else []


def _made_up(voice: Voice, card: Card) -> Sequence[Block]:
    return [blocks.context(voice.text("cases/made_up"))] if card.case.made_up else []


def _handed(voice: Voice, card: Card) -> Sequence[Block]:
    """The story so far, for whoever was just handed the case; it goes with their first press."""
    case = card.case
    if case.handed_at is None or case.handed_at != case.touched_at:
        return []
    told = voice.text(
        "cases/handed",
        by=case.handed_by,
        note=case.words.get(HANDED),
        cause=voice.label(f"cause.{case.cause}") if case.cause else None,
        why=case.words.get("why"),
        hoped=case.words.get("mission"),
        kept=case.words.get("note"),
    )
    return [blocks.section(told)]


def _left_alone(voice: Voice, card: Card) -> Sequence[Block]:
    since = card.customer.left_alone_since if card.customer else None
    if since is None or card.case.outcome:
        return []
    return [blocks.context(voice.text("cases/left_alone", since=voice.day_and_year(since)))]


def _meanwhile(voice: Voice, card: Card) -> Sequence[Block]:
    """Whoever else has a case open with them, on the first card; one of one's own is a press away."""
    open_ones = card.meanwhile if card.first and not card.case.outcome else ()
    mine = next((each for each in open_ones if each.rep_id == card.case.rep_id), None)
    others = list(dict.fromkeys(each.rep_id for each in open_ones if each.rep_id != card.case.rep_id))
    reps, more = few(others)
    told = [blocks.context(voice.text("cases/meanwhile", reps=reps, more=more))] if others else []
    if mine is None:
        return told
    resume = open_card(voice, f"yours.{mine.id}", mine.id or 0, card.name, "resume")
    return [*told, blocks.section(voice.text("cases/yours_already"), resume)]


def _conversation(voice: Voice, card: Card) -> Sequence[Block]:
    step, story = card.step, _story(voice, card)
    parts = [
        _wrote(voice, card),
        _beginning(voice, card) if card.first else [],
        _withdrawal(voice, card),
        [blocks.section(_heading(voice, card), presses.card_menu(voice, card))],
        _mission(voice, card.mission, card.sale) if card.mission else [],
        [] if card.story else story,
        requests.on_card(voice, card),
        # A story is introduced, told, and asked about.
        [] if requests.stands_in(card) else lines.lines(voice, card, between=story if card.story else ()),
        _remedies(voice, card),
        requests.at_hand(voice, card),
        _given(voice, card),
        _times(voice, card),
        _field(voice, card, step.field),
        [blocks.actions(ids.CASE_PRESS, presses.in_conversation(voice, card))],
    ]
    return [block for part in parts for block in part]


def _wrote(voice: Voice, card: Card) -> Sequence[Block]:
    """What they wrote, while it is answered; the message is there for those who may see its channel."""
    case = card.case
    if not (card.first or case.writing) or case.source_ts is None:
        return []
    lines = blocks.cut(case.words.get(WROTE, ""), _WROTE_MOST).splitlines()
    there = link(case.source_link, voice.label("case.message")) if case.source_link else None
    told = voice.text("cases/wrote", lines=lines, link=there)
    return [blocks.section(told)] if told else []


def _heading(voice: Voice, card: Card) -> str:
    case = card.case
    return voice.text(
        "cases/step",
        place=card.place,
        title=voice.label("case.help") if card.only_lists_help else card.step.title,
        aim=None if card.only_lists_help else card.step.aim,
        waiting=voice.day(case.waiting_until) if card.waits and case.waiting_until else None,
        record=link(case.link, voice.label("case.record")) if case.link else None,
    )


def _beginning(voice: Voice, card: Card) -> Sequence[Block]:
    """The thought that comes first, and what was taken: playbook, and how they told us. One press changes either."""
    case, thoughts = card.case, card.playbook.attitude
    attitude = thoughts[(case.id or 0) % len(thoughts)] if thoughts else card.playbook.title
    told = {each: voice.label(f"told_by.{each}") for each in HEARD_THROUGH}
    menus = [
        *([_menu(voice, case, Ask.SWITCH, card.choices, card.playbook.name)] if len(card.choices) > 1 else []),
        _menu(voice, case, Ask.HEARD, told, case.heard_through or _BY_PHONE),
    ]
    return [
        blocks.context(voice.text("cases/attitude", attitude=attitude)),
        blocks.actions(f"{ids.CASE_PRESS}.taken", menus),
    ]


def _menu(voice: Voice, case: Case, what: str, labels: Mapping[str, str], chosen: str | None) -> Element:
    options = {carries(case, what, name): label for name, label in labels.items()}
    return blocks.select(
        f"{ids.CASE_PRESS}.{what}",
        blocks.options_of(options),
        carries(case, what, chosen) if chosen else None,
        voice.label(f"placeholder.{what}"),
    )


def _withdrawal(voice: Voice, card: Card) -> Sequence[Block]:
    """A right to withdraw is told before any persuading (the method, part D)."""
    right = card.withdrawal
    if right is None:
        return []
    last_day = voice.day(right.last_day) if right.last_day else None
    told = voice.text("cases/withdrawal", words=right.words, days_left=right.days_left, last_day=last_day)
    return [blocks.section(told)]


def _at_hand(card: Card) -> Sequence[Step]:
    here = {each.key for each in card.playbook.remedies(card.case.step)}
    return [each for each in card.open_remedies if each.key in here]


def _remedies(voice: Voice, card: Card) -> Sequence[Block]:
    """What may help, each with what it is for; discounts stand last, and are shut while it is a worry."""
    at_hand = _at_hand(card)
    shut = card.case.cause == Cause.FEAR and any(
        each.follow is Follow.DISCOUNT and policies.of(card.team, each.follow).offered
        for each in card.playbook.remedies(card.case.step)
    )
    if not at_hand:
        return []
    menu = _menu(voice, card.case, Ask.TURN_TO, {each.key: each.title for each in at_hand}, None)
    listed = blocks.section(voice.text("cases/remedies", remedies=at_hand))
    why = [blocks.context(voice.text("cases/notice", notice=voice.label("notice.shut")))] if shut else []
    return [listed, *why, blocks.actions(f"{ids.CASE_PRESS}.remedies", [menu])]


def _given(voice: Voice, card: Card) -> Sequence[Block]:
    """What was agreed on so far, each to be taken back in one press."""
    given = card.remedies or ()
    back = voice.label("press.take_back")
    return [
        blocks.section(
            voice.text("cases/given", what=text),
            blocks.button(
                f"{ids.CASE_PRESS}.{Ask.TAKE_BACK}.{remedy.id}", back, carries(card.case, Ask.TAKE_BACK, remedy.id)
            ),
        )
        for remedy, text in zip(given, _given_texts(voice, card), strict=True)
    ]


def _given_texts(voice: Voice, card: Card) -> Sequence[str]:
    return [_given_text(voice, card, remedy) for remedy in card.remedies or ()]


def _given_text(voice: Voice, card: Card, remedy: Remedy) -> str:
    step = card.playbook.steps.get(remedy.key)
    much = policies.terms_of(remedy)
    day = next((_when(voice, task) for task in card.tasks if task.facts.get("remedy") == str(remedy.id)), None)
    worth = much.worth.shown(voice.locale) if much.worth else None
    told = (step.title if step else remedy.key, *requests.terms(voice, replace(much, worth=None)), worth, day)
    what = ", ".join(part for part in told if part)
    return f"{what}: {blocks.cut(' '.join(remedy.words.split()), _WORDS_MOST)}" if remedy.words else what


def _times(voice: Voice, card: Card) -> Sequence[Block]:
    """The two times that this step offers, each to be changed in one press."""
    step, case = card.step, card.case
    texts = [*step.say, *step.ask, *(draft.text for draft in step.write)]
    if not any(_OFFERS_TIMES in text for text in texts):
        return []
    pickers = [
        blocks.time_and_date_picker(presses.picker_id(case, Ask.SLOT, turn), slot)
        for turn, slot in enumerate(card.slots)
    ]
    label = blocks.context(voice.text("cases/times"))
    return [label, blocks.actions(f"{ids.CASE_PRESS}.times.{case.revision}", pickers)] if pickers else []


def _mission(voice: Voice, mission: Mission, sale: Sale | None) -> Sequence[Block]:
    return [
        blocks.section(
            voice.text(
                "cases/mission",
                words=mission.words,
                day=voice.day_and_year(mission.heard_at),
                heard_by=mission.heard_by,
                before=sale.before if sale else None,
                sureness=voice.label(f"sureness.{sale.sureness}") if sale else None,
            )
        )
    ]


def _story(voice: Voice, card: Card) -> Sequence[Block]:
    """The story to tell, and what else could be: another one, or one for the worry that the rep names."""
    case, story = card.case, card.story
    if card.playbook.steps[case.step].brings != STORY:
        return []
    worries = called.titles(voice, reasons.worries(card.team, case.reason))
    worry = _menu(voice, case, Ask.WORRY, worries, case.reason)
    others = [presses.press(voice, case, Ask.ANOTHER_STORY)] if story and story.others else []
    found = blocks.external_select(ids.FIND_STORY, voice.label("placeholder.find_story"))
    told = [blocks.section(_told(voice, story))] if story else []
    return [*told, blocks.actions(presses.story_block(case), [*others, worry, found])]


def _told(voice: Voice, story: Match) -> str:
    alike = [voice.label(f"alike.{each}") for each in story.alike]
    name = person(story.tale.name) if story.tale.name else None
    return voice.text("cases/story", lines=story.tale.lines, alike=alike, name=name)


def _landed(voice: Voice, card: Card) -> Sequence[Block]:
    """Whether the story landed, asked once the call is over."""
    if not tellings.is_asked(card.case):
        return []
    asks = (Ask.LANDED, Ask.NOT_LANDED, Ask.NOT_TOLD)
    buttons = [presses.press(voice, card.case, ask) for ask in asks]
    asked = voice.text("cases/landed", line=card.told.before if card.told else None)
    return [blocks.section(asked), blocks.actions(f"{ids.CASE_PRESS}.landed", buttons)]


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


def _outcome(voice: Voice, card: Card) -> Sequence[Block]:
    """What was recorded, what follows from it, and the last kind line."""
    case = card.case
    uncounted = case.outcome in UNCOUNTED
    recorded = voice.text(
        "cases/outcome",
        name=person(named(voice, card.name)),
        kind="stayed" if card.stayed else case.outcome,
        way=None if case.outcome == Outcome.SAVED else outcome_of(voice, case),
        when=voice.moment(case.appointment_at) if case.appointment_at else None,
        soft=case.soft_yes,
        record=link(case.link, voice.label("case.record")) if case.link else None,
        in_touch=case.in_touch,
        given=[] if case.outcome == Outcome.LEFT else _given_texts(voice, card),
        tasks=[promised(voice, task) for task in card.tasks],
    )
    corrected = record.last_correction(case)
    by = [blocks.context(_corrected(voice, corrected))] if corrected else []
    said = [] if uncounted else lines.lines(voice, card)
    buttons = blocks.actions(ids.CASE_PRESS, presses.after_an_outcome(voice, card))
    times = _times(voice, card) if case.outcome == Outcome.NO_SHOW else []
    return [blocks.section(recorded), *by, *said, *times, buttons, *_landed(voice, card), *_freed(voice, card)]


def _corrected(voice: Voice, event: Event) -> str:
    return voice.text(
        "cases/corrected",
        by=event.by,
        day=voice.day_and_year(event.at),
        was=voice.label(f"outcome.{event.facts[record.WAS]}"),
        why=blocks.cut(" ".join(str(event.facts.get(record.WHY) or "").split()), _WORDS_MOST),
    )


def _freed(voice: Voice, card: Card) -> Sequence[Block]:
    """One thing to do with the hour that an appointment has freed (the method, part G6)."""
    freed = card.freed
    if freed is None:
        return []
    told = voice.text(
        "cases/freed",
        name=person(named(voice, freed.name)),
        task=promised(voice, freed.task) if freed.task else None,
    )
    return [blocks.section(told, open_card(voice, "freed", freed.case_id, freed.name))]


def _past(voice: Voice, card: Card) -> Sequence[Block]:
    pasts = _pasts(voice, card)
    if not pasts:
        return []
    someone_else = blocks.button(
        f"{ids.CASE_PRESS}.someone_else", voice.label("press.someone_else"), carries(card.case, Ask.IDENTIFY)
    )
    over = any(past.case.outcome for past in card.history or ())
    return [blocks.section(voice.text("cases/past", pasts=pasts, over=over), someone_else)]


def _pasts(voice: Voice, card: Card) -> Sequence[Mapping[str, object]]:
    """Earlier cancellations, told on the first card only."""
    told = card.history if card.first and card.history else ()
    return [_past_facts(voice, card, past) for past in told[:_PAST_MOST]]


def _past_facts(voice: Voice, card: Card, past: Past) -> dict[str, object]:
    case = past.case
    offered = {remedy.key: remedy.title for remedy in card.playbook.remedies()}
    return {
        "day": voice.day_and_year(case.opened_at),
        "outcome": outcome_of(voice, case),
        "reason": called.title(voice, case.reason) if case.reason else None,
        "given": offered.get(case.remedy or "", case.remedy),
        "tasks": [
            {"what": promised(voice, task), "done": task.done_at is not None}
            for task in past.tasks
            if task.kind not in ASKED_APART
        ],
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
