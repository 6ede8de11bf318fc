"""What was agreed on: one form for each thing that can follow from a remedy, with its reader."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.coaching import reminders
from bot.coaching.cases import Card, Notice
from bot.coaching.money import Money
from bot.coaching.playbooks import Follow
from bot.coaching.policies import Limit, Terms
from bot.coaching.remedies import Agreement
from bot.coaching.reminders import TaskKind
from bot.coaching.spelling import gives_away
from bot.surfaces import blocks, forms, ids, requests
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
PERCENT = "form.percent"
MONTHS = "form.months"

PERCENT_MOST = 100
MONTHS_MOST = 60

_PASS_ON, _NAMED = "pass_on", "named"
# What these are worth is always asked for.
_WITH_WORTH = (Follow.BILLING, Follow.DISCOUNT)
_FIRST = {
    Follow.FIX: PROMISE,
    Follow.SESSION: SESSION_AT,
    Follow.BILLING: TERMS,
    Follow.DISCOUNT: TERMS,
    Follow.NOTE: PROMISE,
}


class RemedyOrigin(Origin):
    """Which remedy a form is about, whom it may not name, and the currency in which its worth is limited."""

    key: str
    follow: Follow
    name: str | None = None
    limit_currency: str | None = None


def form(voice: Voice, card: Card, origin: Origin, now: datetime) -> View:
    """What has to be said about the remedy at hand. A step that is no remedy has no such form: `KeyError`."""
    step = card.playbook.steps[card.case.step]
    follow = step.follow or Follow.NOTE
    most = card.policy.most.worth
    limited_in = most.currency if most else None
    carried = RemedyOrigin(
        **origin.model_dump(exclude={"currency"}),
        currency=limited_in or card.currency,
        key=step.key,
        follow=follow,
        name=forms.carried_name(card),
        limit_currency=limited_in,
    )
    offer = requests.offer(voice, card, asks=True)
    fields = [
        blocks.context(voice.text("cases/offer", title=step.title)),
        *([blocks.context(offer)] if offer else []),
        *_FIELDS[follow](voice, card, now),
        *_limited(voice, card),
    ]
    return forms.form(voice, ids.REMEDY_FORM, "remedy", carried, fields)


def read(voice: Voice, sent: Submission, origin: RemedyOrigin, now: datetime) -> Agreement | Refused:
    """What was agreed on, by what follows from it, and how much it is where there is a limit to that."""
    agreement, terms = _READERS[origin.follow](voice, sent, origin, now), _read_terms(voice, sent, origin)
    if isinstance(agreement, Refused) or isinstance(terms, Refused):
        return Refused(forms.errors_of(agreement, terms))
    return replace(agreement, percent=terms.percent, months=terms.months, worth=terms.worth)


def refusal(voice: Voice, card: Card, agreement: Agreement) -> Refused | None:
    """Why what was sent was not kept, beside the field that it is about."""
    follow, had = card.playbook.steps[card.case.step].follow or Follow.NOTE, card.had
    if card.notice is Notice.HAD and had:
        days = {"day": voice.day_and_year(had.remedy.agreed_at), "next": voice.day_and_year(had.next_on)}
        return Refused({_FIRST[follow]: voice.label("error.had").format(**days)})
    if card.notice is Notice.NOBODY_TO_ASK:
        limits = ", ".join(requests.limits(voice, card.policy.most))
        above = card.policy.above(agreement.terms)[0]
        return Refused({f"form.{above}": voice.label("error.nobody_to_ask").format(limits=limits)})
    return None


def nobody_there(voice: Voice) -> Refused:
    """Who was chosen cannot do anything."""
    return Refused({OWNER: voice.label("error.no_colleague")})


def _limited(voice: Voice, card: Card) -> Sequence[Block]:
    """Fields for what there is a limit to; the worth of billing and discounts is asked for in any case."""
    limited, has_worth = card.policy.limited, card.playbook.steps[card.case.step].follow in _WITH_WORTH
    asks = {
        PERCENT: (Limit.PERCENT in limited, blocks.number_input(PERCENT, None, 1, PERCENT_MOST)),
        MONTHS: (Limit.MONTHS in limited, blocks.number_input(MONTHS, None, 1, MONTHS_MOST)),
        WORTH: (Limit.WORTH in limited and not has_worth, blocks.text_input(WORTH)),
    }
    return [forms.field(voice, name, element, optional=False) for name, (asked, element) in asks.items() if asked]


def _read_terms(voice: Voice, sent: Submission, origin: RemedyOrigin) -> Terms | Refused:
    """How much it is, of what the form asked for."""
    asked = {name: most for name, most in ((PERCENT, PERCENT_MOST), (MONTHS, MONTHS_MOST)) if sent.has(name)}
    numbers = forms.read_numbers(voice, sent, asked)
    worth = _read_amount(voice, sent, origin) if origin.follow in _WITH_WORTH or sent.has(WORTH) else None
    if isinstance(numbers, Refused) or isinstance(worth, Refused):
        return Refused(forms.errors_of(numbers, worth))
    return Terms(numbers.get(PERCENT), numbers.get(MONTHS), worth)


def _read_amount(voice: Voice, sent: Submission, origin: RemedyOrigin) -> Money | Refused:
    worth = forms.read_value(voice, sent, WORTH)
    if worth is None:
        return Refused({WORTH: voice.label("error.worth_missing")})
    if isinstance(worth, Money) and origin.limit_currency not in (None, worth.currency):
        example = replace(worth, currency=origin.limit_currency).shown(voice.locale)
        return Refused({WORTH: voice.label("error.other_currency").format(example=example)})
    return worth


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
    words = forms.needed_words(voice, sent, TERMS)
    return words if isinstance(words, Refused) else Agreement(origin.key, words)


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
