"""The weekly summary: five lines and a chart in the channel, and the rest in the thread below them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from babel.numbers import format_percent

from bot.coaching.figures import Figures, Matter, OneThing, Totals, one_thing
from bot.coaching.matching import Tale
from bot.coaching.money import Money
from bot.coaching.playbooks import Playbook
from bot.coaching.rates import Rate
from bot.coaching.spelling import gives_away
from bot.coaching.summaries import Part, Summary
from bot.surfaces import blocks, reasons
from bot.surfaces.blocks import Block, Message
from bot.surfaces.words import Voice, person

_FEW = 30
_SHOWN_MOST = 8
_CHART_MOST = 6
_LINE_MOST = 300
_CELL_MOST = 120


def channel(voice: Voice, summary: Summary, *, drawn: bool = True) -> Message:
    """What the channel gets; without its chart where the workspace refuses one."""
    figures = summary.figures
    lines = five_lines(voice, figures)
    footer = voice.text("summaries/footer", by=summary.subscription.set_by)
    chart = [_run_chart(voice, figures)] if drawn and _has_run(figures) else []
    return blocks.message([blocks.section("\n".join(lines)), *chart, blocks.context(footer)])


def five_lines(voice: Voice, figures: Figures) -> Sequence[str]:
    """The period in five lines; in two where nobody cancelled."""
    now, before, held, pending = figures.now, figures.before, figures.held, figures.pending
    days, week = period(voice, figures.period.first, figures.period.last), figures.period.is_week
    waiting = voice.text("summaries/waiting", open=pending.open, cool_offs=pending.cool_offs, answers=pending.waiting)
    if not now.ended:
        return [voice.text("summaries/quiet", days=days, week=week), waiting]
    return [
        voice.text(
            "summaries/saved",
            days=days,
            week=week,
            saved=rate(voice, now.saved),
            before=_rate_or_none(voice, before.saved),
        ),
        voice.text(
            "summaries/held",
            held=_rate_or_none(voice, held.held),
            unknown=held.unknown,
            unanswered=held.unanswered,
        ),
        voice.text("summaries/value", net=moneys(voice, now.net), given=moneys(voice, now.given)),
        voice.text("summaries/without_discount", count=now.without_discount, saves=now.saves),
        waiting,
    ]


def thread(
    voice: Voice, summary: Summary, books: Mapping[str, Playbook], tales: Mapping[int, Tale], *, drawn: bool = True
) -> Message:
    """The rest, as far as it was asked for; in words alone where the workspace refuses drawings."""
    figures = summary.figures
    drawings: Mapping[Part | None, Callable[[str], Sequence[Block]]] = {
        Part.REASONS: lambda text: [blocks.section(text), *_reasons_pie(voice, figures)],
        Part.SPLITS: lambda _text: [_splits_table(voice, figures)],
    }
    told = _told(voice, summary, books, tales)
    shown = [
        block
        for part, text in told
        for block in (drawings[part](text) if drawn and part in drawings else [blocks.section(text)])
    ]
    return blocks.message(shown)


def in_words(voice: Voice, summary: Summary, books: Mapping[str, Playbook], tales: Mapping[int, Tale]) -> Sequence[str]:
    """The same, as texts."""
    return [text for _, text in _told(voice, summary, books, tales)]


def _told(
    voice: Voice, summary: Summary, books: Mapping[str, Playbook], tales: Mapping[int, Tale]
) -> Sequence[tuple[Part | None, str]]:
    """Each part that was asked for, as far as there is something to say; the one thing to coach stands last."""
    figures, wanted, tales = summary.figures, summary.subscription.parts, nameless(tales)
    parts: Mapping[Part, Callable[[], Iterator[str]]] = {
        Part.RUN: lambda: _run(voice, figures),
        Part.REASONS: lambda: _reasons(voice, figures),
        Part.SPLITS: lambda: _splits(voice, figures),
        Part.STEPS: lambda: _steps(voice, figures, books),
        Part.HELPED: lambda: _helped(voice, figures, books, tales),
        Part.STORY: lambda: _story(voice, figures, tales),
        Part.MISFITS: lambda: _misfits(voice, figures),
        Part.APPOINTMENTS: lambda: _appointments(voice, figures),
    }
    told = [(part, text) for part, tell in parts.items() if part in wanted for text in tell()]
    thing = one_thing(figures)
    if thing:
        return [*told, (None, one_thing_told(voice, thing, books))]
    return told or [(None, voice.text("summaries/nothing_more"))]


def nameless(tales: Mapping[int, Tale]) -> Mapping[int, Tale]:
    """Those whose lines do not give away whose they are: all that a channel, or a page to forward, may tell."""
    return {number: tale for number, tale in tales.items() if not gives_away(" ".join(tale.lines), tale.whose_key)}


def period(voice: Voice, first: date, last: date) -> str:
    """Two days and what lies between them."""
    return voice.label("summary.period").format(first=voice.day_and_year(first), last=voice.day_and_year(last))


def rate(voice: Voice, of: Rate) -> str:
    """So many of so many; with a percentage only where there are enough, and with how sure it is where they are few."""
    how = "rate_small" if of.is_small else "rate_few" if of.whole < _FEW else "rate"
    return voice.label(f"summary.{how}").format(**_parts(voice, of))


def _parts(voice: Voice, of: Rate) -> Mapping[str, str]:
    """What a rate is told with."""
    shares = {"percent": of.part / of.whole if of.whole else 0, "low": of.low, "high": of.high}
    return {
        "part": voice.number(of.part),
        "whole": voice.number(of.whole),
        **{each: _percent(voice, part) for each, part in shares.items()},
    }


def _rate_or_none(voice: Voice, of: Rate) -> str | None:
    return rate(voice, of) if of.whole else None


def _percent(voice: Voice, part: float) -> str:
    return str(format_percent(part, locale=voice.locale))


def moneys(voice: Voice, amounts: Mapping[str, int]) -> str | None:
    """Amounts by their currencies, as they are written; None for nothing."""
    shown = [Money(minor, currency).shown(voice.locale) for currency, minor in sorted(amounts.items())]
    return " + ".join(shown) or None


def _has_run(figures: Figures) -> bool:
    return any(week.ended for week in figures.run)


def _run_chart(voice: Voice, figures: Figures) -> Block:
    labels = [voice.short_day(week.period.first) for week in figures.run]
    series = {
        voice.label("summary.saves"): [week.saves for week in figures.run],
        voice.label("summary.losses"): [week.losses for week in figures.run],
    }
    return blocks.chart(voice.label("summary.run_title"), "bar", labels, series)


def _reasons_pie(voice: Voice, figures: Figures) -> Sequence[Block]:
    shown = [each for each in figures.reasons if each.now][:_CHART_MOST]
    if not shown:
        return []
    unnamed = voice.label("summary.unnamed")
    labels = [reasons.short(voice, each.key) if each.key else unnamed for each in shown]
    return [blocks.chart(voice.label("summary.reasons_title"), "pie", labels, {"": [each.now for each in shown]})]


def _run(voice: Voice, figures: Figures) -> Iterator[str]:
    if _has_run(figures):
        weeks = [(voice.short_day(week.period.first), week.saves, week.ended) for week in figures.run]
        yield voice.text("summaries/run", weeks=weeks, saved=rate(voice, _all(figures.run)))


def _all(run: Sequence[Totals]) -> Rate:
    return Rate(sum(week.saves for week in run), sum(week.ended for week in run))


def _reasons(voice: Voice, figures: Figures) -> Iterator[str]:
    moved = [(reason_of(voice, each.key), each.now, each.now - each.before) for each in figures.reasons[:_SHOWN_MOST]]
    causes = [(voice.label(f"cause.{each.key}"), rate(voice, each.saved)) for each in figures.causes if each.key]
    if moved or causes:
        yield voice.text("summaries/reasons", reasons=moved, causes=causes)


def reason_of(voice: Voice, key: str | None) -> str:
    """A reason, or that nobody said one."""
    return reasons.title(voice, key) if key else voice.label("summary.unnamed")


def _splits(voice: Voice, figures: Figures) -> Iterator[str]:
    products, heard = (
        [(name, rate(voice, saved)) for name, saved in splits]
        for splits in (_by_product(voice, figures), _by_way(voice, figures))
    )
    if products or heard:
        yield voice.text("summaries/splits", products=products, heard=heard)


def _splits_table(voice: Voice, figures: Figures) -> Block:
    """The same as rows, with little in each cell: of the heads, the first says over how long."""
    head = [voice.label(f"summary.{name}") for name in ("splits", "stayed", "percent")]
    rows = [
        [
            blocks.cut(name, _CELL_MOST),
            voice.label("summary.rate_small").format(**_parts(voice, saved)),
            _share(voice, saved),
        ]
        for name, saved in (*_by_product(voice, figures), *_by_way(voice, figures))
    ]
    return blocks.table([head, *rows], right=[1, 2], wrapped=[0])


def _share(voice: Voice, of: Rate) -> str:
    """A percentage, with how sure it is where they are few; nothing where they are too few for one."""
    if of.is_small:
        return ""
    told = _parts(voice, of)
    return voice.label("summary.share_few").format(**told) if of.whole < _FEW else told["percent"]


def _by_product(voice: Voice, figures: Figures) -> Sequence[tuple[str, Rate]]:
    unnamed = voice.label("summary.no_product")
    return [(each.key or unnamed, each.saved) for each in figures.products[:_SHOWN_MOST]]


def _by_way(voice: Voice, figures: Figures) -> Sequence[tuple[str, Rate]]:
    unsaid = voice.label("summary.unsaid")
    return [
        (voice.label(f"heard_through.{each.key}") if each.key else unsaid, each.saved)
        for each in figures.heard_through[:_SHOWN_MOST]
    ]


def _steps(voice: Voice, figures: Figures, books: Mapping[str, Playbook]) -> Iterator[str]:
    lost = [(step_of(books, each.playbook, each.step), rate(voice, each.lost)) for each in figures.lost[:_SHOWN_MOST]]
    if lost:
        yield voice.text("summaries/steps", lost=lost)


def step_of(books: Mapping[str, Playbook], playbook: str, step: str) -> str:
    """A step by its playbook's title and its own."""
    book = books.get(playbook)
    found = book.steps.get(step) if book else None
    return f"{book.title}: {found.title}" if book and found else step


def _helped(voice: Voice, figures: Figures, books: Mapping[str, Playbook], tales: Mapping[int, Tale]) -> Iterator[str]:
    titles = {step.key: step.title for book in books.values() for step in book.remedies()}
    remedies = [
        (titles.get(each.key or "", each.key or ""), rate(voice, each.saved)) for each in figures.remedies[:_SHOWN_MOST]
    ]
    stories = [
        (tales[each.story_id].before, rate(voice, each.landed)) for each in figures.stories if each.story_id in tales
    ][:_SHOWN_MOST]
    if remedies or stories:
        yield voice.text("summaries/helped", remedies=remedies, stories=stories)


def _story(voice: Voice, figures: Figures, tales: Mapping[int, Tale]) -> Iterator[str]:
    """The story that landed most often."""
    for each in figures.stories:
        tale = tales.get(each.story_id)
        if tale and each.landed.part:
            yield voice.text("summaries/story", tale=tale, landed=rate(voice, each.landed))
            return


def _misfits(voice: Voice, figures: Figures) -> Iterator[str]:
    words = [blocks.cut(" ".join(each.split()), _LINE_MOST) for each in figures.misfits[:_SHOWN_MOST]]
    if words:
        yield voice.text("summaries/misfits", words=words)


def _appointments(voice: Voice, figures: Figures) -> Iterator[str]:
    ends = figures.appointments
    if ends.new_date or ends.not_now or ends.misfit or ends.no_show:
        yield voice.text("summaries/appointments", ends=ends)


def one_thing_told(voice: Voice, thing: OneThing, books: Mapping[str, Playbook]) -> str:
    """The one thing to coach, in a few sentences."""
    return voice.text("summaries/one_thing", **thing_facts(voice, thing, books))


def thing_facts(voice: Voice, thing: OneThing, books: Mapping[str, Playbook]) -> Mapping[str, object]:
    """What those sentences tell of."""
    step = step_of(books, thing.playbook or "", thing.step or "") if thing.matter is Matter.STEP else None
    return {"matter": thing.matter, "rate": rate(voice, thing.rate), "step": person(step) if step else None}
