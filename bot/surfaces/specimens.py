"""Specimens: every surface that the words can make, with made-up people on it, for whoever checks those words.

Nobody meets these people in Slack. Their names are long, so that a line has to leave room for one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, ParamSpec, TypeVar

from jinja2 import TemplateError

from bot.coaching import calendar, posts
from bot.coaching.cases import HANDED, MISFIT, NOTE, Card, Freed, Notice
from bot.coaching.colleagues import Handed
from bot.coaching.customers import Known, Past
from bot.coaching.errors import Reason
from bot.coaching.home import Agenda
from bot.coaching.ledger import STORY
from bot.coaching.library import Library, Withdrawal
from bot.coaching.matching import Match, Tale
from bot.coaching.outcomes import OF_APPOINTMENTS, OF_CANCELLATIONS, UNCOUNTED, Outcome
from bot.coaching.playbooks import Cause, Follow, Kind, Playbook, line
from bot.coaching.posts import Posted
from bot.coaching.reminders import Reminder, TaskKind
from bot.coaching.sales import Solidified, Sureness
from bot.coaching.stories import Judged, Queue, What, Word
from bot.coaching.tellings import Thanks
from bot.storage.models import (
    Case,
    Customer,
    Member,
    Mission,
    Post,
    Product,
    Remedy,
    Sale,
    Story,
    StoryDecision,
    Task,
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
    remedies,
    reminders,
    sales,
    stories,
)
from bot.surfaces import settings as members
from bot.surfaces.blocks import Message, View
from bot.surfaces.forms import Origin
from bot.surfaces.lines import facts
from bot.surfaces.manifest import command_of
from bot.surfaces.reminders import TaskOrigin
from bot.surfaces.stories import VerdictOrigin
from bot.surfaces.words import Voice, person

P = ParamSpec("P")
Row = TypeVar("Row")

_NOW = datetime(2030, 1, 8, 15, 0, tzinfo=UTC)
_TODAY = _NOW.date()
_LATER = _NOW + timedelta(days=7)
_TEAM, _REP, _COLLEAGUE, _CHANNEL = "T0000000000", "U0000000001", "U0000000002", "C0000000000"
_NAME = "Ottoline Specimen-Nobody of Nowhere-in-Particular upon the Example"
_PRODUCT = "The specimen armchair, extra wide"
_TYPED = "It seemed right on the day,\nand since then <nobody> has had the time to sit in it & look out of the window."
_URL = "https://example.com/specimen?room=living&view=window"
_WORDS = dict.fromkeys(("thought", "why", "mission", "future", NOTE, MISFIT, HANDED), _TYPED)
_PROBLEM = {"problem": _PRODUCT, "answer": _TYPED}
_PAGE = {"title": _PRODUCT, "url": _URL}
# Everything that a reminder of some kind has to say.
_FACTS = {**_PROBLEM, **_PAGE, "promise": _TYPED, "mission": _TYPED, "meeting": str(int(_LATER.timestamp()))}
_ORIGIN = Origin(case_id=1, revision=1, response_url=_URL, message_ts="1.0")
_IN_WRITING: Mapping[str, object] = {"writing": True, "heard_through": "email"}
_HANDED: Mapping[str, object] = {"handed_by": _COLLEAGUE, "handed_at": _NOW}


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
            _case(book, step, **given),
            _customer(),
            _member(),
            book,
            mission=Mission(team_id=_TEAM, id=1, words=_TYPED, heard_by=_REP, heard_at=_NOW),
            story=_match() if book.steps[step].brings == STORY else None,
            team=_team(),
            slots=calendar.two_times(_NOW, self.voice.zone) if book.kind is Kind.APPOINTMENT else (),
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


def _filled(row: Row, given: Mapping[str, object]) -> Row:
    for name, value in given.items():
        setattr(row, name, value)
    return row


def _case(book: Playbook, step: str, **given: object) -> Case:
    case = Case(
        team_id=_TEAM,
        id=_number(book),
        customer_id=1,
        rep_id=_REP,
        kind=book.kind,
        playbook=book.name,
        step=step,
        cause=_cause(book, step),
        letting_go=step == book.goodbye,
        words=_WORDS,
        heard_through="phone",
        product=_PRODUCT,
        link=_URL,
        value_minor=1_200_50,
        currency="USD",
        opened_at=_NOW,
        touched_at=_NOW,
    )
    return _filled(case, given)


def _number(book: Playbook) -> int:
    """The thought on a first card goes by the case's number; this one brings the longest."""
    lengths = [len(thought) for thought in book.attitude]
    return len(lengths) + lengths.index(max(lengths)) if lengths else 1


def _cause(book: Playbook, step: str) -> Cause | None:
    way = next((cause for cause, branch in book.branches.items() if step in branch), None)
    return way or (Cause.LEGITIMATE if book.steps[step].follow else None)


def _customer(**given: object) -> Customer:
    return _filled(Customer(team_id=_TEAM, id=1, name=_NAME, name_key="", created_at=_NOW), given)


def _member(**given: object) -> Member:
    return _filled(Member(team_id=_TEAM, user_id=_REP, booking_link=_URL), given)


def _team() -> Team:
    return Team(
        team_id=_TEAM,
        heard_channel=_CHANNEL,
        help_channel=_CHANNEL,
        withdrawal_days=14,
        withdrawal_kinds=["sale"],
        withdrawal_words=_TYPED,
    )


def _match() -> Match:
    """A story that fits in every way."""
    tale = Tale(
        id=1,
        revision=1,
        author_id=_COLLEAGUE,
        name=_NAME,
        worry="cost",
        product=_PRODUCT,
        customer_kind=_PRODUCT,
        before=_TYPED,
        turned=_TYPED,
        now=_TYPED,
        told=0,
        landed=0,
        expires_at=_LATER,
    )
    return Match(tale, ["worry", "product", "customer_kind", "words"])


def _task(kind: TaskKind, **given: object) -> Task:
    task = Task(team_id=_TEAM, id=1, case_id=1, owner_id=_REP, kind=kind, due_at=_LATER, created_at=_NOW)
    return _filled(task, given)


def _sale(sureness: Sureness) -> Sale:
    return Sale(team_id=_TEAM, id=1, customer_id=1, rep_id=_REP, product=_PRODUCT, sureness=sureness, sold_at=_NOW)


def _product(number: int = 1) -> Product:
    kept = {"problems": [{"days": days, **_PROBLEM} for days in ("1", "14")], "links": [_PAGE] * 5}
    return Product(team_id=_TEAM, id=number, name=_PRODUCT, name_key="", changed_by=_REP, changed_at=_NOW, **kept)


def _ends(book: Playbook) -> Sequence[Outcome]:
    return OF_APPOINTMENTS if book.kind is Kind.APPOINTMENT else OF_CANCELLATIONS


def _steps(stage: _Stage) -> Iterator[Specimen]:
    for book in stage.worked:
        for step in book.steps.values():
            name = f"card {book.name}/{step.key}"
            if step.say or not book.reply:
                yield from stage.cards(name, stage.card(book, step.key))
            if book.reply and (step.write or not step.say):
                yield from stage.cards(f"{name} in writing", stage.card(book, step.key, **_IN_WRITING))


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
            waiting = stage.card(book, book.reply, waiting_until=_LATER.date(), **_IN_WRITING)
            yield from stage.cards(f"card {book.name} waiting", waiting)


def _ended(stage: _Stage, name: str, book: Playbook, given: Mapping[str, object]) -> Iterator[Specimen]:
    promised = [_task(TaskKind.CARRY_OUT), _task(TaskKind.HELLO)]
    ended = {"appointment_at": _LATER, **given}
    card = replace(stage.card(book, book.route(None)[-1], **ended), tasks=promised)
    yield from stage.cards(name, card)
    if card.step.write:
        yield from stage.cards(f"{name} in writing", replace(card, case=_filled(card.case, _IN_WRITING)))


def _additions(stage: _Stage) -> Iterator[Specimen]:
    """What may stand on a card beside the lines of its step."""
    book = stage.worked[0]
    start = book.start[0]
    card, missed = stage.card(book, start), stage.card(book, start, outcome=Outcome.NO_SHOW)
    carried_out = [_task(TaskKind.CARRY_OUT, done_at=_NOW), _task(TaskKind.HELLO)]
    past = Past(_case(book, start, outcome=Outcome.LEFT, reason="cost", remedy="fix"), carried_out)
    rights = {days: Withdrawal(_TYPED, None if days is None else _LATER.date(), days) for days in (None, 0, 1, 14)}
    shown = {
        "of nobody in particular": replace(card, customer=None),
        "with cues only": replace(card, member=_member(cues_only=True)),
        "after earlier cancellations": replace(card, history=[past] * 3),
        "of one of several": replace(card, namesakes=[Known(_customer(), [past]), *[Known(_customer())] * 4]),
        "of somebody left alone": replace(card, customer=_customer(left_alone_since=_NOW)),
        **{f"handed over, {cause}": stage.card(book, start, **_HANDED, cause=cause) for cause in Cause},
        "before a promise": replace(missed, freed=Freed(2, _NAME, _task(TaskKind.HELLO))),
        "before another case": replace(missed, freed=Freed(2, _NAME)),
        **{f"with {days} days to withdraw": replace(card, withdrawal=right) for days, right in rights.items()},
        **{f"with the notice {notice}": replace(card, notice=notice) for notice in Notice},
    }
    for name, each in shown.items():
        yield _show(f"card {name}", cases.card, stage.voice, each)
    for each_book in stage.worked:
        yield from _with_remedies(stage, each_book)
    handed = Handed(_case(book, start), _customer(), _member())
    yield _show("card that was handed over", cases.handed_over, stage.voice, handed, undo=True)


def _with_remedies(stage: _Stage, book: Playbook) -> Iterator[Specimen]:
    """What may help, all of it agreed on: while it is a worry, and once something has changed."""
    given = [_remedy(number, step.key) for number, step in enumerate(book.remedies(), start=1)]
    tasks = [_task(TaskKind.FIX, facts={"remedy": str(each.id)}) for each in given]
    for cause in Cause if book.help else ():
        card = replace(stage.card(book, book.help or "", cause=cause), remedies=given, tasks=tasks)
        yield from stage.cards(f"card {book.name} with every remedy, {cause}", card)


def _remedy(number: int, key: str) -> Remedy:
    worth = {"worth_minor": 120_00, "currency": "USD"}
    kept = Remedy(team_id=_TEAM, id=number, case_id=1, key=key, follow=Follow.NOTE, agreed_by=_REP, agreed_at=_NOW)
    return _filled(kept, worth)


def _forms(stage: _Stage) -> Iterator[Specimen]:
    voice, products = stage.voice, [_product()]
    for book in stage.worked:
        for outcome in (None, *_ends(book)):
            ended = stage.card(book, book.route(None)[-1], outcome=outcome)
            name = f"form details, {book.name} {outcome or 'open'}"
            yield _show(name, forms.details, voice, ended, _ORIGIN, _TODAY, products)
    book = stage.worked[0]
    card = stage.card(book, book.start[0])
    yield _show("form new case", forms.new_case, voice)
    yield _show("form cool off", forms.cool_off, voice, _ORIGIN, _TODAY)
    yield _show("form leave out", forms.leave_out, voice, [(card.case, _NAME), (card.case, None)], _ORIGIN)
    yield _show("form new date", endings.new_date, voice, card, _ORIGIN, products, _NOW)
    yield _show("form not now", endings.not_now, voice, _ORIGIN)
    yield _show("form misfit", endings.misfit, voice, _ORIGIN)
    yield _show("form in touch", endings.in_touch, voice, _ORIGIN, _TODAY)
    yield _show("form snooze", reminders.snooze, voice, TaskOrigin(task_id=1, response_url=_URL), _NOW)
    yield _show("form colleague", colleagues.form, voice, card, _ORIGIN)
    yield _show("form colleague, no channel", colleagues.form, voice, replace(card, team=None), _ORIGIN)


def _agreements(stage: _Stage) -> Iterator[Specimen]:
    """A form for whatever may follow from a remedy, whether or not a playbook has such a one."""
    book = stage.worked[0]
    step = book.steps[book.start[0]]
    for follow in Follow:
        own = replace(book, steps={**book.steps, step.key: replace(step, follow=follow, beside=step.key)})
        card = stage.card(own, step.key)
        yield _show(f"form remedy {follow}", remedies.form, stage.voice, card, _ORIGIN, _NOW)
        alone = replace(card, team=None)
        yield _show(f"form remedy {follow}, no channel", remedies.form, stage.voice, alone, _ORIGIN, _NOW)


def _sales(stage: _Stage) -> Iterator[Specimen]:
    voice, member, customer = stage.voice, _member(), _customer()
    for book in (each for each in stage.books.values() if each.kind is Kind.SOLIDIFY):
        # The lines of the form change from day to day.
        for turn in range(max(len(lines) for step in book.steps.values() for lines in (step.say, step.ask))):
            day = _TODAY + timedelta(days=turn)
            name = f"form solidify, {book.name} in wording {turn + 1}"
            shown = _show(name, sales.solidify, voice, book, member, _NAME, [_product()], day)
            yield shown._replace(playbook=book.name, step=book.start[0])
    booked = [_task(kind, case_id=None, sale_id=1, facts=_PROBLEM) for kind in TaskKind]
    mission = Mission(team_id=_TEAM, id=1, words=_TYPED, heard_by=_REP, heard_at=_NOW)
    kept = {each: Solidified(_sale(each), customer, member, mission, booked, namesakes=2) for each in Sureness}
    for sureness, solidified in kept.items():
        yield _show(f"word sale kept, {sureness}", sales.solidified, voice, solidified)
    left_alone = Solidified(_sale(Sureness.SURE), _customer(left_alone_since=_NOW), member, None, [])
    yield _show("word sale kept, left alone", sales.solidified, voice, left_alone)
    call = Reminder(_task(TaskKind.UNSURE_CALL), None, _sale(Sureness.FLAT), customer, member)
    yield _show("word call moved", sales.call_moved, voice, call)
    yield _show("help of solidify", sales.helped, voice, command_of(stage.prefix, ids.SOLIDIFY))


def _reminders(stage: _Stage) -> Iterator[Specimen]:
    voice, book = stage.voice, stage.worked[0]

    def about(kind: TaskKind, *, met: bool | None = None, **given: object) -> Reminder:
        case = _case(book, book.start[0], outcome=Outcome.SAVED, met=met)
        return Reminder(_task(kind, **given), case, _sale(Sureness.FLAT), _customer(), _member())

    for kind in TaskKind:
        yield _show(f"reminder {kind}", reminders.reminder, voice, about(kind, facts=_FACTS))
        yield _show(f"reminder {kind}, little to say", reminders.reminder, voice, about(kind, facts=_PROBLEM))
        yield _show(f"reminder {kind}, put off", reminders.answered, voice, about(kind))
    for kind, met in ((TaskKind.HELLO, None), (TaskKind.MET, True), (TaskKind.MET, False)):
        done = about(kind, met=met, done_at=_NOW)
        yield _show(f"reminder {kind}, done, {met}", reminders.answered, voice, done)
    yield _show("reminder dropped", reminders.answered, voice, about(TaskKind.HELLO, dropped_at=_NOW))


def _lists(stage: _Stage) -> Iterator[Specimen]:
    voice, book, most = stage.voice, stage.worked[0], home.SHOWN_MOST
    waiting = [_case(book, book.start[0], id=turn, waiting_until=_TODAY if turn % 2 else None) for turn in range(most)]
    open_cases = [(each, _NAME if each.id else None) for each in waiting]
    about = _case(book, book.start[0])
    late = [_task(kind, id=turn, due_at=_NOW - timedelta(days=1)) for turn, kind in enumerate(TaskKind)]
    overdue = [Reminder(task, about, None, _customer(), _member()) for task in late]
    full = Library(_team(), [_product(number) for number in range(1, most + 3)])
    agendas = {
        "empty": Agenda(_member(is_admin=True), [], [], 0, 0),
        "of a new manager": Agenda(_member(), overdue[:1], open_cases[:1], 2, 2, Library(Team(team_id=_TEAM), [])),
        "of a manager": Agenda(_member(), overdue[:most], open_cases, most + 9, most + 9, full),
    }
    for name, agenda in agendas.items():
        yield _show(f"home {name}", home.home, voice, agenda, _NOW, stage.prefix)
        yield _show(f"list {name}", home.listing, voice, agenda, _NOW)


def _library(stage: _Stage) -> Iterator[Specimen]:
    voice, titles = stage.voice, {book.name: book.title for book in stage.worked}
    yield _show("form product", library.product, voice)
    yield _show("form product kept", library.product, voice, _product())
    yield _show("form team", library.team, voice, _team())
    yield _show("form settings", members.settings, voice, _member(), titles)


def _stories(stage: _Stage) -> Iterator[Specimen]:
    voice, member = stage.voice, _member()
    for book in stage.worked:
        for step in (each for each in book.steps.values() if each.brings == STORY):
            unnamed = replace(_match(), tale=replace(_match().tale, name=None), alike=[])
            yield from stage.cards(
                f"card {book.name}, {step.key}, no name", replace(stage.card(book, step.key), story=unnamed)
            )
            yield from stage.cards(
                f"card {book.name}, {step.key}, none fits", replace(stage.card(book, step.key), story=None)
            )
    told = stage.card(stage.worked[0], stage.worked[0].start[0], outcome=Outcome.SAVED, closed_at=_NOW, story_id=1)
    yield _show("card asking whether the story landed", cases.card, voice, told)
    story = Story(
        team_id=_TEAM,
        id=1,
        author_id=_COLLEAGUE,
        edited_by=_COLLEAGUE,
        whose=_NAME,
        whose_key="",
        source="case",
        consent="named",
        worry="cost",
        before=_TYPED,
        turned=_TYPED,
        now=_TYPED,
        status="doubted",
        proof=_TYPED,
        agreed_how=_TYPED,
        product=_PRODUCT,
        customer_kind=_PRODUCT,
        created_at=_NOW,
        changed_at=_NOW,
    )
    yield _show("thanks for a story", stories.thanked, voice, Thanks(story, _REP, member))
    yield _show("form story", stories.keep_case, voice, told, _ORIGIN, [_product()])
    several = [_filled(story.model_copy(), {"id": turn}) for turn in range(1, stories.QUEUE_MOST + 1)]
    waiting = Queue(member, several, 9)
    yield _show("queue of stories, empty", stories.queue, voice, Queue(member, [], 0))
    yield _show(
        "home with stories to verify", home.home, voice, Agenda(member, [], [], 0, 0), _NOW, stage.prefix, waiting
    )
    for what in What:
        decision = StoryDecision(team_id=_TEAM, story_id=1, what=what, by=_COLLEAGUE, at=_NOW, why=_TYPED)
        yield _show(f"queue of stories, {what} first", stories.queue, voice, waiting, Judged(story, member, decision))
        yield _show(f"word on a story, {what}", stories.word, voice, Word(story, decision, member))
    for verdict in (What.ASKED, What.DECLINED):
        origin = VerdictOrigin(story_id=1, revision=1, verdict=verdict, response_url=_URL)
        yield _show(f"form why, {verdict}", stories.why, voice, origin)
        mine = replace(Judged(story, member), story=_filled(story.model_copy(), {"status": verdict}))
        yield _show(f"queue of stories, {verdict} now", stories.queue, voice, waiting, mine)
    yield _show("story confirmed", stories.confirmed, voice)
    yield _show("word too late", _word, voice, "too_late", "stories/confirmed")


def _texts(stage: _Stage) -> Iterator[Specimen]:
    """Posts in channels, help, and the short answers."""
    voice, book = stage.voice, stage.worked[0]
    command = command_of(stage.prefix, ids.CANCEL)
    case = _case(book, book.start[0])
    for kind, name in ((posts.QUESTION, None), (posts.HEARD, None), (posts.HEARD, _NAME)):
        post = Post(
            team_id=_TEAM, case_id=1, kind=kind, channel=_CHANNEL, words=_TYPED, author_id=_REP, created_at=_NOW
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
    yield _show("word resumed", _word, voice, "resumed", "cases/resumed", name=person(_NAME))


def _said(voice: Voice, template: str, /, **facts: object) -> Message:
    text = voice.text(template, **facts)
    return blocks.message(text, [blocks.section(text)])


def _word(voice: Voice, title: str, template: str, /, **facts: object) -> View:
    return blocks.word(
        voice.label(f"form.{title}_title"), voice.label("form.understood"), voice.text(template, **facts)
    )
