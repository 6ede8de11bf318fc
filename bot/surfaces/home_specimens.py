"""Homes and lists as `check` looks at them, and what is said to whoever is new."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.coaching import missions, posts
from bot.coaching import waiting as waits
from bot.coaching.cases import Card
from bot.coaching.closings import Glance
from bot.coaching.customers import Past
from bot.coaching.home import Agenda
from bot.coaching.homes import Page
from bot.coaching.insight import Insight
from bot.coaching.library import Library
from bot.coaching.meanwhile import Meeting
from bot.coaching.posts import Posted
from bot.coaching.rates import Rate
from bot.coaching.reminders import Reminder, TaskKind
from bot.coaching.requests import Request
from bot.coaching.setup import Checklist, Welcome
from bot.coaching.sources import WROTE
from bot.coaching.waiting import Waiting
from bot.storage.models import Case, Draft, Post, Team
from bot.surfaces import cases, colleagues, drafts, home, made_up, shortcuts
from bot.surfaces.channels import ChannelTrouble
from bot.surfaces.forms import NAME
from bot.surfaces.shortcuts import MessageOrigin
from bot.surfaces.stage import Specimen, Stage, show


def homes_told(stage: Stage) -> Iterator[Specimen]:
    """Every Home and list, and what is said to whoever is new."""
    yield from _lists(stage)
    yield from _newcomers(stage)
    yield from _shortcuts(stage)
    yield from _two_at_once(stage)


def _lists(stage: Stage) -> Iterator[Specimen]:
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
    refused = [made_up.refused(kind, turn) for turn, kind in enumerate(voice.language.labels("delivery"))]
    agendas = {
        "empty": Agenda(made_up.member(is_admin=True), [], [], 0, 0),
        "of a new manager": Agenda(
            made_up.member(), overdue[:1], open_cases[:1], 2, 2, Library(Team(team_id=made_up.TEAM), [])
        ),
        "of a manager": Agenda(made_up.member(), overdue[:most], open_cases, most + 9, most + 9, full),
        "with what waits for days": Agenda(
            made_up.member(),
            [],
            open_cases[:1],
            0,
            1,
            waiting=Waiting(open_cases[:2], 9),
            insight=Insight(book.steps[book.start[0]], Rate(6, 9)),
        ),
        "with two that wait for days": Agenda(
            made_up.member(user_id=made_up.COLLEAGUE), [], [], 0, 0, waiting=Waiting(open_cases[:1], 2)
        ),
        "of a manager, with what was not delivered": Agenda(
            made_up.member(), [], [], 0, 0, full, refused, more_parked=True
        ),
    }
    for name, agenda in {**agendas, **_glances(stage, open_cases[:most])}.items():
        yield show(f"home {name}", home.home, voice, agenda, made_up.NOW, stage.prefix)
        yield show(f"list {name}", home.listing, voice, agenda, made_up.NOW)


def _glances(stage: Stage, open_cases: Sequence[tuple[Case, str | None]]) -> Mapping[str, Agenda]:
    """What a Home has beside the lists."""
    book, most = stage.worked[0], home.SHOWN_MOST
    new, busy = Glance(Rate(0, 0), Rate(0, 0), has_begun=False), Glance(Rate(3, 7), Rate(30, 70), has_begun=True)
    case = made_up.case(book, book.start[0], words={})
    asked = [
        (Request(made_up.approval("discount"), case, made_up.customer(), made_up.team(), made_up.member(), []), None)
    ]
    manager, empty = made_up.member(manages_since=made_up.NOW), Library(made_up.team(), [])
    left = Checklist(managers=True, products=False, limits=True, channel=False, stories=False)
    middle = Page(most, most, waits.SHOWN_MOST)
    return {
        "of somebody new": Agenda(made_up.member(), [], [], 0, 0, week=new),
        "of a busy week, amid the pages": Agenda(
            made_up.member(),
            [],
            open_cases,
            3 * most,
            3 * most,
            page=middle,
            week=busy,
            waiting=Waiting(open_cases[:1], 3 * most),
        ),
        "of a manager, with requests": Agenda(
            manager, [], [], 0, 0, empty, week=busy, requests=asked, request_count=len(asked) + 9, checklist=left
        ),
        "of somebody who is away": Agenda(made_up.member(away_until=made_up.LATER), [], [], 0, 0, week=busy),
        "of a week that has just begun": Agenda(made_up.member(), [], [], 0, 0, week=busy._replace(is_last=True)),
        "of a manager, with the team's alone": Agenda(manager, [], [], 0, 0, week=busy._replace(own=Rate(0, 0))),
    }


def _newcomers(stage: Stage) -> Iterator[Specimen]:
    voice, member = stage.voice, made_up.member()
    for installs in (True, False):
        yield show(f"welcome, {installs}", home.welcome, voice, Welcome(member, installs=installs))
    yield show("welcome after a case", home.welcome, voice, Welcome(member, installs=False, has_begun=True))
    yield show("no more tips", home.no_more_tips, voice, stage.prefix)
    yield show("made-up customer on the way", home.tried, voice)
    yield show("help of all", home.helped, voice, stage.prefix, [made_up.REP, made_up.COLLEAGUE], made_up.SUPPORT)
    yield show("help, many managers", home.helped, voice, stage.prefix, made_up.REPS, made_up.SUPPORT)
    yield show("help without managers", home.helped, voice, stage.prefix, [], "")
    for book in stage.worked:
        for step in (book.start[0], *(key for key, each in book.steps.items() if each.brings == missions.FIELD)):
            words = {missions.MADE_UP: home.made_up(voice).hoped}
            nobody = made_up.case(book, step, made_up=True, words=words, link=None)
            mission = missions.made_up(nobody) if book.steps[step].brings else None
            yield from stage.cards(
                f"card {book.name}/{step}, made up", Card(nobody, None, member, book, mission=mission)
            )


def _shortcuts(stage: Stage) -> Iterator[Specimen]:
    """What is handled from a message, and how its card tells of it."""
    voice, book = stage.voice, stage.worked[0]
    origin = MessageOrigin(channel=made_up.CHANNEL, ts="1.0")
    for count in (0, 1, 13):
        taken = shortcuts.taken_by(voice, made_up.REPS[:count], "")
        yield show(f"form message, {count}", shortcuts.handle, voice, origin, made_up.TYPED, taken)
    two = shortcuts.taken_by(voice, made_up.REPS[:2], "")
    for trouble in ChannelTrouble:
        yield show(f"form message, {trouble}", shortcuts.handle, voice, origin, "", two, trouble=trouble)
    own = shortcuts.taken_by(voice, [made_up.REP], made_up.REP)
    yield show("form message, one's own", shortcuts.handle, voice, origin, made_up.TYPED, own)
    yield show("form message, a long one", shortcuts.handle, voice, origin, made_up.LONG, [])
    typed: dict[str, dict[str, Any]] = {
        NAME: {"value": made_up.NAME},
        shortcuts.CLAIM: {"selected_options": [{"value": "claim"}]},
    }
    draft = Draft(team_id=made_up.TEAM, user_id=made_up.REP, form="", about="", values=typed, kept_at=made_up.NOW)
    begun = shortcuts.handle(voice, origin, made_up.TYPED, [])
    yield show("form message, closed before", drafts.restored, voice, begun, draft)
    for link in (None, made_up.URL):
        for wrote in ({}, {WROTE: made_up.TYPED}):
            case = made_up.case(book, book.start[0], source_ts="1.0", source_link=link, words=wrote, link=None)
            told = f"card of a message, {bool(link)}, {bool(wrote)}"
            yield from stage.cards(told, Card(case, None, made_up.member(), book))
    claimed = Post(
        team_id=made_up.TEAM,
        id=1,
        case_id=1,
        kind=posts.CLAIM,
        channel=made_up.CHANNEL,
        words="",
        author_id=made_up.REP,
        thread_ts="1.0",
        created_at=made_up.NOW,
    )
    yield show("post claim", colleagues.post, voice, Posted(claimed, made_up.case(book, book.start[0]), None, None))


def _two_at_once(stage: Stage) -> Iterator[Specimen]:
    """Two who have a case with one customer, and two cases of one rep."""
    voice, book = stage.voice, stage.worked[0]
    met = Meeting(made_up.member(), made_up.COLLEAGUE, made_up.NAME)
    yield show("word on a colleague's case", cases.met, voice, met)
    beside = {
        "of a colleague": [made_up.COLLEAGUE],
        "of several": ["V1", made_up.COLLEAGUE],
        "of many": made_up.REPS[1:],
    }
    for name, reps in beside.items():
        pasts = [Past(made_up.case(book, book.start[0], id=20 + turn, rep_id=rep)) for turn, rep in enumerate(reps)]
        card = Card(
            made_up.case(book, book.start[0]), made_up.customer(), made_up.member(), book, history=[*pasts, *pasts[:1]]
        )
        yield from stage.cards(f"card beside one {name}", card)
    own = Past(made_up.case(book, book.start[0], id=30))
    twice = Card(made_up.case(book, book.start[0]), made_up.customer(), made_up.member(), book, history=[own])
    yield from stage.cards("card beside one's own", twice)
