"""The record: what happened in a case, the correction of its outcome, and the search for a customer's cases."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from bot.coaching import corrections, requests
from bot.coaching.endings import Ending
from bot.coaching.held import HELD
from bot.coaching.money import Money
from bot.coaching.outcomes import Outcome
from bot.coaching.playbooks import Playbook
from bot.coaching.record import WAS, WHY, WRITTEN, Event, Found, History, What
from bot.coaching.requests import Verdict
from bot.storage.models import Approval, Case, Post, Remedy, Task, Telling
from bot.surfaces import blocks, forms, ids, reasons
from bot.surfaces import requests as request_surface
from bot.surfaces.blocks import Block, View
from bot.surfaces.cases import named, outcome_of
from bot.surfaces.forms import Opener, Origin, Refused
from bot.surfaces.ids import RecordAsk
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice, person

WHOM = "form.whom"
OUTCOME = "form.corrected_outcome"
REASON = "form.corrected_why"
NEW_DATE = "form.corrected_date"

# The latest of a long history are shown; an export has all of it.
_MOMENTS_MOST = 80
_QUOTED_MOST = 200
_WHY_MOST = 500
_SHOWN_MOST = 20
_LEAST = 2


class CorrectOrigin(Origin):
    """Where a correction was begun: over which view of the history."""

    view_id: str


def history(voice: Voice, told: History, books: Mapping[str, Playbook], origin: Origin) -> View:
    """What happened in a case, oldest first, and the way to correct its outcome."""
    case = told.case
    moments = [*_moments(voice, told, books)]
    earlier = len(moments) - _MOMENTS_MOST
    more = [blocks.context(voice.text("record/earlier", count=earlier))] if earlier > 0 else []
    correct = blocks.button(
        f"{ids.RECORD_PRESS}.{RecordAsk.CORRECT}", voice.label("press.correct"), f"{RecordAsk.CORRECT}:{case.id}"
    )
    content = [
        blocks.header(told.name or voice.label("case.unnamed_title")),
        *more,
        *map(blocks.section, _together(moments[-_MOMENTS_MOST:])),
        *([blocks.actions(ids.RECORD_PRESS, [correct])] if corrections.ways(case) else []),
    ]
    sheet = blocks.sheet(voice.label("form.history_title"), voice.label("form.leave"), content)
    return {**sheet, "private_metadata": forms.carried(voice, origin)}


def _together(texts: Sequence[str]) -> Iterator[str]:
    """As many texts in one as Slack takes."""
    gathered = ""
    for text in texts:
        if gathered and len(gathered) + len(text) + 1 > blocks.TEXT_MOST:
            yield gathered
            gathered = ""
        gathered = f"{gathered}\n{text}" if gathered else text
    if gathered:
        yield gathered


def _moments(voice: Voice, told: History, books: Mapping[str, Playbook]) -> Iterator[str]:
    """What happened at each moment, by whom."""
    words = _last_written(told)
    playbook = next((str(each.facts["playbook"]) for each in told.events if "playbook" in each.facts), None)
    book = books.get(playbook or told.case.playbook)
    for at, by, events in _by_moment(told.events):
        parts: list[str] = []
        to = None
        for event in events:
            book = books.get(str(event.facts.get("playbook"))) or book
            parts += _told(voice, event, book, words)
            to = to or _given_to(event)
        yield voice.text("record/moment", when=voice.moment(at), by=by, parts=[*dict.fromkeys(parts)], to=to)


def _by_moment(events: Sequence[Event]) -> Iterator[tuple[datetime, str | None, Sequence[Event]]]:
    """What happened at one moment, and by one person's doing; what nobody did belongs to what was done before it."""
    by: str | None = None
    together: list[Event] = []
    for event in events:
        if together and (event.at != together[-1].at or (by and event.by and event.by != by)):
            yield together[-1].at, by, together
            by, together = None, []
        by = by or event.by
        together.append(event)
    if together:
        yield together[-1].at, by, together


def _given_to(event: Event) -> str | None:
    if event.what is What.HANDED and isinstance(event.of, Task):
        return event.of.owner_id
    given = event.facts.get("rep_id")
    return str(given) if given else None


def _last_written(told: History) -> Mapping[tuple[datetime, str], str]:
    """What stands written with the case, by when it was written last."""
    stands = {**told.case.words, "link": told.case.link, "name": told.name}
    last = {name: event.at for event in told.events for name in WRITTEN if event.facts.get(name)}
    return {(at, name): text for name, at in last.items() if (text := stands.get(name))}


def _told(
    voice: Voice, event: Event, book: Playbook | None, words: Mapping[tuple[datetime, str], str]
) -> Iterator[str]:
    match event.of:
        case Remedy():
            yield _line(voice, event.what, _remedy(voice, event.of, book))
        case Approval():
            yield from _approval(voice, event.what, event.of, book)
        case Task():
            yield from _task(voice, event.what, event.of)
        case Post():
            yield _line(voice, f"post_{event.of.kind}", _quoted(event.of.words))
        case Telling():
            yield _line(voice, "landed" if event.of.landed else "not_landed")
        case None if event.what is What.CORRECTED:
            was, became = (_outcome(voice, event.facts[each]) for each in (WAS, "outcome"))
            yield voice.label("history.corrected").format(was=was, became=became)
            yield _line(voice, "why", _quoted(str(event.facts.get(WHY) or "")))
            yield from _changed(voice, event, book, words, leave_out=("outcome",))
        case None if event.what in (What.OPENED, What.FORGOTTEN):
            yield _line(voice, event.what)
        case None:
            yield from _changed(voice, event, book, words)


def _line(voice: Voice, name: str, what: str = "") -> str:
    return voice.label(f"history.{name}").format(what=what)


def _quoted(text: str) -> str:
    return blocks.cut(" ".join(text.split()), _QUOTED_MOST)


def _remedy(voice: Voice, remedy: Remedy, book: Playbook | None) -> str:
    worth = Money(remedy.worth_minor, remedy.currency) if remedy.worth_minor is not None and remedy.currency else None
    step = book.steps.get(remedy.key) if book else None
    what = ", ".join([step.title if step else remedy.key, *([worth.shown(voice.locale)] if worth else [])])
    return f"{what}: {_quoted(remedy.words)}" if remedy.words else what


def _approval(voice: Voice, what: What, approval: Approval, book: Playbook | None) -> Iterator[str]:
    if what is What.ASKED_FOR_MORE:
        step = book.steps.get(approval.key) if book else None
        yield _line(voice, what, request_surface.said_of(voice, step.title if step else None, approval))
        return
    fine = request_surface.terms(voice, requests.less(approval)) if approval.verdict == Verdict.LESS else []
    yield _line(voice, f"verdict_{approval.verdict}", ", ".join(fine))
    if approval.word:
        yield _line(voice, "word", _quoted(approval.word))


def _task(voice: Voice, what: What, task: Task) -> Iterator[str]:
    name = voice.label(f"task.{task.kind}")
    match what:
        case What.PROMISED:
            yield _line(voice, what, f"{name}, {voice.day(task.due_at)}")
        case What.DONE if HELD in task.facts:
            yield _line(voice, f"held_{task.facts[HELD]}")
        case What.DROPPED if task.dropped_why:
            yield _line(voice, what, f"{name}: {_quoted(task.dropped_why)}")
        case _:
            yield _line(voice, what, name)


def _outcome(voice: Voice, outcome: object) -> str:
    return voice.label(f"outcome.{outcome or 'open'}")


def _changed(
    voice: Voice,
    event: Event,
    book: Playbook | None,
    words: Mapping[tuple[datetime, str], str],
    leave_out: Sequence[str] = (),
) -> Iterator[str]:
    """What a gesture has changed, in the order in which it is kept."""
    facts = {name: fact for name, fact in event.facts.items() if name not in leave_out}
    if facts.get("playbook") and book:
        yield _line(voice, "playbook", book.title)
    if step := facts.get("step"):
        found = book.steps.get(str(step)) if book else None
        yield _line(voice, "step", found.title if found else str(step))
    if facts.get("cause"):
        yield _line(voice, "cause", voice.label(f"cause.{facts['cause']}"))
    if facts.get("reason"):
        yield _line(voice, "reason", reasons.title(voice, str(facts["reason"])))
    if facts.get("heard_through"):
        yield _line(voice, "heard_through", voice.label(f"heard_through.{facts['heard_through']}"))
    if "outcome" in facts:
        yield _line(voice, "outcome", _outcome(voice, facts["outcome"])) if facts["outcome"] else _line(voice, "undone")
    for name in ("letting_go", "soft_yes", "gave_story"):
        if facts.get(name):
            yield _line(voice, name)
    for name in ("in_touch", "fit"):
        if facts.get(name) is not None:
            yield _line(voice, name if facts[name] else f"not_{name}")
    for name in ("product", "customer_kind"):
        if facts.get(name):
            yield _line(voice, name, str(facts[name]))
    if facts.get("remedy"):
        found = book.steps.get(str(facts["remedy"])) if book else None
        yield _line(voice, "remedy", found.title if found else str(facts["remedy"]))
    if isinstance(facts.get("value_minor"), int):
        currency = str(facts.get("currency") or "USD")
        yield _line(voice, "value", Money(int(str(facts["value_minor"])), currency).shown(voice.locale))
    for name in ("waiting_until", "bought_on"):
        if facts.get(name):
            yield _line(voice, name, voice.day_and_year(date.fromisoformat(str(facts[name]))))
    if facts.get("appointment_at"):
        yield _line(voice, "appointment_at", voice.moment(datetime.fromisoformat(str(facts["appointment_at"]))))
    if facts.get("rep_id"):
        yield _line(voice, "rep_id")
    for name in WRITTEN:
        if name in facts:
            text = words.get((event.at, name))
            what = voice.label(f"written.{name}")
            yield _line(voice, "written" if facts[name] else "emptied", f"{what}: {_quoted(text)}" if text else what)


def correct(voice: Voice, case: Case, origin: CorrectOrigin, now: datetime) -> View:
    """How it really ended, and why that is known now."""
    labels: Mapping[str, str] = {each: voice.label(f"outcome.{each}") for each in corrections.ways(case)}
    told = voice.text("record/correct", was=outcome_of(voice, case), closed=voice.day_and_year(case.closed_at or now))
    dated = Outcome.RESCHEDULED in labels and case.kind == "appointment"
    moment = int((case.appointment_at or now).timestamp())
    fields = [
        blocks.section(told),
        forms.choice(voice, OUTCOME, labels, None, optional=False),
        *([forms.field(voice, NEW_DATE, blocks.time_and_date_picker(NEW_DATE, moment))] if dated else []),
        forms.field(voice, REASON, blocks.text_input(REASON, lines=True, most=_WHY_MOST), optional=False),
    ]
    return forms.form(voice, ids.CORRECT_FORM, "correct", origin, fields)


def read_correct(voice: Voice, sent: Submission, now: datetime) -> tuple[Ending, str] | Refused:
    """The outcome that it was, and why that is known now."""
    outcome, why = sent.text(OUTCOME), forms.needed_words(voice, sent, REASON)
    wrong = forms.errors_of(why)
    if outcome not in list(Outcome):
        wrong = {OUTCOME: voice.label("error.corrected_outcome"), **wrong}
    if wrong or not outcome or isinstance(why, Refused):
        return Refused(wrong)
    picked = sent.field(NEW_DATE).selected_date_time
    at = datetime.fromtimestamp(picked, now.tzinfo) if picked and outcome == Outcome.RESCHEDULED else None
    return Ending(Outcome(outcome), at=at), why


def customer(voice: Voice) -> View:
    """Whose cases a manager looks for."""
    whom = forms.field(voice, WHOM, blocks.text_input(WHOM), optional=False)
    return forms.form(voice, ids.CUSTOMER_FORM, "customer", Opener(), [whom])


def read_customer(voice: Voice, sent: Submission) -> str | Refused:
    """The name, or a part of it."""
    return forms.needed_words(voice, sent, WHOM)


def found(voice: Voice, name: str, customers: Sequence[Found]) -> View:
    """The customers of a name, each with their cases and with the way to forget them."""
    if not customers:
        told = voice.text("record/nobody", name=person(name))
        return blocks.word(voice.label("form.customer_title"), voice.label("form.leave"), told)
    most = max(_SHOWN_MOST // len(customers), _LEAST)
    content = [block for each in customers for block in _found(voice, each, most)]
    return blocks.sheet(voice.label("form.customer_title"), voice.label("form.leave"), content)


def _found(voice: Voice, each: Found, most: int) -> Iterator[Block]:
    whose = each.customer
    yield blocks.header(whose.name if whose else voice.label("history.nobodys"))
    for case in each.cases[:most]:
        told = voice.text(
            "record/case",
            when=voice.day_and_year(case.opened_at),
            name=None if whose else person(named(voice, case.called)),
            outcome=outcome_of(voice, case),
            reason=reasons.title(voice, case.reason) if case.reason else None,
            rep=case.rep_id,
        )
        yield blocks.section(
            told,
            blocks.button(
                f"{ids.RECORD_PRESS}.{RecordAsk.HISTORY}.{case.id}",
                voice.label("press.history"),
                f"{RecordAsk.HISTORY}:{case.id}",
            ),
        )
    if not each.cases:
        yield blocks.context(voice.text("record/no_case"))
    if len(each.cases) > most:
        yield blocks.context(voice.text("record/more_cases"))
    if whose:
        forget = blocks.button(
            f"{ids.RECORD_PRESS}.{RecordAsk.FORGET}.{whose.id}",
            voice.label("manage.forget"),
            f"{RecordAsk.FORGET}:{whose.id}",
        )
        yield blocks.actions(f"{ids.RECORD_PRESS}.{whose.id}", [forget])
