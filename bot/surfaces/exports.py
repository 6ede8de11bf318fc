"""Exports: the form that asks for files, the message that says how far they are, and the one page to forward."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from bot.coaching import reasons
from bot.coaching.exports import What, Wish
from bot.coaching.figures import Figures, Filters, one_thing
from bot.coaching.library import Library
from bot.coaching.matching import Tale
from bot.coaching.periods import Period
from bot.coaching.playbooks import Playbook
from bot.coaching.rates import Rate
from bot.surfaces import blocks, forms, ids, saves, summaries
from bot.surfaces import reasons as called
from bot.surfaces.blocks import Message, View
from bot.surfaces.forms import Refused
from bot.surfaces.payloads import Submission
from bot.surfaces.saves import FIRST, LAST, Looked
from bot.surfaces.words import Voice

WHAT = "form.export_what"
PRODUCT = "form.export_product"
REASON = "form.export_reason"
PLAYBOOK = "form.export_playbook"
NAMED = "form.export_named"

_NAMED = "named"
_ROWS_MOST = 8
# The drawing of the eight weeks, in its own units.
_WIDTH, _HEIGHT, _BAR, _GAP = 640, 180, 32, 4


def form(voice: Voice, looked: Looked, period: Period, shelf: Library, books: Mapping[str, Playbook]) -> View:
    """Of which days, what, of what alone, and whether with names; as the figures before it stand."""
    days = ((FIRST, period.first), (LAST, period.last))
    what = blocks.options_of({each: voice.label(f"export.{each}") for each in What})
    named = blocks.options_of({_NAMED: voice.label("export.named")})
    names = [each.name for each in shelf.products]
    sold = {blocks.cut(each, blocks.VALUE_MOST): each for each in ([looked.product] if looked.product else []) + names}
    among = called.titles(voice, reasons.ever(shelf.team, looked.reason))
    fields = [
        *(forms.field(voice, name, blocks.date_picker(name, day.isoformat()), optional=False) for name, day in days),
        forms.field(voice, WHAT, blocks.checkboxes(WHAT, what, [What.CASES]), optional=False),
        *([forms.choice(voice, PRODUCT, sold, looked.product)] if sold else []),
        forms.choice(voice, REASON, among, looked.reason),
        forms.choice(voice, PLAYBOOK, {name: book.title for name, book in books.items()}, looked.playbook),
        forms.field(voice, NAMED, blocks.checkboxes(NAMED, named)),
    ]
    return forms.form(voice, ids.EXPORT_FORM, "export", looked, fields)


def read(voice: Voice, sent: Submission) -> Wish | Refused:
    """What a manager wishes for."""
    days = saves.read_dates(voice, sent)
    what = [each for each in sent.field(WHAT).ticked if each in list(What)]
    wrong = {**forms.errors_of(days), **({} if what else {WHAT: voice.label("error.export_what")})}
    if wrong or isinstance(days, Refused):
        return Refused(wrong)
    filters = Filters(sent.text(PRODUCT), sent.text(REASON), sent.text(PLAYBOOK))
    return Wish(days, what, filters, named=_NAMED in sent.field(NAMED).ticked)


def coming(voice: Voice, *, page: bool) -> View:
    """It is on its way, and where it will come to."""
    told = voice.text("exports/page_coming" if page else "exports/coming")
    return blocks.word(voice.label("form.exporting_title"), voice.label("form.understood"), told)


def progress(voice: Voice, wish: Wish, written: int, count: int) -> Message:
    """How far an export is."""
    return _told(voice, "exports/progress", wish, written=written, count=count)


def done(voice: Voice, wish: Wish, count: int, books: Mapping[str, Playbook]) -> Message:
    """That an export is done, and of what alone; the files stand below."""
    of = saves.narrowed(voice, wish.filters, books)
    return _told(voice, "exports/done", wish, count=count, files=len(wish.what), narrowed=of)


def too_large(voice: Voice, wish: Wish) -> Message:
    """Slack takes no files of that size."""
    return _told(voice, "exports/too_large", wish)


def given_up(voice: Voice, wish: Wish) -> Message:
    """It could not be made, and is tried no more."""
    return _told(voice, "exports/given_up", wish)


def _told(voice: Voice, template: str, wish: Wish, **facts: object) -> Message:
    days = summaries.period(voice, wish.period.first, wish.period.last)
    text = voice.text(template, days=days, named=wish.named, **facts)
    return blocks.remark(text)


class _Bar(NamedTuple):
    """A bar of the drawing, by its corner and its size."""

    x: float
    y: float
    height: float
    of: int


class _Week(NamedTuple):
    day: str
    stayed: _Bar
    left: _Bar


class Table(NamedTuple):
    """A part of the page: lines of what and how many."""

    title: str
    rows: Sequence[tuple[str, str]]


def page_name(period: Period) -> str:
    """What the page is called as a file."""
    return f"saves_{period.first}_{period.last}.html"


def page(
    voice: Voice,
    figures: Figures,
    filters: Filters,
    books: Mapping[str, Playbook],
    tales: Mapping[int, Tale],
) -> str:
    """The period on a page (HTML), with its drawing in it, so that it opens anywhere. It names nobody."""
    thing, days = one_thing(figures), figures.period
    return voice.text(
        "exports/page",
        language=str(voice.locale).replace("_", "-"),
        title=voice.label("page.title"),
        days=summaries.period(voice, days.first, days.last),
        narrowed=saves.narrowed(voice, filters, books),
        quiet=None if figures.now.ended else voice.label("page.quiet"),
        drawn=voice.label("summary.run_title"),
        stayed=voice.label("summary.saves"),
        left=voice.label("summary.losses"),
        weeks=_drawn(voice, figures) if any(week.ended for week in figures.run) else (),
        width=_WIDTH,
        height=_HEIGHT,
        bar=_BAR,
        tables=[each for each in _tables(voice, figures, books, tales) if each.rows],
        coach=voice.label("page.coach"),
        foot=voice.label("page.foot"),
        **(summaries.thing_facts(voice, thing, books) if thing else {"matter": None}),
    )


def _tables(
    voice: Voice, figures: Figures, books: Mapping[str, Playbook], tales: Mapping[int, Tale]
) -> Iterator[Table]:
    """What the thread of a summary tells, as tables."""
    titles = {step.key: step.title for book in books.values() for step in book.remedies()}
    tales = summaries.nameless(tales)
    unsaid, rate = voice.label("summary.unnamed"), partial(summaries.rate, voice)

    def table(name: str, rows: Iterable[tuple[str, str]]) -> Table:
        return Table(voice.label(f"page.{name}"), [*rows][:_ROWS_MOST])

    yield Table("", [*_glance(voice, figures)])
    yield table("reasons", ((summaries.reason_of(voice, each.key), str(each.now)) for each in figures.reasons))
    yield table("causes", ((voice.label(f"cause.{each.key}"), rate(each.saved)) for each in figures.causes if each.key))
    yield table("products", ((each.key or unsaid, rate(each.saved)) for each in figures.products))
    heard = ((each.key and voice.label(f"heard_through.{each.key}"), each.saved) for each in figures.heard_through)
    yield table("heard", ((name or unsaid, rate(saved)) for name, saved in heard))
    yield table(
        "lost", ((summaries.step_of(books, each.playbook, each.step), rate(each.lost)) for each in figures.lost)
    )
    yield table(
        "remedies", ((titles.get(each.key or "", each.key or ""), rate(each.saved)) for each in figures.remedies)
    )
    yield table(
        "stories",
        ((tales[each.story_id].before, rate(each.landed)) for each in figures.stories if each.story_id in tales),
    )
    yield table("misfits", ((" ".join(words.split()), "") for words in figures.misfits))
    ends = figures.appointments
    ended = {each: getattr(ends, each) for each in ("new_date", "met", "not_now", "misfit", "no_show")}
    yield table(
        "appointments",
        ((voice.label(f"page.{name}"), str(count)) for name, count in ended.items() if any(ended.values())),
    )


def _glance(voice: Voice, figures: Figures) -> Iterator[tuple[str, str]]:
    """What the five lines of a summary tell, as a table."""
    now, before, held = figures.now, figures.before, figures.held
    told = {
        "stayed": summaries.rate(voice, now.saved) if now.ended else None,
        "before": summaries.rate(voice, before.saved) if before.ended else None,
        "held": summaries.rate(voice, held.held) if held.held.whole else None,
        "unknown": held.unknown,
        "unanswered": held.unanswered,
        "kept": summaries.moneys(voice, now.net),
        "given": summaries.moneys(voice, now.given),
        "without_discount": summaries.rate(voice, Rate(now.without_discount, now.saves)) if now.saves else None,
        "open": figures.pending.open,
    }
    yield from ((voice.label(f"page.{name}"), str(what)) for name, what in told.items() if what)


def _drawn(voice: Voice, figures: Figures) -> Sequence[_Week]:
    most = max([1, *(max(week.saves, week.losses) for week in figures.run)])
    step = _WIDTH / len(figures.run)

    def bar(x: float, count: int) -> _Bar:
        height = round(_HEIGHT * count / most, 1)
        return _Bar(round(x, 1), round(_HEIGHT - height, 1), height, count)

    return [
        _Week(
            voice.short_day(week.period.first),
            bar(step * turn + step / 2 - _BAR - _GAP / 2, week.saves),
            bar(step * turn + step / 2 + _GAP / 2, week.losses),
        )
        for turn, week in enumerate(figures.run)
    ]
