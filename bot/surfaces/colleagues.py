"""Colleagues: one form to hand a case over or to ask in the help channel, and what is said in a channel."""

from dataclasses import dataclass

from bot.coaching import posts
from bot.coaching.cases import Card
from bot.coaching.posts import Posted
from bot.coaching.spelling import gives_away
from bot.surfaces import blocks, forms, ids
from bot.surfaces.blocks import Message, View
from bot.surfaces.forms import Origin, Refused
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice, person, unescape

COLLEAGUE = "form.colleague"
QUESTION = "form.question"


class ColleagueOrigin(Origin):
    """Where the form was opened from, whom a question may not name, and whether there is a channel to ask in.

    `proposed` is the question that stood there: a colleague who takes over needs no such note.
    """

    name: str | None = None
    can_ask: bool = False
    proposed: str | None = None


@dataclass(frozen=True)
class Call:
    """To whom a case goes, with a note; or, with nobody chosen, the question to put in the channel."""

    to: str | None
    words: str | None


def form(voice: Voice, card: Card, origin: Origin) -> View:
    """Choose a colleague to hand over to, or leave that empty and ask all of them."""
    channel = card.team.help_channel if card.team else None
    question = voice.text(
        "posts/proposed",
        title=card.step.title,
        cause=voice.label(f"cause.{card.case.cause}") if card.case.cause else None,
        product=person(card.case.product) if card.case.product else None,
    )
    carried = ColleagueOrigin(
        **origin.model_dump(), name=forms.carried_name(card), can_ask=channel is not None, proposed=unescape(question)
    )
    asked = [
        forms.field(voice, COLLEAGUE, blocks.users_select(COLLEAGUE, voice.label("placeholder.colleague"))),
        forms.field(voice, QUESTION, blocks.text_input(QUESTION, unescape(question), lines=True)),
    ]
    # What the hints say is about the channel.
    fields = asked if channel else [{name: each[name] for name in each if name != "hint"} for each in asked]
    fields = [blocks.context(voice.text("posts/help_channel", channel=channel)), *fields]
    return forms.form(voice, ids.COLLEAGUE_FORM, "colleague", carried, fields)


def read(voice: Voice, sent: Submission, origin: ColleagueOrigin) -> Call | Refused:
    """A colleague with a note, or a question without the customer's name."""
    call = Call(sent.text(COLLEAGUE), sent.text(QUESTION))
    if refused := forms.without_card_numbers(voice, {QUESTION: call.words}):
        return refused
    if call.to:
        return Call(call.to, None) if call.words == origin.proposed else call
    if call.words is None:
        return Refused({COLLEAGUE: voice.label("error.nobody")})
    if not origin.can_ask:
        return Refused({COLLEAGUE: voice.label("error.no_help_channel")})
    if gives_away(call.words, origin.name):
        return Refused({QUESTION: voice.text("errors/named")})
    return call


def nobody_there(voice: Voice) -> Refused:
    """Who was chosen cannot take a case."""
    return Refused({COLLEAGUE: voice.label("error.no_colleague")})


def post(voice: Voice, posted: Posted) -> Message:
    """What is said in a channel or a thread, and for whom. A customer is named only where they agreed to it."""
    said, case = posted.post, posted.case
    facts = {"author": said.author_id, "words": said.words}
    if said.kind == posts.CLAIM:
        text = voice.text("posts/claim", **facts)
    elif said.kind == posts.QUESTION:
        live = not case.writing and case.outcome is None
        text = voice.text("posts/question", live=live, **facts)
    else:
        name = person(posted.name) if posted.name else None
        text = voice.text("posts/heard", name=name, product=case.product, **facts)
    message = blocks.remark(text)
    return {**message, "thread_ts": said.thread_ts} if said.thread_ts else message
