"""What was agreed on: one form for each thing that can follow from a remedy, with its reader."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.coaching import reminders
from bot.coaching.cases import Card
from bot.coaching.money import Money
from bot.coaching.playbooks import Follow
from bot.coaching.remedies import Agreement
from bot.coaching.reminders import TaskKind
from bot.coaching.spelling import gives_away
from bot.surfaces import blocks, forms, ids
from bot.surfaces.blocks import Block, View
from bot.surfaces.forms import Origin, Refused
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice

PROMISE = "form.promise"
OWNER = "form.owner"
BY_DAY = "form.by_day"
SESSION_AT = "form.session_at"
SESSION_ABOUT = "form.session_about"
VIEW = "form.view"
CONSENT = "form.consent"
TERMS = "form.billing"
WORTH = "form.worth"

_PASS_ON, _NAMED = "pass_on", "named"


class RemedyOrigin(Origin):
    """Which remedy a form is about, and whom it may not name."""

    key: str
    follow: Follow
    name: str | None = None


def form(voice: Voice, card: Card, origin: Origin, now: datetime) -> View:
    """What has to be said about the remedy at hand. A step that is no remedy has no such form: `KeyError`."""
    step = card.playbook.steps[card.case.step]
    follow = step.follow or Follow.NOTE
    carried = RemedyOrigin(**origin.model_dump(), key=step.key, follow=follow, name=forms.carried_name(card))
    fields = [blocks.context(voice.text("cases/offer", title=step.title)), *_FIELDS[follow](voice, card, now)]
    return forms.form(voice, ids.REMEDY_FORM, "remedy", carried, fields)


def read(voice: Voice, sent: Submission, origin: RemedyOrigin, now: datetime) -> Agreement | Refused:
    """What was agreed on, by what follows from it."""
    return _READERS[origin.follow](voice, sent, origin, now)


def nobody_there(voice: Voice) -> Refused:
    """Who was chosen cannot do anything."""
    return Refused({OWNER: voice.label("error.no_colleague")})


def _fix(voice: Voice, card: Card, now: datetime) -> Sequence[Block]:
    today = now.astimezone(voice.zone).date()
    by_day = blocks.date_picker(BY_DAY, reminders.default_day(TaskKind.FIX, today).isoformat())
    owner = blocks.users_select(OWNER, voice.label("placeholder.colleague"), card.case.rep_id)
    return [
        forms.field(voice, PROMISE, blocks.text_input(PROMISE, lines=True), optional=False),
        forms.field(voice, OWNER, owner, optional=False),
        forms.field(voice, BY_DAY, by_day, optional=False),
    ]


def _read_fix(voice: Voice, sent: Submission, origin: RemedyOrigin, now: datetime) -> Agreement | Refused:
    today = now.astimezone(voice.zone).date()
    words, on = forms.needed_words(voice, sent, PROMISE), forms.needed_day(voice, sent, BY_DAY, today)
    if isinstance(words, Refused) or isinstance(on, Refused):
        return Refused(forms.errors_of(words, on))
    return Agreement(origin.key, words, owner=sent.text(OWNER), on=on)


def _session(voice: Voice, _card: Card, now: datetime) -> Sequence[Block]:
    proposed = int((now + timedelta(days=1)).replace(minute=0, second=0, microsecond=0).timestamp())
    return [
        forms.field(voice, SESSION_AT, blocks.time_and_date_picker(SESSION_AT, proposed), optional=False),
        forms.field(voice, SESSION_ABOUT, blocks.text_input(SESSION_ABOUT, lines=True)),
    ]


def _read_session(voice: Voice, sent: Submission, origin: RemedyOrigin, now: datetime) -> Agreement | Refused:
    at, about = forms.moment_in_future(voice, sent, SESSION_AT, now), sent.text(SESSION_ABOUT)
    refused = forms.without_card_numbers(voice, {SESSION_ABOUT: about})
    if isinstance(at, Refused) or refused:
        return Refused(forms.errors_of(at, refused))
    return Agreement(origin.key, about, at=at)


def _heard(voice: Voice, card: Card, _now: datetime) -> Sequence[Block]:
    channel = card.team.heard_channel if card.team else None
    where = voice.text("cases/heard_channel", channel=channel)
    boxes = {each: voice.label(f"consent.{each}") for each in (_PASS_ON, _NAMED)}
    view = blocks.text_input(VIEW, card.case.words.get("why"), lines=True)
    return [
        blocks.context(where),
        forms.field(voice, VIEW, view, optional=False),
        forms.field(voice, CONSENT, blocks.checkboxes(CONSENT, blocks.options_of(boxes)), optional=False),
    ]


def _read_heard(voice: Voice, sent: Submission, origin: RemedyOrigin, _now: datetime) -> Agreement | Refused:
    words, agreed = forms.needed_words(voice, sent, VIEW), sent.field(CONSENT).ticked
    if _PASS_ON not in agreed:
        words = Refused({**forms.errors_of(words), CONSENT: voice.label("error.consent")})
    elif isinstance(words, str) and _NAMED not in agreed and gives_away(words, origin.name):
        words = Refused({VIEW: voice.label("error.name_in_it")})
    return words if isinstance(words, Refused) else Agreement(origin.key, words, named=_NAMED in agreed)


def _time(voice: Voice, _card: Card, now: datetime) -> Sequence[Block]:
    today = now.astimezone(voice.zone).date()
    proposed = reminders.default_day(TaskKind.COOL_OFF_CALL, today).isoformat()
    picker = blocks.date_picker(forms.COOL_OFF_UNTIL, proposed)
    return [forms.field(voice, forms.COOL_OFF_UNTIL, picker, optional=False)]


def _read_time(voice: Voice, sent: Submission, origin: RemedyOrigin, now: datetime) -> Agreement | Refused:
    on = forms.needed_day(voice, sent, forms.COOL_OFF_UNTIL, now.astimezone(voice.zone).date())
    return on if isinstance(on, Refused) else Agreement(origin.key, on=on)


def _worth(voice: Voice, _card: Card, _now: datetime) -> Sequence[Block]:
    return [
        forms.field(voice, TERMS, blocks.text_input(TERMS, lines=True), optional=False),
        forms.field(voice, WORTH, blocks.text_input(WORTH), optional=False),
    ]


def _read_worth(voice: Voice, sent: Submission, origin: RemedyOrigin, _now: datetime) -> Agreement | Refused:
    words, worth = forms.needed_words(voice, sent, TERMS), forms.read_value(voice, sent, WORTH)
    if worth is None:
        worth = Refused({WORTH: voice.label("error.worth_missing")})
    if isinstance(words, Refused) or not isinstance(worth, Money):
        return Refused(forms.errors_of(words, worth))
    return Agreement(origin.key, words, worth=worth)


def _note(voice: Voice, _card: Card, _now: datetime) -> Sequence[Block]:
    return [forms.field(voice, PROMISE, blocks.text_input(PROMISE, lines=True), optional=False)]


def _read_note(voice: Voice, sent: Submission, origin: RemedyOrigin, _now: datetime) -> Agreement | Refused:
    words = forms.needed_words(voice, sent, PROMISE)
    return words if isinstance(words, Refused) else Agreement(origin.key, words)


_FIELDS: Mapping[Follow, Callable[[Voice, Card, datetime], Sequence[Block]]] = {
    Follow.FIX: _fix,
    Follow.SESSION: _session,
    Follow.HEARD: _heard,
    Follow.TIME: _time,
    Follow.BILLING: _worth,
    Follow.DISCOUNT: _worth,
    Follow.NOTE: _note,
}
_READERS: Mapping[Follow, Callable[[Voice, Submission, RemedyOrigin, datetime], Agreement | Refused]] = {
    Follow.FIX: _read_fix,
    Follow.SESSION: _read_session,
    Follow.HEARD: _read_heard,
    Follow.TIME: _read_time,
    Follow.BILLING: _read_worth,
    Follow.DISCOUNT: _read_worth,
    Follow.NOTE: _read_note,
}
