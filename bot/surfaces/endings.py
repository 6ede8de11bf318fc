"""The forms of an ending: a new date, not now, no fit, and whether to stay in touch."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.coaching import library, reminders
from bot.coaching.cases import Card
from bot.coaching.endings import Ending
from bot.coaching.outcomes import Outcome
from bot.coaching.reminders import TaskKind
from bot.storage.models import Product
from bot.surfaces import blocks, forms, ids
from bot.surfaces.blocks import View
from bot.surfaces.forms import Origin, Refused
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice

NEW_DATE = "form.new_date"
USEFUL = "form.useful"
TOUCH_ON = "form.touch_on"
WHY = "form.why_misfit"
IN_TOUCH_ON = "form.reconnect_on"


def new_date(voice: Voice, card: Card, origin: Origin, products: Sequence[Product], now: datetime) -> View:
    """When they meet instead, and what to send before. The first of the two times stands proposed."""
    proposed = next(iter(card.slots), int(now.timestamp()))
    found = _links(products, card.case.product)
    links = {value: link.title for value, link in found.items()}
    sent = {task.facts.get("url") for task in card.tasks if task.kind == TaskKind.USEFUL}
    chosen = next((value for value, link in found.items() if link.url in sent), None)
    fields = [
        forms.field(voice, NEW_DATE, blocks.time_and_date_picker(NEW_DATE, proposed), optional=False),
        *([forms.choice(voice, USEFUL, links, chosen)] if links else []),
    ]
    return forms.form(voice, ids.NEW_DATE_FORM, "new_date", origin, fields)


def read_new_date(voice: Voice, sent: Submission, products: Sequence[Product], now: datetime) -> Ending | Refused:
    """A time that lies ahead, with the page to send before."""
    at = forms.moment_in_future(voice, sent, NEW_DATE, now)
    if isinstance(at, Refused):
        return at
    link = _links(products, None).get(sent.text(USEFUL) or "")
    return Ending(Outcome.RESCHEDULED, at=at, useful={"title": link.title, "url": link.url} if link else None)


def not_now(voice: Voice, origin: Origin) -> View:
    """The day they agreed to hear from us, if any."""
    return forms.form(
        voice, ids.NOT_NOW_FORM, "not_now", origin, [forms.field(voice, TOUCH_ON, blocks.date_picker(TOUCH_ON, None))]
    )


def read_not_now(voice: Voice, sent: Submission, today: date) -> Ending | Refused:
    """Not now, and when to get in touch."""
    on = forms.read_day(voice, sent, TOUCH_ON, today)
    return on if isinstance(on, Refused) else Ending(Outcome.NOT_NOW, on=on)


def misfit(voice: Voice, origin: Origin) -> View:
    """Why they are no fit."""
    why = forms.field(voice, WHY, blocks.text_input(WHY, lines=True), optional=False)
    return forms.form(voice, ids.MISFIT_FORM, "misfit", origin, [why])


def read_misfit(voice: Voice, sent: Submission) -> Ending | Refused:
    """No fit, and why."""
    why = forms.needed_words(voice, sent, WHY)
    return why if isinstance(why, Refused) else Ending(Outcome.MISFIT, why=why)


def in_touch(voice: Voice, origin: Origin, today: date) -> View:
    """The day they named for a light hello."""
    proposed = reminders.default_day(TaskKind.HELLO, today).isoformat()
    day = forms.field(voice, IN_TOUCH_ON, blocks.date_picker(IN_TOUCH_ON, proposed), optional=False)
    return forms.form(voice, ids.IN_TOUCH_FORM, "in_touch", origin, [day])


def read_in_touch(voice: Voice, sent: Submission, today: date) -> date | Refused:
    """The day to say hello."""
    return forms.needed_day(voice, sent, IN_TOUCH_ON, today)


def _links(products: Sequence[Product], about: str | None) -> Mapping[str, library.Link]:
    """The team's useful pages by a short key, those of the product it is about first."""
    first = sorted(products, key=lambda product: product.name != about)
    found = {f"{product.id}.{turn}": link for product in first for turn, link in enumerate(library.links_of(product))}
    return dict(list(found.items())[: blocks.OPTIONS_MOST])
