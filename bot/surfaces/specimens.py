"""Specimens: every surface that the words can make, with made-up people on it, for whoever checks those words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.coaching import held, posts
from bot.coaching.cases import Freed, Notice
from bot.coaching.colleagues import Handed
from bot.coaching.customers import Known, Past
from bot.coaching.due import AT_ONCE_MOST, Round
from bot.coaching.errors import Reason
from bot.coaching.library import Withdrawal
from bot.coaching.outcomes import OF_APPOINTMENTS, OF_CANCELLATIONS, UNCOUNTED, Outcome
from bot.coaching.playbooks import Cause, Follow, Kind, Playbook
from bot.coaching.posts import Posted
from bot.coaching.reconnecting import Away, Coming
from bot.coaching.reminders import IGNORED_TIMES, Reminder, TaskKind
from bot.coaching.sales import Solidified, Sureness
from bot.coaching.when import Trouble
from bot.storage.models import Mission, Post
from bot.surfaces import (
    blocks,
    cases,
    colleagues,
    endings,
    forms,
    ids,
    library,
    made_up,
    problems,
    reconnecting,
    remedies,
    reminders,
    sales,
)
from bot.surfaces import settings as members
from bot.surfaces.blocks import Message, View
from bot.surfaces.home_specimens import homes_told
from bot.surfaces.manifest import command_of
from bot.surfaces.policy_specimens import policies_told
from bot.surfaces.record_specimens import recorded
from bot.surfaces.reminders import TaskOrigin
from bot.surfaces.role_specimens import who_manages
from bot.surfaces.stage import Specimen, Stage, show
from bot.surfaces.story_specimens import stories_told
from bot.surfaces.summary_specimens import summaries_told
from bot.surfaces.words import Voice, person


def specimens(voice: Voice, books: Mapping[str, Playbook], prefix: str = "") -> Iterator[Specimen]:
    """One of everything in this voice: each step of these playbooks, each ending, each form, each reminder."""
    stage = Stage(voice, books, prefix)
    for family in (
        _steps,
        _endings,
        _additions,
        _forms,
        _agreements,
        _sales,
        _reminders,
        _reconnecting,
        homes_told,
        _library,
        who_manages,
        stories_told,
        summaries_told,
        policies_told,
        recorded,
        _texts,
    ):
        yield from family(stage)


def _ends(book: Playbook) -> Sequence[Outcome]:
    return OF_APPOINTMENTS if book.kind is Kind.APPOINTMENT else OF_CANCELLATIONS


def _steps(stage: Stage) -> Iterator[Specimen]:
    for book in stage.worked:
        for step in book.steps.values():
            name = f"card {book.name}/{step.key}"
            if step.say or not book.reply:
                yield from stage.cards(name, stage.card(book, step.key))
            if book.reply and (step.write or not step.say):
                yield from stage.cards(f"{name} in writing", stage.card(book, step.key, **made_up.IN_WRITING))


def _endings(stage: Stage) -> Iterator[Specimen]:
    for book in stage.worked:
        parted = Outcome.NOT_NOW if book.kind is Kind.APPOINTMENT else Outcome.LEFT
        ways: dict[str, Mapping[str, object]] = {
            **{outcome: {"outcome": outcome} for outcome in (*_ends(book), *UNCOUNTED)},
            "soft yes": {"outcome": Outcome.SAVED, "soft_yes": True},
            "stays in touch": {"outcome": parted, "in_touch": True},
            "is left alone": {"outcome": parted, "in_touch": False},
        }
        for name, given in ways.items():
            yield from _ended(stage, f"card {book.name} {name}", book, given)
        if book.reply:
            waiting = stage.card(book, book.reply, waiting_until=made_up.LATER.date(), **made_up.IN_WRITING)
            yield from stage.cards(f"card {book.name} waiting", waiting)


def _ended(stage: Stage, name: str, book: Playbook, given: Mapping[str, object]) -> Iterator[Specimen]:
    promised = [made_up.task(TaskKind.CARRY_OUT), made_up.task(TaskKind.HELLO)]
    ended = {"appointment_at": made_up.LATER, **given}
    card = replace(stage.card(book, book.route(None)[-1], **ended), tasks=promised)
    yield from stage.cards(name, card)
    if card.step.write:
        yield from stage.cards(f"{name} in writing", replace(card, case=made_up.filled(card.case, made_up.IN_WRITING)))


def _additions(stage: Stage) -> Iterator[Specimen]:
    """What may stand on a card beside the lines of its step."""
    book = stage.worked[0]
    start = book.start[0]
    card, missed = stage.card(book, start), stage.card(book, start, outcome=Outcome.NO_SHOW)
    carried_out = [made_up.task(TaskKind.CARRY_OUT, done_at=made_up.NOW), made_up.task(TaskKind.HELLO)]
    past = Past(made_up.case(book, start, outcome=Outcome.LEFT, reason="cost", remedy="fix"), carried_out)
    rights = {
        days: Withdrawal(made_up.TYPED, None if days is None else made_up.LATER.date(), days)
        for days in (None, 0, 1, 14)
    }
    shown = {
        "of nobody in particular": replace(card, customer=None),
        "with cues only": replace(card, member=made_up.member(cues_only=True)),
        "after earlier cancellations": replace(card, history=[past] * 3),
        "of one of several": replace(
            card, namesakes=[Known(made_up.customer(), [past]), *[Known(made_up.customer())] * 4]
        ),
        "of somebody left alone": replace(card, customer=made_up.customer(left_alone_since=made_up.NOW)),
        **{f"handed over, {cause}": stage.card(book, start, **made_up.HANDED_ON, cause=cause) for cause in Cause},
        "before a promise": replace(missed, freed=Freed(2, made_up.NAME, made_up.task(TaskKind.HELLO))),
        "before another case": replace(missed, freed=Freed(2, made_up.NAME)),
        **{f"with {days} days to withdraw": replace(card, withdrawal=right) for days, right in rights.items()},
        **{f"with the notice {notice}": replace(card, notice=notice) for notice in Notice},
    }
    for name, each in shown.items():
        yield show(f"card {name}", cases.card, stage.voice, each)
    for each_book in stage.worked:
        yield from _with_remedies(stage, each_book)
    handed = Handed(made_up.case(book, start), made_up.customer(), made_up.member())
    yield show("card that was handed over", cases.handed_over, stage.voice, handed, undo=True)


def _with_remedies(stage: Stage, book: Playbook) -> Iterator[Specimen]:
    """What may help, all of it agreed on: while it is a worry, and once something has changed."""
    given = [made_up.remedy(number, step.key) for number, step in enumerate(book.remedies(), start=1)]
    tasks = [made_up.task(TaskKind.FIX, facts={"remedy": str(each.id)}) for each in given]
    for cause in Cause if book.help else ():
        card = replace(stage.card(book, book.help or "", cause=cause), remedies=given, tasks=tasks)
        yield from stage.cards(f"card {book.name} with every remedy, {cause}", card)


def _forms(stage: Stage) -> Iterator[Specimen]:
    voice, products = stage.voice, [made_up.product()]
    for book in stage.worked:
        for outcome in (None, *_ends(book)):
            ended = stage.card(book, book.route(None)[-1], outcome=outcome)
            name = f"form details, {book.name} {outcome or 'open'}"
            yield show(name, forms.details, voice, ended, made_up.ORIGIN, made_up.TODAY, products)
    book = stage.worked[0]
    card = stage.card(book, book.start[0])
    yield show("form new case", forms.new_case, voice)
    yield show("form cool off", forms.cool_off, voice, made_up.ORIGIN, made_up.TODAY)
    yield show("form leave out", forms.leave_out, voice, [(card.case, made_up.NAME), (card.case, None)], made_up.ORIGIN)
    yield show("form new date", endings.new_date, voice, card, made_up.ORIGIN, products, made_up.NOW)
    yield show("form not now", endings.not_now, voice, made_up.ORIGIN)
    yield show("form misfit", endings.misfit, voice, made_up.ORIGIN)
    yield show("form in touch", endings.in_touch, voice, made_up.ORIGIN, made_up.TODAY)
    yield show("form snooze", reminders.snooze, voice, TaskOrigin(task_id=1, response_url=made_up.URL), made_up.NOW)
    yield show("form colleague", colleagues.form, voice, card, made_up.ORIGIN)
    yield show("form colleague, no channel", colleagues.form, voice, replace(card, team=None), made_up.ORIGIN)


def _agreements(stage: Stage) -> Iterator[Specimen]:
    """A form for whatever may follow from a remedy, whether or not a playbook has such a one."""
    book = stage.worked[0]
    step = book.steps[book.start[0]]
    for follow in Follow:
        own = replace(book, steps={**book.steps, step.key: replace(step, follow=follow, beside=step.key)})
        card = stage.card(own, step.key)
        yield show(f"form remedy {follow}", remedies.form, stage.voice, card, made_up.ORIGIN, made_up.NOW)
        alone = replace(card, team=None)
        yield show(f"form remedy {follow}, no channel", remedies.form, stage.voice, alone, made_up.ORIGIN, made_up.NOW)


def _sales(stage: Stage) -> Iterator[Specimen]:
    voice, member, customer = stage.voice, made_up.member(), made_up.customer()
    for book in (each for each in stage.books.values() if each.kind is Kind.SOLIDIFY):
        # The lines of the form change from day to day.
        for turn in range(max(len(lines) for step in book.steps.values() for lines in (step.say, step.ask))):
            day = made_up.TODAY + timedelta(days=turn)
            name = f"form solidify, {book.name} in wording {turn + 1}"
            shown = show(name, sales.solidify, voice, book, member, made_up.NAME, made_up.shelf(), day)
            yield shown._replace(playbook=book.name, step=book.start[0])
    booked = [made_up.task(kind, case_id=None, sale_id=1, facts=made_up.PROBLEM) for kind in TaskKind]
    mission = Mission(team_id=made_up.TEAM, id=1, words=made_up.TYPED, heard_by=made_up.REP, heard_at=made_up.NOW)
    kept = {each: Solidified(made_up.sale(each), customer, member, mission, booked, namesakes=2) for each in Sureness}
    for sureness, solidified in kept.items():
        yield show(f"word sale kept, {sureness}", sales.solidified, voice, solidified)
    left_alone = Solidified(
        made_up.sale(Sureness.SURE), made_up.customer(left_alone_since=made_up.NOW), member, None, []
    )
    yield show("word sale kept, left alone", sales.solidified, voice, left_alone)
    call = Reminder(made_up.task(TaskKind.UNSURE_CALL), None, made_up.sale(Sureness.FLAT), customer, member)
    yield show("word call moved", sales.call_moved, voice, call)
    yield show("help of solidify", sales.helped, voice, command_of(stage.prefix, ids.SOLIDIFY))


def _reminders(stage: Stage) -> Iterator[Specimen]:
    voice, book = stage.voice, stage.worked[0]

    def about(kind: TaskKind, *, met: bool | None = None, **given: object) -> Reminder:
        case = made_up.case(book, book.start[0], outcome=Outcome.SAVED, met=met)
        case.decided_at, case.reason = made_up.NOW, "cost"
        return Reminder(
            made_up.task(kind, **given), case, made_up.sale(Sureness.FLAT), made_up.customer(), made_up.member()
        )

    def brought(*several: Reminder, more: bool = False) -> Message:
        return reminders.brought(voice, Round(made_up.member(), several, more), made_up.LATER + timedelta(days=2))

    for kind in TaskKind:
        waits: dict[str, Any] = {"reminded_at": made_up.NOW, "times": IGNORED_TIMES}
        yield show(f"reminder {kind}", brought, about(kind, facts=made_up.FACTS, **waits))
        yield show(f"reminder {kind}, little to say", brought, about(kind, facts=made_up.PROBLEM, **waits))
        yield show(f"reminder {kind}, put off", brought, about(kind))
    several = [about(TaskKind.PROBLEM, id=turn, facts=made_up.FACTS, **waits) for turn in range(AT_ONCE_MOST)]
    yield show("reminders, as many as there can be", brought, *several, more=True)
    for said in (held.YES, held.NO, held.UNKNOWN):
        yield show(
            f"reminder held, {said}", brought, about(TaskKind.HELD, facts={held.HELD: said}, done_at=made_up.NOW)
        )
    handed = about(TaskKind.HELLO, owner_id=made_up.COLLEAGUE, handed_by=made_up.REP, handed_at=made_up.NOW)
    yield show("reminder handed over", brought, handed)
    yield show(
        "reminder dropped, with a word",
        brought,
        about(TaskKind.HELLO, dropped_at=made_up.NOW, dropped_why=made_up.TYPED),
    )
    origin = TaskOrigin(task_id=1, response_url=made_up.URL)
    yield show("form hand over", reminders.hand_over, voice, origin)
    yield show("form drop", reminders.drop, voice, origin)
    for kind, met in ((TaskKind.HELLO, None), (TaskKind.MET, True), (TaskKind.MET, False)):
        done = about(kind, met=met, done_at=made_up.NOW)
        yield show(f"reminder {kind}, done, {met}", brought, done)
    gone = about(TaskKind.CHECK_IN, facts={held.HELD: held.NO}, done_at=made_up.NOW)
    yield show("reminder check_in, gone", brought, gone)
    entry = {"what": voice.label(f"task.{TaskKind.CHECK_IN}"), "name": person(made_up.NAME)}
    yield show("entry of a calendar", _said, voice, "reminders/event", **entry)
    yield show("comment of a calendar", _said, voice, "reconnect/calendar")
    yield show("reminder dropped", brought, about(TaskKind.HELLO, dropped_at=made_up.NOW))


def _reconnecting(stage: Stage) -> Iterator[Specimen]:
    voice, command = stage.voice, command_of(stage.prefix, ids.RECONNECT)
    member = made_up.member(away_until=made_up.LATER)
    listed = [
        Reminder(
            made_up.task(kind, id=turn, due_at=made_up.NOW + timedelta(days=turn - 1)),
            None,
            None,
            made_up.customer(),
            member,
        )
        for turn, kind in enumerate(TaskKind)
    ]
    for count, coming in ((99, listed), (len(listed), listed), (1, listed[:1]), (0, [])):
        shown = Coming(member if count else made_up.member(), None, coming, count)
        yield show(f"what is coming, {count}", reconnecting.listed, voice, shown, made_up.NOW)
    done = replace(listed[0], task=made_up.task(TaskKind.RECONNECT, id=1, done_at=made_up.NOW))
    yield show("what is coming, one just done", reconnecting.listed, voice, shown, made_up.NOW, done)
    yield show("reminder booked", reconnecting.booked, voice, listed[0])
    off = replace(listed[0], member=made_up.member(work_days=[6]))
    yield show("reminder booked on a day off", reconnecting.booked, voice, off)
    for trouble in Trouble:
        for name in (made_up.NAME, None):
            told = f"time not understood, {trouble}, {bool(name)}"
            yield show(told, reconnecting.not_understood, voice, command, trouble, name)
    yield show("reminder of nobody", reconnecting.nobody_named, voice, command)
    yield show("help of reconnect", reconnecting.helped, voice, command)
    for count in (0, 1, 2):
        yield show(f"away, {count}", reconnecting.away, voice, Away(member, made_up.LATER, count))
        yield show(f"handed while away, {count}", reconnecting.handed, voice, count, made_up.COLLEAGUE, made_up.NOW)
        yield show(f"taken back, {count}", reconnecting.taken_back, voice, count)
        yield show(f"calendar comes, {count}", reconnecting.calendar_comes, voice, count)
    yield show("back", reconnecting.back, voice, was_away=True)
    yield show("back, and never away", reconnecting.back, voice, was_away=False)
    yield show("form hand all over", reconnecting.hand_all, voice, reconnecting.AwayOrigin(response_url=made_up.URL))


def _library(stage: Stage) -> Iterator[Specimen]:
    voice, titles = stage.voice, {book.name: book.title for book in stage.worked}
    yield show("form product", library.product, voice)
    yield show("form product kept", library.product, voice, made_up.product())
    yield show("form team", library.team, voice, made_up.team())
    yield show("form settings", members.settings, voice, made_up.member(), made_up.team(), titles)


def _texts(stage: Stage) -> Iterator[Specimen]:
    """Posts in channels, help, and the short answers."""
    voice, book = stage.voice, stage.worked[0]
    command = command_of(stage.prefix, ids.CANCEL)
    case = made_up.case(book, book.start[0])
    for kind, name in ((posts.QUESTION, None), (posts.HEARD, None), (posts.HEARD, made_up.NAME)):
        post = Post(
            team_id=made_up.TEAM,
            case_id=1,
            kind=kind,
            channel=made_up.CHANNEL,
            words=made_up.TYPED,
            author_id=made_up.REP,
            created_at=made_up.NOW,
        )
        told = f"post {kind}, named" if name else f"post {kind}"
        yield show(told, colleagues.post, voice, Posted(post, case, None, name))
    books = [each for each in stage.worked if each.words]
    yield show("help", _said, voice, "cases/help", command=command, books=books)
    for reason in Reason:
        problem = problems.declined(voice, reason, made_up.REFERENCE, stage.prefix)
        yield show(f"answer {reason}", problems.message, problem)
        yield show(f"word {reason}", problems.sheet, voice, problem)
    for support in ("", made_up.SUPPORT):
        problem = problems.unexpected(voice, made_up.REFERENCE, support)
        name = "unexpected, with somewhere to ask" if support else "unexpected"
        yield show(f"answer {name}", problems.message, problem)
        yield show(f"word {name}", problems.sheet, voice, problem)
    yield show("word opened", _word, voice, "opened", "cases/opened")
    yield show("word settings kept", _word, voice, "settings_kept", "home/settings_kept")
    yield show("word resumed", _word, voice, "resumed", "cases/resumed", name=person(made_up.NAME))


def _said(voice: Voice, template: str, /, **facts: object) -> Message:
    text = voice.text(template, **facts)
    return blocks.remark(text)


def _word(voice: Voice, title: str, template: str, /, **facts: object) -> View:
    return blocks.word(
        voice.label(f"form.{title}_title"), voice.label("form.understood"), voice.text(template, **facts)
    )
