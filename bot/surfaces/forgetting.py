"""Forgetting a customer: what will go, said before it goes, and that it is done."""

from bot.coaching.forgetting import Asked
from bot.storage.models import Erasure
from bot.surfaces import blocks, forms, ids
from bot.surfaces.blocks import View
from bot.surfaces.forms import Opener
from bot.surfaces.words import Voice, person


class ForgetOrigin(Opener):
    """Whom a manager is about to forget."""

    customer_id: int


def confirm(voice: Voice, asked: Asked) -> View:
    """What will go for good, and what stays as a count. Nothing has been done yet."""
    theirs = asked.theirs
    told = voice.text(
        "forgetting/confirm",
        name=person(theirs.customer.name),
        counts=[(voice.label(f"forgotten.{what}"), count) for what, count in theirs.counts.items() if count],
        open=len(theirs.open),
        unclear=asked.unclear,
    )
    origin = ForgetOrigin(customer_id=theirs.customer.id or 0)
    return forms.form(voice, ids.FORGET_FORM, "forget", origin, [blocks.section(told)])


def done(voice: Voice, erasure: Erasure) -> View:
    """That it is done, and what nobody but people can do."""
    rows = sum(erasure.rows.values())
    told = voice.text("forgetting/done", rows=rows, when=voice.moment(erasure.at))
    return blocks.word(voice.label("form.forgotten_title"), voice.label("form.understood"), told)
