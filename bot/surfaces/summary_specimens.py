"""Specimens of the figures: a full week, a quiet one, a small one, and the forms around them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.coaching import periods, reasons
from bot.coaching.figures import (
    Appointments,
    Figures,
    Held,
    Lost,
    Matter,
    Moved,
    OneThing,
    Pending,
    Split,
    Told,
    Totals,
)
from bot.coaching.rates import Rate
from bot.coaching.summaries import Part, Summary, Wish
from bot.storage.models import Subscription
from bot.surfaces import blocks, ids, made_up, saves, summaries
from bot.surfaces.blocks import Message, View
from bot.surfaces.manifest import command_of
from bot.surfaces.saves import Looked, WishOrigin
from bot.surfaces.stage import Specimen, Stage, show
from bot.surfaces.words import Voice

_WHERE = ZoneInfo("America/New_York")
_WEEK = periods.week_of(made_up.TODAY, _WHERE)
_MANY, _FEW, _SMALL, _NONE = Rate(80, 120), Rate(7, 12), Rate(3, 4), Rate(0, 0)


def _totals(saved: Rate, week: int = 0) -> Totals:
    money = {"USD": 1_200_50 * saved.part, "EUR": 99_00 * saved.part} if saved.part else {}
    period = periods.week_of(made_up.TODAY - timedelta(weeks=week), _WHERE)
    return Totals(
        period, saved.part, saved.whole - saved.part, saved.part, money, {"USD": 120_00} if saved.part else {}
    )


def _figures(stage: Stage, saved: Rate, before: Rate = _NONE) -> Figures:
    book, keys = stage.worked[0], [*reasons.worries(None), None]
    steps = [*book.steps][:8]
    full = saved.whole > 0
    return Figures(
        now=_totals(saved),
        before=_totals(before, 1),
        run=[_totals(saved if not week else before, week) for week in reversed(range(8))],
        held=Held(saved, 2, 3) if full else Held(_NONE, 0, 0),
        pending=Pending(9, 4, 2) if full else Pending(0, 0, 0),
        reasons=[Moved(key, turn, 4) for turn, key in enumerate(keys, 1)] if full else [],
        causes=[Split("fear", saved), Split("legitimate", saved)] if full else [],
        products=[Split(made_up.PRODUCT, saved), Split(None, saved)] if full else [],
        heard_through=[Split("phone", saved), Split(None, saved)] if full else [],
        lost=[Lost(book.name, step, saved) for step in steps] if full else [],
        remedies=[Split(step.key, saved) for step in book.remedies()] if full else [],
        stories=[Told(1, saved)] if full else [],
        misfits=[made_up.TYPED] * 8 if full else [],
        appointments=Appointments(5, 4, 3, 2, 1) if full else Appointments(0, 0, 0, 0, 0),
    )


def weeks(stage: Stage) -> Mapping[str, Figures]:
    """The figures of every kind of week, by its name."""
    return {
        "full": _figures(stage, _MANY, _FEW),
        "few": _figures(stage, _FEW, _SMALL),
        "of four": _figures(stage, _SMALL, _NONE),
        "quiet": _figures(stage, _NONE, _SMALL),
        "of nothing": _figures(stage, _NONE, _NONE),
    }


def summaries_told(stage: Stage) -> Iterator[Specimen]:
    """Every summary, and all that is shown of figures."""
    voice, books, tales = stage.voice, stage.books, {1: made_up.match().tale}
    kept = Subscription(
        team_id=made_up.TEAM,
        id=1,
        channel=made_up.CHANNEL,
        timezone=_WHERE.key,
        parts=[*Part],
        set_by=made_up.REP,
        set_at=made_up.NOW,
    )
    every = weeks(stage)
    for name, figures in every.items():
        summary = Summary(kept, figures)
        for drawn in (True, False):
            told = f"a week {name}, drawn" if drawn else f"a week {name}"
            yield show(f"summary of {told}", summaries.channel, voice, summary, drawn=drawn)
            yield show(f"thread of {told}", summaries.thread, voice, summary, books, tales, drawn=drawn)
        looked = Looked(channel=made_up.CHANNEL, product=made_up.PRODUCT, reason="cost", playbook=stage.worked[0].name)
        yield show(f"figures of a week {name}", saves.shown, voice, looked, figures, figures, made_up.shelf(), books)
        just = (voice, looked, figures, figures, made_up.shelf(), books)
        yield show(f"figures of a week {name}, just shared", saves.shown, *just, shared=True)
        yield show(f"figures of a week {name}, shared", saves.shared, voice, looked, figures, books, made_up.REP)
    held = replace(every["few"], held=Held(_NONE, 0, 1), pending=Pending(2, 1, 1))
    yield show("summary with one check", summaries.channel, voice, Summary(kept, held))
    month = periods.month_of(made_up.TODAY, _WHERE)
    for name in ("few", "quiet"):
        of_month = replace(every[name], now=replace(every[name].now, period=month))
        yield show(f"figures of a month {name}, shared", saves.shared, voice, Looked(), of_month, books, made_up.REP)
    given_away = replace(every["few"].now, kept={"USD": 100_00}, given={"USD": 100_00})
    summary = Summary(kept, replace(every["few"], now=given_away))
    yield show("summary with all given away", summaries.channel, voice, summary)
    one_open = replace(every["few"], pending=Pending(3, 1, 0))
    yield show("summary with one that takes time", summaries.channel, voice, Summary(kept, one_open))
    waiting = replace(every["few"], pending=Pending(3, 0, 2))
    yield show("summary with answers awaited", summaries.channel, voice, Summary(kept, waiting))
    for matter in Matter:
        thing = OneThing(matter, _FEW, stage.worked[0].name, stage.worked[0].start[0])
        yield show(f"one thing, {matter}", _told, voice, summaries.one_thing_told(voice, thing, books))
    wish = Wish(made_up.CHANNEL, 0, "09:00", _WHERE.key, [*Part])
    summary = Summary(kept, every["full"])
    thread = summaries.in_words(voice, summary, books, tales)
    yield show("form subscribe", saves.subscribe, voice, WishOrigin(channel=made_up.CHANNEL), None)
    yield show("form subscribe, set before", saves.subscribe, voice, WishOrigin(channel=made_up.CHANNEL), wish)
    yield show("form preview", saves.preview, voice, wish, summary, thread)
    yield show("form dates", saves.dates, voice, Looked(first=_WEEK.first, last=_WEEK.last))
    yield show("summary announced", saves.announced, voice, wish, made_up.REP)
    yield show("help of saves", saves.helped, voice, command_of(stage.prefix, ids.SAVES))
    yield show("help of saves, unknown", saves.helped, voice, command_of(stage.prefix, ids.SAVES), made_up.LONG)
    yield show("summary ended", _told, voice, voice.text("summaries/unsubscribed"))
    for name, facts in (
        ("not_in_channel", {"why": "not_in_channel"}),
        ("switched_on", {"to": made_up.CHANNEL, "when": voice.moment(made_up.LATER)}),
    ):
        yield show(f"word {name}", _word, voice, voice.text(f"summaries/{name}", **facts))
    refused = voice.text("summaries/not_in_channel", why="restricted_action")
    yield show("word not allowed in channel", _word, voice, refused)


def _told(_voice: Voice, text: str) -> Message:
    return blocks.remark(text)


def _word(voice: Voice, text: str) -> View:
    return blocks.word(voice.label("form.switched_on_title"), voice.label("form.understood"), text)
