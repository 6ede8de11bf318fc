"""Specimens of true stories: on cards, among those to verify, and in a search."""

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.home import Agenda
from bot.coaching.ledger import STORY, Status
from bot.coaching.outcomes import Outcome
from bot.coaching.searches import SHOWN_MOST, Found, Mine, Search
from bot.coaching.stories import Judged, What, Word
from bot.coaching.tellings import Thanks, Told
from bot.coaching.verifiers import QUEUE_MOST, Queue
from bot.storage.models import StoryDecision
from bot.surfaces import blocks, cases, home, ids, made_up, searches, stories, verifiers
from bot.surfaces.blocks import View
from bot.surfaces.manifest import command_of
from bot.surfaces.searches import Looking
from bot.surfaces.stage import Specimen, Stage, show
from bot.surfaces.stories import StoryOrigin
from bot.surfaces.verifiers import VerdictOrigin
from bot.surfaces.words import Voice


def stories_told(stage: Stage) -> Iterator[Specimen]:
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
    told = replace(told, told=made_up.match().tale)
    yield show("card asking whether the story landed", cases.card, voice, told)
    story, shelf = made_up.story(), made_up.shelf()
    yield show("thanks for a story", stories.thanked, voice, Thanks(story, made_up.REP, member))
    yield show("form story", stories.keep_case, voice, told, made_up.ORIGIN, shelf)
    several = [made_up.story(id=turn) for turn in range(1, QUEUE_MOST + 1)]
    happened = {each.id: (Status.DOUBTED, Status.WITHDRAWN) for each in several}
    waiting = Queue(made_up.member(manages_since=made_up.NOW), several, 9, happened)
    yield show("queue of stories, empty", verifiers.queue, voice, Queue(member, [], 0))
    yield show(
        "home with stories to verify",
        home.home,
        voice,
        Agenda(member, [], [], 0, 0, queue=waiting),
        made_up.NOW,
        stage.prefix,
    )
    for what in What:
        decision = StoryDecision(
            team_id=made_up.TEAM, story_id=1, what=what, by=made_up.COLLEAGUE, at=made_up.NOW, why=made_up.TYPED
        )
        yield show(f"queue of stories, {what} first", verifiers.queue, voice, waiting, Judged(story, member, decision))
        yield show(f"answer too late, {what}", _told_late, voice, Judged(story, member, decision))
        yield show(f"word on a story, {what}", stories.word, voice, Word(story, decision, member))
    for verdict in (What.ASKED, What.DECLINED):
        origin = VerdictOrigin(story_id=1, revision=1, verdict=verdict, response_url=made_up.URL)
        yield show(f"form why, {verdict}", verifiers.why, voice, origin)
        mine = replace(Judged(story, member), story=made_up.story(status=verdict))
        yield show(f"queue of stories, {verdict} now", verifiers.queue, voice, waiting, mine)
    for status in Status:
        yield show(f"story confirmed, {status}", stories.confirmed, voice, made_up.story(status=status))
    yield show("card left behind", cases.left_behind, voice)
    yield show("word answered", stories.sent_again, voice, "story_alone")
    yield from _searches(stage)


def _searches(stage: Stage) -> Iterator[Specimen]:
    voice, member, tale = stage.voice, made_up.member(manages_since=made_up.NOW), made_up.match().tale
    tales = [replace(tale, id=turn, told=9) for turn in range(1, SHOWN_MOST + 1)]
    place, search = "stories:1", Search(made_up.TYPED, "cost", made_up.PRODUCT, 5)
    looking = Looking.at(place, search)
    found = Found(search, member, tales, True, ["cost"], [made_up.PRODUCT], means_something=True)
    yield show("stories found", searches.found, voice, place, found, "story_kept")
    for means_something, given in ((False, search), (True, search), (True, Search())):
        none = replace(found, search=given, tales=[], more=False, means_something=means_something)
        yield show(f"no stories found, {means_something}, {bool(given.text)}", searches.found, voice, place, none)
    written = [made_up.story(id=turn, status=status, expires_at=made_up.LATER) for turn, status in enumerate(Status, 1)]
    yield show("my stories", searches.mine, voice, looking, Mine(member, written, more=True), "story_holds")
    yield show("my stories, none", searches.mine, voice, looking, Mine(member, [], more=False), "story_withdrawn")
    case = stage.card(stage.worked[0], stage.worked[0].start[0])
    told = Told(tale, member, case.case, case.customer)
    yield show("story to tell", searches.to_tell, voice, looking, told)
    yield show("story to tell, no case", searches.to_tell, voice, looking, replace(told, case=None, customer=None))
    yield show("story to copy", searches.to_copy, voice, looking, tale)
    decisions = [
        StoryDecision(
            team_id=made_up.TEAM, story_id=1, what=what, by=made_up.COLLEAGUE, at=made_up.NOW, why=made_up.TYPED
        )
        for what in What
    ]
    yield show("what was decided", searches.decided, voice, made_up.story(), decisions)
    yield show("stories, help", searches.helped, voice, command_of(stage.prefix, ids.STORY))
    origin = StoryOrigin(story_id=1, looking=looking, response_url=made_up.URL)
    shelf = made_up.shelf()
    yield show("form story, changed", stories.write, voice, origin, made_up.story(), shelf)
    yield show("form story, withdrawn", stories.withdraw, voice, origin)
    for notice in ("story_kept", "story_alone", "story_withdrawn"):
        yield show(f"word {notice}", _told_so, voice, notice)


def _told_so(voice: Voice, notice: str) -> View:
    title, close = voice.label(f"form.{notice}_title"), voice.label("form.understood")
    return blocks.word(title, close, voice.label(f"notice.{notice}"))


def _told_late(voice: Voice, judged: Judged) -> View:
    title, close = voice.label("form.too_late_title"), voice.label("form.understood")
    return blocks.word(title, close, verifiers.told_who_was_first(voice, judged))
