"""`/saves`: the figures of a period for whoever asks, and the form that sends them to a channel each week."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Self

from babel.dates import get_day_names
from pydantic import BaseModel

from bot.coaching import periods, reasons
from bot.coaching.figures import Figures, Filters
from bot.coaching.library import Library
from bot.coaching.periods import Period
from bot.coaching.playbooks import Playbook
from bot.coaching.summaries import Part, Summary, Wish
from bot.surfaces import blocks, forms, ids, summaries, timezones
from bot.surfaces import reasons as called
from bot.surfaces.blocks import Block, Element, Message, View
from bot.surfaces.forms import Opener, Refused
from bot.surfaces.ids import ExportAsk, RecordAsk, SavesAsk
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice, person

CHANNEL = "form.summary_channel"
DAY = "form.summary_day"
HOUR = "form.summary_hour"
ZONE = "form.summary_zone"
PARTS = "form.summary_parts"
FIRST = "form.first_day"
LAST = "form.last_day"

ANY = "*"
_PRODUCT_MOST = 100


class Span(StrEnum):
    """The periods that one press chooses."""

    THIS_WEEK = "this_week"
    LAST_WEEK = "last_week"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"


class Looked(Opener):
    """What stands in the modal: a period, what it is narrowed to, and the channel in which it was asked for."""

    channel: str | None = None
    span: Span | None = Span.THIS_WEEK
    first: date | None = None
    last: date | None = None
    product: str | None = None
    reason: str | None = None
    playbook: str | None = None

    @property
    def filters(self) -> Filters:
        """What it is narrowed to."""
        return Filters(self.product, self.reason, self.playbook)


class WishOrigin(Opener):
    """The channel for which a summary is set up."""

    channel: str | None = None


class Wished(Opener):
    """What a preview was made of."""

    wish: "_Wish"

    @classmethod
    def of(cls, wish: Wish) -> Self:
        """To be carried by the preview."""
        return cls(wish=_Wish(**{**vars(wish), "parts": list(wish.parts)}))


class _Wish(BaseModel):
    channel: str
    day: int
    hour: str
    timezone: str
    parts: list[str]

    def read(self) -> Wish:
        return Wish(self.channel, self.day, self.hour, self.timezone, self.parts)


def shown(
    voice: Voice,
    looked: Looked,
    mine: Figures | None,
    team: Figures,
    shelf: Library,
    books: Mapping[str, Playbook],
    *,
    manages: bool = False,
    shared: bool = False,
) -> View:
    """One's own figures and the team's totals; a manager sees the team's alone, and what else managers may do.

    What has just been `shared` says so, and is not shared again.
    """
    own = [blocks.header(voice.label("saves.mine")), *_lines(voice, mine)] if mine else []
    content = [
        blocks.actions(f"{ids.SAVES_PRESS}.by", _menus(voice, looked, shelf, books)),
        *own,
        blocks.header(voice.label("saves.team")),
        *_lines(voice, team),
        *([blocks.context(voice.text("summaries/is_shared", channel=looked.channel))] if shared else []),
        blocks.actions(f"{ids.SAVES_PRESS}.then", _buttons(voice, looked, manages=manages, shared=shared)),
        *([blocks.actions(f"{ids.EXPORT_PRESS}.then", _for_managers(voice))] if manages else []),
    ]
    sheet = blocks.sheet(voice.label("form.saves_title"), voice.label("form.close"), content)
    return {**sheet, "private_metadata": forms.carried(voice, looked)}


def _lines(voice: Voice, figures: Figures) -> Sequence[Block]:
    return [blocks.section("\n".join(summaries.five_lines(voice, figures)))]


def _menus(voice: Voice, looked: Looked, shelf: Library, books: Mapping[str, Playbook]) -> Sequence[Element]:
    spans: Mapping[str, str] = {each: voice.label(f"span.{each}") for each in Span}
    named = [each.name for each in shelf.products if len(each.name) <= _PRODUCT_MOST]
    if looked.product and looked.product not in named:
        named = [looked.product, *named]
    among = called.titles(voice, reasons.ever(shelf.team, looked.reason))
    titles = {name: book.title for name, book in books.items()}
    return [
        _menu(voice, SavesAsk.SPAN, spans, looked.span),
        _menu(
            voice, SavesAsk.PRODUCT, _or_any(voice, "product", {each: each for each in named}), looked.product or ANY
        ),
        _menu(voice, SavesAsk.REASON, _or_any(voice, "reason", among), looked.reason or ANY),
        _menu(voice, SavesAsk.PLAYBOOK, _or_any(voice, "playbook", titles), looked.playbook or ANY),
    ]


def _or_any(voice: Voice, of: str, labels: Mapping[str, str]) -> Mapping[str, str]:
    return {ANY: voice.label(f"saves.any_{of}"), **labels}


def _menu(voice: Voice, ask: SavesAsk, labels: Mapping[str, str], chosen: str | None) -> Element:
    options = blocks.options_of({f"{ask}:{key}": label for key, label in labels.items()})
    placeholder = voice.label(f"placeholder.saves_{ask}")
    return blocks.select(f"{ids.SAVES_PRESS}.{ask}", options, f"{ask}:{chosen}" if chosen else None, placeholder)


def _buttons(voice: Voice, looked: Looked, *, manages: bool, shared: bool) -> Sequence[Element]:
    share = [SavesAsk.SHARE] if looked.channel and not shared else []
    asks = [SavesAsk.DATES, *share, *([SavesAsk.SUBSCRIBE] if manages else [])]
    return [blocks.button(f"{ids.SAVES_PRESS}.{ask}", voice.label(f"saves.{ask}"), f"{ask}:") for ask in asks]


def _for_managers(voice: Voice) -> Sequence[Element]:
    return [
        blocks.button(f"{ids.EXPORT_PRESS}.{ExportAsk.PAGE}", voice.label("manage.page"), ExportAsk.PAGE),
        blocks.button(f"{ids.EXPORT_PRESS}.{ExportAsk.FORM}", voice.label("manage.export"), ExportAsk.FORM),
        blocks.button(f"{ids.RECORD_PRESS}.{RecordAsk.CUSTOMER}", voice.label("manage.customer"), RecordAsk.CUSTOMER),
    ]


def dates(voice: Voice, looked: Looked) -> View:
    """Any two dates."""
    fields = [
        forms.field(voice, name, blocks.date_picker(name, kept.isoformat() if kept else None), optional=False)
        for name, kept in ((FIRST, looked.first), (LAST, looked.last))
    ]
    return forms.form(voice, ids.DATES_FORM, "dates", looked, fields)


def read_dates(voice: Voice, sent: Submission) -> Period | Refused:
    """The days between the two dates of a form."""
    first, last = (date.fromisoformat(sent.text(each) or "") for each in (FIRST, LAST))
    found = periods.between(first, last, voice.zone)
    return found if isinstance(found, Period) else refused_dates(voice, found)


def refused_dates(voice: Voice, trouble: str) -> Refused:
    """Why two dates make no period."""
    return Refused({LAST: voice.label(f"error.dates_{trouble}")})


def narrowed(voice: Voice, filters: Filters, books: Mapping[str, Playbook]) -> Sequence[str]:
    """What figures or files are of alone, as people call it."""
    reason = called.title(voice, filters.reason) if filters.reason else None
    book = books.get(filters.playbook or "")
    return [each for each in (filters.product, reason, book.title if book else filters.playbook) if each]


def shared(voice: Voice, looked: Looked, figures: Figures, books: Mapping[str, Playbook], by: str) -> Message:
    """The figures as they are shared in a channel: the team's, with who shared them."""
    lines = "\n".join(summaries.five_lines(voice, figures))
    footer = voice.text("summaries/shared", by=by, narrowed=narrowed(voice, looked.filters, books))
    return blocks.message([blocks.section(lines), blocks.context(footer)])


def subscribe(voice: Voice, origin: WishOrigin, kept: Wish | None) -> View:
    """Where, when, and what of it."""
    wish = kept or Wish(origin.channel or "", 0, "09:00", voice.zone.key, [*Part])
    names = get_day_names("wide", context="stand-alone", locale=voice.locale)
    week = [(voice.locale.first_week_day + turn) % len(names) for turn in range(len(names))]
    parts = blocks.options_of({part: voice.label(f"part.{part}") for part in Part})
    where = blocks.own_channels_select(CHANNEL, voice.label("placeholder.channel"), wish.channel or None)
    fields = [
        forms.field(voice, CHANNEL, where, optional=False),
        forms.choice(voice, DAY, {str(day): names[day] for day in week}, str(wish.day), optional=False),
        forms.field(voice, HOUR, blocks.time_picker(HOUR, wish.hour), optional=False),
        forms.field(voice, ZONE, timezones.menu(voice, ZONE, wish.timezone), optional=False),
        forms.field(voice, PARTS, blocks.checkboxes(PARTS, parts, wish.parts)),
    ]
    return forms.form(voice, ids.SUBSCRIBE_FORM, "subscribe", origin, fields)


def read_wish(voice: Voice, sent: Submission) -> Wish | Refused:
    """What a manager wishes for a channel."""
    channel, day, hour, timezone = (sent.text(each) for each in (CHANNEL, DAY, HOUR, ZONE))
    wrong = {
        CHANNEL: not channel,
        DAY: not (day and day.isdecimal() and int(day) in range(7)),
        HOUR: not hour,
        ZONE: timezone not in timezones.known(),
    }
    told = {name: voice.label(f"error.{name.removeprefix('form.')}") for name, is_wrong in wrong.items() if is_wrong}
    if told or not (channel and day and hour and timezone):
        return Refused(told)
    return Wish(channel, int(day), hour, timezone, sent.field(PARTS).ticked)


def preview(voice: Voice, wish: Wish, summary: Summary, thread: Sequence[str]) -> View:
    """What the channel would get, before anything is switched on; the `thread` in words, as a form has no drawings."""
    lines = blocks.section("\n".join(summaries.five_lines(voice, summary.figures)))
    said = blocks.context(voice.text("summaries/preview", to=wish.channel))
    return forms.form(
        voice, ids.SWITCH_ON_FORM, "preview", Wished.of(wish), [said, lines, *map(blocks.section, thread)]
    )


def announced(voice: Voice, wish: Wish, by: str) -> Message:
    """What the channel is told when a summary is set up in it."""
    names = get_day_names("wide", context="format", locale=voice.locale)
    text = voice.text("summaries/announced", by=by, day=names[wish.day], hour=wish.hour, timezone=wish.timezone)
    return blocks.remark(text)


def helped(voice: Voice, command: str, unknown: str | None = None) -> Message:
    """What can be typed after the command; for something `unknown`, that it was not understood."""
    text = voice.text("summaries/help", command=command, unknown=person(unknown) if unknown else None)
    return blocks.remark(text)
