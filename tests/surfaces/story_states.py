"""The states of a story: on a card, at closing, and in a thank-you."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from bot.coaching import reasons
from bot.coaching.ledger import Status
from bot.coaching.library import Library
from bot.coaching.matching import Match, Tale
from bot.coaching.outcomes import Outcome
from bot.coaching.reminders import TaskKind
from bot.coaching.searches import Found, Mine, Search
from bot.coaching.stories import Judged, What, Word
from bot.coaching.tellings import Thanks, Told
from bot.coaching.verifiers import Queue
from bot.storage.models import Member, Story, StoryDecision, Team
from bot.surfaces import cases, home, searches, stories, verifiers
from bot.surfaces.forms import Refused
from tests.surfaces.scenes import NOW, ORIGIN, ROSA, SAM, Built, Scene, said, submission

TALE = Tale(
    id=3,
    revision=1,
    author_id=SAM,
    customer_id=None,
    whose_key="mary somerville",
    name=None,
    worry="cost",
    product=None,
    customer_kind=None,
    before="She was worried that the payments would never end. <!everyone>",
    turned="We wrote the last date on the first page.",
    now="It is paid, & she looks at the stars.",
    told=0,
    landed=0,
    expires_at=NOW + timedelta(days=365),
)
WORDS = (What.ASKED, What.DECLINED, What.DOUBTED, What.WITHDRAWN)
STORY = Match(TALE, ["words"], others=True)
# What stands in a field is shown as it is.
SPOKEN = replace(TALE, before="She was worried that the payments would never end.")
PLACE = "stories:1"
NOTHING = Search()
LOOKING = searches.Looking.at(PLACE, Search("the payments"))
WRITTEN = Story(
    team_id="T1",
    id=3,
    author_id=SAM,
    edited_by=SAM,
    whose="Mary Somerville",
    whose_key="mary somerville",
    source="letter",
    proof="In the blue folder",
    consent="unnamed",
    agreed_how="In her letter",
    worry="cost",
    product="The ledger plan",
    customer_kind="A bakery",
    before=TALE.before,
    turned=TALE.turned,
    now=TALE.now,
    status="waiting",
    revision=1,
    created_at=NOW,
    changed_at=NOW,
)
SAM_HIMSELF = Member(team_id="T1", user_id=SAM)
THANKS = Thanks(WRITTEN, ROSA, SAM_HIMSELF)


def written(**given: Any) -> Story:
    """The story, otherwise."""
    return Story(**(WRITTEN.model_dump() | given))


def decision(what: What, **given: Any) -> StoryDecision:
    return StoryDecision(team_id="T1", story_id=3, what=what, at=NOW, **given)


def waiting(*stories_: Story, count: int | None = None, **given: Any) -> Queue:
    kept = {"member": Member(team_id="T1", user_id=ROSA, manages_since=NOW), "stories": stories_, **given}
    return Queue(count=len(stories_) if count is None else count, **kept)


def word(scene: Scene, what: What, **given: Any) -> Built:
    return stories.word(scene.voice, Word(WRITTEN, decision(what, **given), SAM_HIMSELF))


def refused(scene: Scene) -> Built:
    """A form with everything wrong that can be."""
    typed = {
        stories.WHOSE: {"value": "Mary Somerville"},
        stories.PROOF: {"value": "x" * 301},
        stories.BEFORE: {"value": "Mary was afraid."},
        stories.TURNED: {"value": "word " * 36},
        stories.NOW: {"value": "4111 1111 1111 1111"},
        stories.CONSENT: {"selected_option": {"value": "unnamed"}},
    }
    some, none = (stories.read(scene.voice, submission(each)) for each in (typed, {}))
    assert isinstance(some, Refused)
    assert isinstance(none, Refused)
    return {**none.errors, **some.errors}


def at_home(scene: Scene, queue: Queue) -> Built:
    return home.home(scene.voice, replace(scene.agenda(0), queue=queue), NOW, "")


def landed(scene: Scene, tale: Tale) -> Built:
    return cases.card(scene.voice, replace(scene.closed(Outcome.SAVED, story_id=3), told=tale))


def judged(scene: Scene, last: StoryDecision | None = None, status: str = "verified") -> Built:
    return verifiers.queue(scene.voice, waiting(), Judged(written(status=status), SAM_HIMSELF, last))


def found(scene: Scene, search: Search = NOTHING, **given: Any) -> Built:
    worries = reasons.worries(None, search.worry)
    kept = {"tales": [TALE], "more": False, "products": ["The ledger plan"], "means_something": True, **given}
    return searches.found(scene.voice, PLACE, Found(search, **{"member": SAM_HIMSELF, "worries": worries, **kept}))


def mine(scene: Scene, *written_: Story, more: bool = False) -> Built:
    return searches.mine(scene.voice, LOOKING, Mine(SAM_HIMSELF, written_, more))


def to_tell(scene: Scene, **given: Any) -> Built:
    card = scene.card()
    told = Told(SPOKEN, SAM_HIMSELF, card.case, card.customer)
    return searches.to_tell(scene.voice, LOOKING, replace(told, **given))


def change(scene: Scene, story: Story | None) -> Built:
    return stories.write(
        scene.voice, stories.StoryOrigin(looking=LOOKING), story, Library(Team(team_id="T1", customer_kinds=[]), [])
    )


SEARCHES: Mapping[str, Callable[[Scene], Built]] = {
    "stories_found": lambda scene: found(scene, Search("the payments"), more=True),
    "stories_found_best": lambda scene: found(scene, tales=[replace(TALE, told=1, landed=1, name="Mary <!here>")]),
    "stories_found_as_manager": lambda scene: found(
        scene, Search("", "cost", "The ledger plan"), member=Member(team_id="T1", user_id=ROSA, manages_since=NOW)
    ),
    "stories_found_as_colleague": lambda scene: found(scene, member=Member(team_id="T1", user_id=ROSA)),
    "stories_found_by_small_words": lambda scene: found(scene, Search("and the"), means_something=False),
    "stories_found_none": lambda scene: found(scene, Search('" * NEAR('), tales=[]),
    "stories_found_none_of_that_worry": lambda scene: found(
        scene, Search("", "cost", "No longer sold"), tales=[], products=[]
    ),
    "stories_none_yet": lambda scene: found(scene, tales=[], products=[]),
    **{
        f"stories_notice_{notice}": partial(
            lambda scene, notice: searches.mine(scene.voice, LOOKING, Mine(SAM_HIMSELF, [], more=False), notice),
            notice=notice,
        )
        for notice in ("story_kept", "story_alone", "story_withdrawn", "story_holds")
    },
    "stories_mine": lambda scene: mine(
        scene,
        *(written(id=turn, status=status, expires_at=NOW, told=2) for turn, status in enumerate(Status, 1)),
        more=True,
    ),
    "stories_mine_all": lambda scene: mine(scene, WRITTEN),
    "story_told": to_tell,
    "story_told_unnamed": lambda scene: to_tell(scene, customer=None),
    "story_told_in_no_case": lambda scene: to_tell(scene, case=None, customer=None),
    "story_copy": lambda scene: searches.to_copy(scene.voice, LOOKING, SPOKEN),
    "story_decided": lambda scene: searches.decided(
        scene.voice, WRITTEN, [decision(What.DECLINED, by=ROSA, why="Which\nletter?"), decision(What.EXPIRED)]
    ),
    "story_help": lambda scene: searches.helped(scene.voice, "/story"),
    "story_form_new": lambda scene: change(scene, None),
    "story_form_change": lambda scene: change(scene, WRITTEN),
    "story_form_change_withdrawn": lambda scene: change(scene, written(status=Status.WITHDRAWN)),
    "story_form_withdraw": lambda scene: stories.withdraw(scene.voice, stories.StoryOrigin(story_id=3)),
    **{
        f"story_done_{notice}": partial(
            lambda scene, notice: said(scene, notice, scene.voice.label(f"notice.{notice}")), notice=notice
        )
        for notice in ("story_kept", "story_alone", "story_withdrawn")
    },
}

STORIES: Mapping[str, Callable[[Scene], Built]] = {
    **SEARCHES,
    "card_story": lambda scene: scene.shown("story", cause="fear", story=STORY),
    "card_story_named": lambda scene: scene.shown(
        "story", cause="fear", reason="cost", story=replace(STORY, tale=replace(STORY.tale, name="Mary <!here>"))
    ),
    "card_story_alike": lambda scene: scene.shown(
        "story", cause="fear", story=replace(STORY, alike=["worry", "product", "customer_kind", "words"])
    ),
    "card_likeness": lambda scene: scene.shown("story", cause="fear"),
    "card_story_landed": lambda scene: scene.over(Outcome.SAVED, TaskKind.CHECK_IN, story_id=3),
    "card_story_landed_told": lambda scene: landed(scene, TALE),
    "card_story_only": lambda scene: scene.shown("story", cause="fear", story=replace(STORY, others=False)),
    "card_left_behind": lambda scene: cases.left_behind(scene.voice),
    "story_thanks": lambda scene: stories.thanked(scene.voice, THANKS),
    "story_form": lambda scene: stories.keep_case(
        scene.voice,
        scene.closed(Outcome.SAVED, reason="cost", words={"why": "The payments."}),
        ORIGIN,
        Library(Team(team_id="T1", customer_kinds=[]), []),
    ),
    "story_queue": lambda scene: verifiers.queue(
        scene.voice,
        waiting(
            WRITTEN,
            written(id=4, status="doubted", proof=None, product=None),
            written(id=5, status="expired"),
            count=7,
            since={4: {Status.DOUBTED, Status.WITHDRAWN}},
        ),
    ),
    "story_queue_of_a_verifier": lambda scene: verifiers.queue(scene.voice, waiting(WRITTEN, member=SAM_HIMSELF)),
    "story_queue_one": lambda scene: at_home(scene, waiting(WRITTEN)),
    "story_why_asked": lambda scene: verifiers.why(
        scene.voice, verifiers.VerdictOrigin(story_id=3, revision=1, verdict=What.ASKED)
    ),
    "story_why_declined": lambda scene: verifiers.why(
        scene.voice, verifiers.VerdictOrigin(story_id=3, revision=1, verdict=What.DECLINED)
    ),
    **{f"story_word_{what}": partial(word, what=what, by=ROSA, why="Which letter?") for what in WORDS},
    "story_word_expired": lambda scene: word(scene, What.EXPIRED),
    **{f"story_judged_{status}": partial(judged, status=status) for status in ("verified", "asked", "declined")},
    **{f"story_judged_late_{what}": partial(judged, last=decision(what, by=ROSA)) for what in What},
    "story_judged_late_by_time": lambda scene: judged(scene, decision(What.EXPIRED)),
    "story_confirmed": lambda scene: stories.confirmed(scene.voice, WRITTEN),
    "story_confirmed_too_late": lambda scene: stories.confirmed(scene.voice, written(status="declined")),
    **{
        f"story_answered_{notice}": partial(
            lambda scene, notice: stories.sent_again(scene.voice, notice), notice=notice
        )
        for notice in ("story_kept", "story_alone")
    },
    "story_too_late": lambda scene: said(
        scene,
        "too_late",
        verifiers.told_who_was_first(scene.voice, Judged(WRITTEN, SAM_HIMSELF, decision(What.DECLINED, by=ROSA))),
    ),
}

STORY_ANSWERS: Mapping[str, Callable[[Scene], Built]] = {"story_refused": refused}
