"""Specimens: every surface that the words can make, with made-up people on it, for whoever checks those words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple, ParamSpec

from jinja2 import TemplateError

from bot.coaching import calendar, posts
from bot.coaching.cases import Card, Freed, Notice
from bot.coaching.colleagues import Handed
from bot.coaching.customers import Known, Past
from bot.coaching.errors import Reason
from bot.coaching.home import Agenda
from bot.coaching.ledger import STORY
from bot.coaching.library import Library, Withdrawal
from bot.coaching.outcomes import OF_APPOINTMENTS, OF_CANCELLATIONS, UNCOUNTED, Outcome
from bot.coaching.playbooks import Cause, Follow, Kind, Playbook, line
from bot.coaching.posts import Posted
from bot.coaching.reminders import Reminder, TaskKind
from bot.coaching.sales import Solidified, Sureness
from bot.coaching.stories import Judged, What, Word
from bot.coaching.tellings import Thanks
from bot.coaching.verifiers import Queue
from bot.storage.models import (
    Mission,
    Post,
    StoryDecision,
    Team,
)
from bot.surfaces import (
    blocks,
    cases,
    colleagues,
    endings,
    forms,
    home,
    ids,
    library,
    made_up,
    remedies,
    reminders,
    sales,
    stories,
)
from bot.surfaces import settings as members
from bot.surfaces.blocks import Message, View
from bot.surfaces.lines import facts
from bot.surfaces.manifest import command_of
from bot.surfaces.reminders import TaskOrigin
from bot.surfaces.stories import VerdictOrigin
from bot.surfaces.words import Voice, person

P = ParamSpec("P")


class Specimen(NamedTuple):
    """A surface by its name, with the playbook and the step whose lines it shows, if any.

    One whose words cannot be filled in has nothing `built`, and its `fault` says why.
    """

    name: str
    built: Message | View
    playbook: str | None = None
    step: str | None = None
    fault: str | None = None

    @property
    def is_view(self) -> bool:
        """Whether it is a modal or a Home; all else are messages."""
        return "type" in self.built


def specimens(voice: Voice, books: Mapping[str, Playbook], prefix: str = "") -> Iterator[Specimen]:
    """One of everything in this voice: each step of these playbooks, each ending, each form, each reminder."""
    stage = _Stage(voice, books, prefix)
    for family in (
        _steps,
        _endings,
        _additions,
        _forms,
        _agreements,
        _sales,
        _reminders,
        _lists,
        _library,
        _stories,
        _texts,
    ):
        yield from family(stage)


def _show(name: str, build: Callable[P, Message | View], /, *args: P.args, **kwargs: P.kwargs) -> Specimen:
    try:
        return Specimen(name, build(*args, **kwargs))
    except (TemplateError, LookupError, TypeError, ValueError) as error:
        return Specimen(name, {}, fault=f"{type(error).__name__}: {error}")


@dataclass(frozen=True)
class _Stage:
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
            shown = _show(told, cases.card, self.voice, card)
            yield shown._replace(playbook=card.playbook.name, step=card.step.key)

    def _variants(self, card: Card) -> Sequence[int]:
        step, known = card.step, facts(self.voice, card)

        def length(variant: int) -> int:
            return sum(len(line(lines, variant, known) or "") for lines in (step.say, step.ask))

        longest = max(range(max(len(step.say), 1) * max(len(step.ask), 1)), key=length)
        return sorted({0, longest})


def _ends(book: Playbook) -> Sequence[Outcome]:
    return OF_APPOINTMENTS if book.kind is Kind.APPOINTMENT else OF_CANCELLATIONS


def _steps(stage: _Stage) -> Iterator[Specimen]:
    for book in stage.worked:
        for step in book.steps.values():
            name = f"card {book.name}/{step.key}"
            if step.say or not book.reply:
                yield from stage.cards(name, stage.card(book, step.key))
            if book.reply and (step.write or not step.say):
                yield from stage.cards(f"{name} in writing", stage.card(book, step.key, **made_up.IN_WRITING))


def _endings(stage: _Stage) -> Iterator[Specimen]:
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


def _ended(stage: _Stage, name: str, book: Playbook, given: Mapping[str, object]) -> Iterator[Specimen]:
    promised = [made_up.task(TaskKind.CARRY_OUT), made_up.task(TaskKind.HELLO)]
    ended = {"appointment_at": made_up.LATER, **given}
    card = replace(stage.card(book, book.route(None)[-1], **ended), tasks=promised)
    yield from stage.cards(name, card)
    if card.step.write:
        yield from stage.cards(f"{name} in writing", replace(card, case=made_up.filled(card.case, made_up.IN_WRITING)))


def _additions(stage: _Stage) -> Iterator[Specimen]:
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
        yield _show(f"card {name}", cases.card, stage.voice, each)
    for each_book in stage.worked:
        yield from _with_remedies(stage, each_book)
    handed = Handed(made_up.case(book, start), made_up.customer(), made_up.member())
    yield _show("card that was handed over", cases.handed_over, stage.voice, handed, undo=True)


def _with_remedies(stage: _Stage, book: Playbook) -> Iterator[Specimen]:
    """What may help, all of it agreed on: while it is a worry, and once something has changed."""
    given = [made_up.remedy(number, step.key) for number, step in enumerate(book.remedies(), start=1)]
    tasks = [made_up.task(TaskKind.FIX, facts={"remedy": str(each.id)}) for each in given]
    for cause in Cause if book.help else ():
        card = replace(stage.card(book, book.help or "", cause=cause), remedies=given, tasks=tasks)
        yield from stage.cards(f"card {book.name} with every remedy, {cause}", card)


def _forms(stage: _Stage) -> Iterator[Specimen]:
    voice, products = stage.voice, [made_up.product()]
    for book in stage.worked:
        for outcome in (None, *_ends(book)):
            ended = stage.card(book, book.route(None)[-1], outcome=outcome)
            name = f"form details, {book.name} {outcome or 'open'}"
            yield _show(name, forms.details, voice, ended, made_up.ORIGIN, made_up.TODAY, products)
    book = stage.worked[0]
    card = stage.card(book, book.start[0])
    yield _show("form new case", forms.new_case, voice)
    yield _show("form cool off", forms.cool_off, voice, made_up.ORIGIN, made_up.TODAY)
    yield _show(
        "form leave out", forms.leave_out, voice, [(card.case, made_up.NAME), (card.case, None)], made_up.ORIGIN
    )
    yield _show("form new date", endings.new_date, voice, card, made_up.ORIGIN, products, made_up.NOW)
    yield _show("form not now", endings.not_now, voice, made_up.ORIGIN)
    yield _show("form misfit", endings.misfit, voice, made_up.ORIGIN)
    yield _show("form in touch", endings.in_touch, voice, made_up.ORIGIN, made_up.TODAY)
    yield _show("form snooze", reminders.snooze, voice, TaskOrigin(task_id=1, response_url=made_up.URL), made_up.NOW)
    yield _show("form colleague", colleagues.form, voice, card, made_up.ORIGIN)
    yield _show("form colleague, no channel", colleagues.form, voice, replace(card, team=None), made_up.ORIGIN)


def _agreements(stage: _Stage) -> Iterator[Specimen]:
    """A form for whatever may follow from a remedy, whether or not a playbook has such a one."""
    book = stage.worked[0]
    step = book.steps[book.start[0]]
    for follow in Follow:
        own = replace(book, steps={**book.steps, step.key: replace(step, follow=follow, beside=step.key)})
        card = stage.card(own, step.key)
        yield _show(f"form remedy {follow}", remedies.form, stage.voice, card, made_up.ORIGIN, made_up.NOW)
        alone = replace(card, team=None)
        yield _show(f"form remedy {follow}, no channel", remedies.form, stage.voice, alone, made_up.ORIGIN, made_up.NOW)


def _sales(stage: _Stage) -> Iterator[Specimen]:
    voice, member, customer = stage.voice, made_up.member(), made_up.customer()
    for book in (each for each in stage.books.values() if each.kind is Kind.SOLIDIFY):
        # The lines of the form change from day to day.
        for turn in range(max(len(lines) for step in book.steps.values() for lines in (step.say, step.ask))):
            day = made_up.TODAY + timedelta(days=turn)
            name = f"form solidify, {book.name} in wording {turn + 1}"
            shown = _show(name, sales.solidify, voice, book, member, made_up.NAME, [made_up.product()], day)
            yield shown._replace(playbook=book.name, step=book.start[0])
    booked = [made_up.task(kind, case_id=None, sale_id=1, facts=made_up.PROBLEM) for kind in TaskKind]
    mission = Mission(team_id=made_up.TEAM, id=1, words=made_up.TYPED, heard_by=made_up.REP, heard_at=made_up.NOW)
    kept = {each: Solidified(made_up.sale(each), customer, member, mission, booked, namesakes=2) for each in Sureness}
    for sureness, solidified in kept.items():
        yield _show(f"word sale kept, {sureness}", sales.solidified, voice, solidified)
    left_alone = Solidified(
        made_up.sale(Sureness.SURE), made_up.customer(left_alone_since=made_up.NOW), member, None, []
    )
    yield _show("word sale kept, left alone", sales.solidified, voice, left_alone)
    call = Reminder(made_up.task(TaskKind.UNSURE_CALL), None, made_up.sale(Sureness.FLAT), customer, member)
    yield _show("word call moved", sales.call_moved, voice, call)
    yield _show("help of solidify", sales.helped, voice, command_of(stage.prefix, ids.SOLIDIFY))


def _reminders(stage: _Stage) -> Iterator[Specimen]:
    voice, book = stage.voice, stage.worked[0]

    def about(kind: TaskKind, *, met: bool | None = None, **given: object) -> Reminder:
        case = made_up.case(book, book.start[0], outcome=Outcome.SAVED, met=met)
        return Reminder(
            made_up.task(kind, **given), case, made_up.sale(Sureness.FLAT), made_up.customer(), made_up.member()
        )

    for kind in TaskKind:
        yield _show(f"reminder {kind}", reminders.reminder, voice, about(kind, facts=made_up.FACTS))
        yield _show(f"reminder {kind}, little to say", reminders.reminder, voice, about(kind, facts=made_up.PROBLEM))
        yield _show(f"reminder {kind}, put off", reminders.answered, voice, about(kind))
    for kind, met in ((TaskKind.HELLO, None), (TaskKind.MET, True), (TaskKind.MET, False)):
        done = about(kind, met=met, done_at=made_up.NOW)
        yield _show(f"reminder {kind}, done, {met}", reminders.answered, voice, done)
    yield _show("reminder dropped", reminders.answered, voice, about(TaskKind.HELLO, dropped_at=made_up.NOW))


def _lists(stage: _Stage) -> Iterator[Specimen]:
    voice, book, most = stage.voice, stage.worked[0], home.SHOWN_MOST
    waiting = [
        made_up.case(book, book.start[0], id=turn, waiting_until=made_up.TODAY if turn % 2 else None)
        for turn in range(most)
    ]
    open_cases = [(each, made_up.NAME if each.id else None) for each in waiting]
    about = made_up.case(book, book.start[0])
    late = [made_up.task(kind, id=turn, due_at=made_up.NOW - timedelta(days=1)) for turn, kind in enumerate(TaskKind)]
    overdue = [Reminder(task, about, None, made_up.customer(), made_up.member()) for task in late]
    full = Library(made_up.team(), [made_up.product(number) for number in range(1, most + 3)])
    agendas = {
        "empty": Agenda(made_up.member(is_admin=True), [], [], 0, 0),
        "of a new manager": Agenda(
            made_up.member(), overdue[:1], open_cases[:1], 2, 2, Library(Team(team_id=made_up.TEAM), [])
        ),
        "of a manager": Agenda(made_up.member(), overdue[:most], open_cases, most + 9, most + 9, full),
    }
    for name, agenda in agendas.items():
        yield _show(f"home {name}", home.home, voice, agenda, made_up.NOW, stage.prefix)
        yield _show(f"list {name}", home.listing, voice, agenda, made_up.NOW)


def _library(stage: _Stage) -> Iterator[Specimen]:
    voice, titles = stage.voice, {book.name: book.title for book in stage.worked}
    yield _show("form product", library.product, voice)
    yield _show("form product kept", library.product, voice, made_up.product())
    yield _show("form team", library.team, voice, made_up.team())
    yield _show("form settings", members.settings, voice, made_up.member(), titles)


def _stories(stage: _Stage) -> Iterator[Specimen]:
    voice, member = stage.voice, made_up.member()
    for book in stage.worked:
        for step in (each for each in book.steps.values() if each.brings == STORY):
            unnamed = replace(made_up.match(), tale=replace(made_up.match().tale, name=None), alike=[])
            yield from stage.cards(
                f"card {book.name}, {step.key}, no name", replace(stage.card(book, step.key), story=unnamed)
            )
            yield from stage.cards(
                f"card {book.name}, {step.key}, none fits", replace(stage.card(book, step.key), story=None)
            )
    told = stage.card(
        stage.worked[0], stage.worked[0].start[0], outcome=Outcome.SAVED, closed_at=made_up.NOW, story_id=1
    )
    yield _show("card asking whether the story landed", cases.card, voice, told)
    story = made_up.story()
    yield _show("thanks for a story", stories.thanked, voice, Thanks(story, made_up.REP, member))
    yield _show("form story", stories.keep_case, voice, told, made_up.ORIGIN, [made_up.product()])
    several = [made_up.story(id=turn) for turn in range(1, stories.QUEUE_MOST + 1)]
    waiting = Queue(member, several, 9)
    yield _show("queue of stories, empty", stories.queue, voice, Queue(member, [], 0))
    yield _show(
        "home with stories to verify",
        home.home,
        voice,
        Agenda(member, [], [], 0, 0),
        made_up.NOW,
        stage.prefix,
        waiting,
    )
    for what in What:
        decision = StoryDecision(
            team_id=made_up.TEAM, story_id=1, what=what, by=made_up.COLLEAGUE, at=made_up.NOW, why=made_up.TYPED
        )
        yield _show(f"queue of stories, {what} first", stories.queue, voice, waiting, Judged(story, member, decision))
        yield _show(f"answer too late, {what}", _told_late, voice, Judged(story, member, decision))
        yield _show(f"word on a story, {what}", stories.word, voice, Word(story, decision, member))
    for verdict in (What.ASKED, What.DECLINED):
        origin = VerdictOrigin(story_id=1, revision=1, verdict=verdict, response_url=made_up.URL)
        yield _show(f"form why, {verdict}", stories.why, voice, origin)
        mine = replace(Judged(story, member), story=made_up.story(status=verdict))
        yield _show(f"queue of stories, {verdict} now", stories.queue, voice, waiting, mine)
    yield _show("story confirmed", stories.confirmed, voice)


def _texts(stage: _Stage) -> Iterator[Specimen]:
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
        yield _show(told, colleagues.post, voice, Posted(post, case, None, name))
    books = [each for each in stage.worked if each.words]
    yield _show("help", _said, voice, "cases/help", command=command, books=books)
    for reason in Reason:
        yield _show(f"answer {reason}", _said, voice, f"errors/{reason}", command=command)
    yield _show("answer unexpected", _said, voice, "errors/unexpected", reference="0f3a9c1e")
    yield _show("word problem", _word, voice, "problem", "errors/unexpected", reference="0f3a9c1e")
    yield _show("word opened", _word, voice, "opened", "cases/opened")
    yield _show("word resumed", _word, voice, "resumed", "cases/resumed", name=person(made_up.NAME))


def _said(voice: Voice, template: str, /, **facts: object) -> Message:
    text = voice.text(template, **facts)
    return blocks.message(text, [blocks.section(text)])


def _word(voice: Voice, title: str, template: str, /, **facts: object) -> View:
    return blocks.word(
        voice.label(f"form.{title}_title"), voice.label("form.understood"), voice.text(template, **facts)
    )


def _told_late(voice: Voice, judged: Judged) -> View:
    title, close = voice.label("form.too_late_title"), voice.label("form.understood")
    return blocks.word(title, close, stories.told_who_was_first(voice, judged))
