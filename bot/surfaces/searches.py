"""`/story`: a modal in which a member looks for a story to tell, tells or copies it, and finds their own.

It is a modal because Slack lets an app change one for as long as it is open. An answer to a command stays as it is
until somebody presses in it, and so would a story that was withdrawn.
"""

from collections.abc import Mapping, Sequence
from typing import Self

from bot.coaching.ledger import LINES, Status
from bot.coaching.matching import Tale
from bot.coaching.searches import TEXT_MOST, Found, Mine, Search
from bot.coaching.spelling import fold
from bot.coaching.tellings import Told
from bot.storage.models import Story, StoryDecision
from bot.surfaces import blocks, forms, ids, reasons
from bot.surfaces.blocks import Block, Element, Message, View
from bot.surfaces.forms import Opener
from bot.surfaces.ids import Look
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice, person

WORDS = "form.search_words"
COPY = "form.story_copy"

MINE_MOST = 10
DECISIONS_MOST = 20
SUGGESTED_MOST = 25
ANY = "*"
_PRODUCT_MOST = 100


class Looking(Opener):
    """What stands in the modal: a search, or what its member has written. `place` is its `external_id`."""

    place: str
    text: str = ""
    worry: str | None = None
    product: str | None = None
    skip: int = 0
    mine: bool = False

    @classmethod
    def at(cls, place: str, search: Search, *, mine: bool = False) -> Self:
        """A search in its place."""
        return cls(
            place=place, text=search.text, worry=search.worry, product=search.product, skip=search.skip, mine=mine
        )

    @property
    def search(self) -> Search:
        """What is looked for."""
        return Search(self.text, self.worry, self.product, self.skip)


def helped(voice: Voice, command: str) -> Message:
    """What can be typed after the command."""
    text = voice.text("stories/help", command=command)
    return blocks.remark(text)


def found(voice: Voice, place: str, found: Found, notice: str | None = None) -> View:
    """What a search has found. `notice` names what was done just now."""
    search = found.search
    words = blocks.text_input(WORDS, search.text, placeholder=voice.label("placeholder.search_words"), most=TEXT_MOST)
    said = voice.text(
        "stories/found",
        count=len(found.tales),
        means_something=found.means_something,
        searched=bool(search.text or search.worry or search.product),
        words=bool(search.text),
        worry=bool(search.worry),
    )
    shown = [block for tale in found.tales for block in _tale(voice, tale, found)]
    more = [blocks.actions(f"{ids.STORY_LOOK}.further", [_button(voice, Look.MORE)])] if found.more else []
    content = [
        forms.field(voice, WORDS, words),
        blocks.actions(f"{ids.STORY_LOOK}.by", _menus(voice, found)),
        *_notice(voice, notice),
        blocks.section(said),
        *shown,
        *more,
    ]
    return _view(voice, ids.SEARCH_FORM, "search", Looking.at(place, search), content)


def _menus(voice: Voice, found: Found) -> Sequence[Element]:
    worries = {ANY: voice.label("look.any_worry"), **reasons.titles(voice, found.worries)}
    chosen = found.search.product
    # What is chosen stands there as it was, even where no story tells of it any more.
    others = [each for each in found.products if len(each) <= _PRODUCT_MOST and fold(each) != fold(chosen or "")]
    named = [*([chosen] if chosen else []), *others]
    products = {ANY: voice.label("look.any_product"), **{product: product for product in named}}
    return [
        _menu(voice, Look.WORRY, worries, found.search.worry),
        *([_menu(voice, Look.PRODUCT, products, chosen)] if named else []),
        _button(voice, Look.MINE),
        _button(voice, Look.ADD),
    ]


def _menu(voice: Voice, look: Look, labels: Mapping[str, str], chosen: str | None) -> Element:
    options = blocks.options_of({f"{look}:{key}": label for key, label in labels.items()})
    return blocks.select(_id(look), options, f"{look}:{chosen or ANY}", voice.label(f"look.any_{look}"))


def _tale(voice: Voice, tale: Tale, found: Found) -> Sequence[Block]:
    mine = tale.author_id == found.member.user_id or found.member.manages_since is not None
    looks = (Look.CHANGE, Look.WITHDRAW, Look.DECIDED) if mine else (Look.WITHDRAW,)
    buttons = [_button(voice, Look.TELL, tale.id, style="primary"), _button(voice, Look.COPY, tale.id)]
    return [
        blocks.section(_told(voice, tale), menu(voice, tale.id, looks)),
        blocks.actions(f"{ids.STORY_LOOK}.story.{tale.id}", buttons),
    ]


def _told(voice: Voice, tale: Tale) -> str:
    return voice.text(
        "stories/tale",
        lines=tale.lines,
        worry=reasons.title(voice, tale.worry),
        product=tale.product,
        customer_kind=tale.customer_kind,
        name=person(tale.name) if tale.name else None,
        told=tale.told,
        landed=tale.landed,
    )


def menu(voice: Voice, story_id: int | None, looks: Sequence[Look]) -> Element:
    """What can be done with a story itself."""
    options = {f"{look}:{story_id}": voice.label(f"look.{look}") for look in looks}
    return blocks.overflow(f"{ids.STORY_LOOK}.menu.{story_id}", blocks.options_of(options))


def mine(voice: Voice, looking: Looking, mine: Mine, notice: str | None = None) -> View:
    """What a member has written, and where each story stands."""
    written = [block for story in mine.stories for block in _written(voice, story)]
    content = [
        blocks.actions(f"{ids.STORY_LOOK}.by", [_button(voice, Look.ALL), _button(voice, Look.ADD)]),
        *_notice(voice, notice),
        blocks.section(voice.text("stories/mine", count=len(mine.stories), more=mine.more)),
        *written,
    ]
    sheet = blocks.sheet(voice.label("form.mine_title"), voice.label("form.leave"), content)
    carried = forms.carried(voice, looking.model_copy(update={"mine": True}))
    return {**sheet, "private_metadata": carried, "external_id": looking.place}


def _written(voice: Voice, story: Story) -> Sequence[Block]:
    told = voice.text(
        "stories/written",
        lines=[getattr(story, line) for line in LINES],
        whose=person(story.whose),
        status=voice.label(f"story_status.{story.status}"),
        until=voice.day_and_year(story.expires_at) if story.status == Status.VERIFIED and story.expires_at else None,
        told=story.told,
        landed=story.landed,
    )
    gone = story.status == Status.WITHDRAWN
    looks = (Look.CHANGE, Look.DECIDED) if gone else (Look.CHANGE, Look.WITHDRAW, Look.DECIDED)
    holds = [blocks.actions(f"{ids.STORY_LOOK}.story.{story.id}", [_button(voice, Look.HOLDS, story.id)])]
    section = blocks.section(told, menu(voice, story.id, looks))
    return [section, *(holds if story.status == Status.EXPIRED else [])]


def to_tell(voice: Voice, looking: Looking, told: Told) -> View:
    """A story to tell now, and which case it stands with, until the member says that it is for another."""
    said = voice.text(
        "stories/told",
        case=told.case is not None,
        name=person(told.name) if told.name else None,
    )
    apart = _button(voice, Look.APART, f"{told.case.id}:{told.tale.id}") if told.case else None
    return _lines(voice, "told", looking, told.tale, [blocks.section(said, apart)])


def to_copy(voice: Voice, looking: Looking, tale: Tale) -> View:
    """A story in a field, to copy or to put into one's own words."""
    return _lines(voice, "copy", looking, tale, [])


def _lines(voice: Voice, name: str, looking: Looking, tale: Tale, said: Sequence[Block]) -> View:
    # A story in a field of its own id is not taken for what was typed about another one.
    field = blocks.text_input(f"{COPY}.{tale.id}", "\n".join(tale.lines), lines=True)
    content = [
        *said,
        blocks.section(_told(voice, tale)),
        blocks.field(f"{COPY}.{tale.id}", voice.label("field.story_copy"), field),
    ]
    return _view(voice, ids.TOLD_FORM, name, looking, content)


def decided(voice: Voice, story: Story, decisions: Sequence[StoryDecision]) -> View:
    """All that was decided of a story: who, when, what, and why."""
    told = [
        {
            "what": voice.label(f"decided.{each.what}"),
            "by": each.by,
            "day": voice.day_and_year(each.at),
            "why": each.why,
        }
        for each in decisions[:DECISIONS_MOST]
    ]
    head = voice.text("stories/decided", whose=person(story.whose), line=story.before)
    sections = [blocks.section(head), *(blocks.context(voice.text("stories/decision", **each)) for each in told)]
    return blocks.sheet(voice.label("form.decided_title"), voice.label("form.understood"), sections)


def read_words(sent: Submission) -> str:
    """The words to search by."""
    return sent.text(WORDS) or ""


def _notice(voice: Voice, notice: str | None) -> Sequence[Block]:
    return [blocks.context(voice.label(f"notice.{notice}"))] if notice else []


def _button(voice: Voice, look: Look, about: int | str | None = None, style: str | None = None) -> Element:
    return blocks.button(_id(look, about), voice.label(f"look.{look}"), f"{look}:{about or ''}", style=style)


def _id(look: Look, about: int | str | None = None) -> str:
    return f"{ids.STORY_LOOK}.{look}.{about}" if about else f"{ids.STORY_LOOK}.{look}"


def _view(voice: Voice, callback_id: str, name: str, looking: Looking, content: Sequence[Block]) -> View:
    # Nothing lies behind this modal to go back to.
    leave = blocks.plain(voice.label("form.leave"))
    return {**forms.form(voice, callback_id, name, looking, content), "close": leave, "external_id": looking.place}
