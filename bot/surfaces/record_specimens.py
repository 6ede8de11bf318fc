"""Specimens of the record: a history with everything in it, exports, the page, and somebody who is forgotten."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.coaching.cases import Fact
from bot.coaching.exports import What as File
from bot.coaching.exports import Wish
from bot.coaching.figures import Figures, Filters
from bot.coaching.forgetting import Asked, Theirs
from bot.coaching.held import HELD
from bot.coaching.library import Library
from bot.coaching.outcomes import Outcome
from bot.coaching.playbooks import Kind, Playbook
from bot.coaching.reasons import SHIPPED
from bot.coaching.record import WAS, WHY, WRITTEN, Event, Found, History, What
from bot.coaching.reminders import TaskKind
from bot.coaching.requests import Verdict
from bot.coaching.sales import Sureness
from bot.storage.models import Case, Erasure, Mission, Post, Telling
from bot.surfaces import blocks, cases, exports, forgetting, made_up, record, saves
from bot.surfaces.blocks import Message
from bot.surfaces.record import CorrectOrigin
from bot.surfaces.saves import Looked
from bot.surfaces.stage import Specimen, Stage, show
from bot.surfaces.summary_specimens import weeks
from bot.surfaces.words import Voice

_CORRECTED: dict[str, Fact] = {WAS: Outcome.LEFT, "outcome": Outcome.SAVED, WHY: made_up.TYPED}


def recorded(stage: Stage) -> Iterator[Specimen]:
    """The record, the exports, and what is said of somebody who is forgotten."""
    yield from _histories(stage)
    yield from _forgetting(stage)
    yield from _exports(stage)


def _histories(stage: Stage) -> Iterator[Specimen]:
    voice, book = stage.voice, next(each for each in stage.worked if each.kind is not Kind.APPOINTMENT)
    ended: dict[str, object] = {"outcome": Outcome.SAVED, "closed_at": made_up.NOW, "decided_at": made_up.NOW}
    case = made_up.case(book, book.start[0], **ended)
    told = {
        "": History(case, made_up.customer(), made_up.member(), [*_events(book)]),
        ", long": History(case, made_up.customer(), made_up.member(), [*_long(book)]),
        ", longer": History(case, None, made_up.member(), [*_long(book, 1)]),
        " of an open case": History(made_up.case(book, book.start[0]), None, made_up.member(), [*_events(book)][:2]),
    }
    for name, history in told.items():
        yield show(f"history{name}", record.history, voice, history, stage.books, made_up.ORIGIN)
    origin = CorrectOrigin(**made_up.ORIGIN.model_dump(), view_id="V1")
    for each in stage.worked:
        closed = made_up.case(each, each.start[0], **{**ended, "outcome": _another(each)})
        yield show(f"form correct {each.name}", record.correct, voice, closed, origin, made_up.NOW)
    yield show("form customer", record.customer, voice)
    many = [made_up.case(book, book.start[0], **{**ended, "id": number, "reason": "cost"}) for number in range(30)]
    nobodys = made_up.case(book, book.start[0], called=made_up.NAME, id=99)
    found = [Found(made_up.customer(), many), Found(made_up.customer(id=2), []), Found(None, [nobodys])]
    yield show("customers found", record.found, voice, made_up.NAME, found)
    yield show("customers found, none", record.found, voice, made_up.NAME, [])
    trail = [{"at": made_up.NOW.isoformat(), "by": made_up.COLLEAGUE, **_CORRECTED}]
    yield show("card corrected", cases.card, voice, stage.card(book, book.start[0], **ended, trail=trail))
    yield show("card forgotten", cases.forgotten, voice)


def _another(book: Playbook) -> Outcome:
    return Outcome.NOT_NOW if book.kind is Kind.APPOINTMENT else Outcome.LEFT


def _events(book: Playbook) -> Iterator[Event]:
    """One of everything that can have happened, a minute apart."""
    at, step = made_up.NOW, book.start[0]
    changes: list[dict[str, Fact]] = [
        {"playbook": book.name, "step": step},
        {"cause": "fear", "reason": SHIPPED[0], "heard_through": "phone"},
        {"product": made_up.PRODUCT, "customer_kind": made_up.PRODUCT, "remedy": made_up.PRODUCT},
        {"value_minor": 1_200_50, "currency": "USD", "bought_on": "2030-01-01", "waiting_until": "2030-01-09"},
        {"outcome": Outcome.RESCHEDULED, "appointment_at": made_up.LATER.isoformat(), "soft_yes": True},
        {"outcome": None, "letting_go": True},
        {"in_touch": True, "fit": True, "gave_story": True},
        {"in_touch": False, "fit": False},
        dict.fromkeys(WRITTEN, True),
        dict.fromkeys(WRITTEN, False),
        {"rep_id": made_up.COLLEAGUE},
    ]
    yield Event(at, made_up.REP, What.OPENED)
    for turn, facts in enumerate(changes):
        yield Event(at + timedelta(minutes=turn), made_up.REP, What.WORKED, facts)
    later = at + timedelta(hours=1)
    yield Event(later, made_up.COLLEAGUE, What.CORRECTED, _CORRECTED)
    remedy = made_up.remedy(1, step)
    remedy.words = made_up.TYPED
    yield Event(later, made_up.REP, What.AGREED, of=remedy)
    yield Event(later, None, What.TAKEN_BACK, of=made_up.remedy(2, made_up.PRODUCT))
    asked = {verdict: made_up.approval(step, verdict=verdict, word=made_up.TYPED) for verdict in Verdict}
    yield Event(later, made_up.REP, What.ASKED_FOR_MORE, of=asked[Verdict.LESS])
    yield Event(later, made_up.REP, What.ASKED_FOR_MORE, of=made_up.approval(made_up.PRODUCT))
    for approval in asked.values():
        yield Event(later, made_up.COLLEAGUE, What.DECIDED, of=approval)
    for turn, what in enumerate((What.PROMISED, What.REMINDED, What.HANDED, What.DONE, What.DROPPED)):
        task = made_up.task(TaskKind.CARRY_OUT, dropped_why=made_up.TYPED)
        yield Event(later + timedelta(minutes=turn), made_up.REP, what, of=task)
    for said in ("yes", "no", "unknown"):
        yield Event(later, made_up.REP, What.DONE, of=made_up.task(TaskKind.HELD, facts={HELD: said}))
    for kind in ("heard", "question"):
        post = Post(
            team_id=made_up.TEAM,
            case_id=1,
            kind=kind,
            channel=made_up.CHANNEL,
            words=made_up.TYPED,
            author_id=made_up.REP,
            created_at=later,
        )
        yield Event(later, made_up.REP, What.SAID, of=post)
    for landed in (True, False):
        telling = Telling(
            team_id=made_up.TEAM, story_id=1, case_id=1, rep_id=made_up.REP, landed=landed, told_at=made_up.NOW
        )
        yield Event(later, made_up.REP, What.TOLD, of=telling)
    yield Event(later, None, What.FORGOTTEN)


def _long(book: Playbook, more: int = 0) -> Iterator[Event]:
    """More moments than anybody is shown, by two or by one."""
    for turn in range(82 - more):
        facts: dict[str, Fact] = {"step": [*book.steps][turn % len(book.steps)]}
        yield Event(made_up.NOW + timedelta(minutes=turn), made_up.REP, What.WORKED, facts)


def _forgetting(stage: Stage) -> Iterator[Specimen]:
    voice, book = stage.voice, stage.worked[0]
    case = made_up.case(book, book.start[0])
    for count in (1, 2):
        asked = Asked(made_up.member(), _theirs([case] * count), count)
        yield show(f"form forget, {count}", forgetting.confirm, voice, asked)
        done = Erasure(team_id=made_up.TEAM, by=made_up.REP, at=made_up.NOW, rows={"customers": count})
        yield show(f"word forgotten, {count}", forgetting.done, voice, done)


def _theirs(theirs: list[Case]) -> Theirs:
    mission = Mission(team_id=made_up.TEAM, id=1, words=made_up.TYPED, heard_by=made_up.REP, heard_at=made_up.NOW)
    post = Post(
        team_id=made_up.TEAM,
        case_id=1,
        kind="heard",
        channel=made_up.CHANNEL,
        words=made_up.TYPED,
        author_id=made_up.REP,
        created_at=made_up.NOW,
    )
    return Theirs(
        made_up.customer(),
        theirs,
        [mission],
        [made_up.sale(Sureness.FLAT)],
        [made_up.task(TaskKind.HELLO)],
        [made_up.remedy(1, "fix")],
        [made_up.approval("discount")],
        [post],
        [made_up.story()],
    )


def _exports(stage: Stage) -> Iterator[Specimen]:
    voice = stage.voice
    for name, figures in weeks(stage).items():
        looked = Looked(product=made_up.PRODUCT, reason="cost", playbook=stage.worked[0].name)
        if name == "full":
            yield show("form export", exports.form, voice, looked, figures.period, made_up.shelf(), stage.books)
            bare = Library(made_up.team(), [])
            yield show("form export, no products", exports.form, voice, Looked(), figures.period, bare, stage.books)
            shown = (voice, looked, None, figures, made_up.shelf(), stage.books)
            yield show("figures for a manager", saves.shown, *shown, manages=True)
        yield show(f"page of a week {name}", _page, stage, figures)
        for named, files in ((True, [*File]), (False, [*File]), (True, [File.CASES]), (False, [File.CASES])):
            wish = Wish(figures.period, files, named=named)
            for count in (1, 1_000):
                told = f"export {name}, {named}, {len(files)}, {count}"
                yield show(f"{told}, done", exports.done, voice, wish, count, stage.books)
                yield show(f"{told}, on its way", exports.progress, voice, wish, 0, count)
            alone = replace(wish, filters=_filters(stage))
            yield show(f"export {name}, {named}, {len(files)}, narrowed", exports.done, voice, alone, 1, stage.books)
            yield show(f"export {name}, {named}, {len(files)}, too large", exports.too_large, voice, wish)
        yield show(f"export {name}, given up", exports.given_up, voice, Wish(figures.period, [*File]))
    for page in (True, False):
        yield show(f"word exporting, {page}", exports.coming, voice, page=page)
    yield show("comment of an export", _said, voice, "exports/files")
    yield show("comment of a page", _said, voice, "exports/page_file")


def _filters(stage: Stage) -> Filters:
    return Filters(made_up.PRODUCT, "cost", stage.worked[0].name)


def _page(stage: Stage, figures: Figures) -> Message:
    """The page is no message: it is drawn, so that its words are met, and told of."""
    page = exports.page(stage.voice, figures, _filters(stage), stage.books, {1: made_up.match().tale})
    return blocks.message([blocks.section(page.partition("\n")[0])])


def _said(voice: Voice, template: str) -> Message:
    text = voice.text(template)
    return blocks.remark(text)
