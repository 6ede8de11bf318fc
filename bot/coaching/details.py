"""What a form keeps of a case: the reason, the value, the day to reconnect, and what else is worth keeping."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.coaching import customers, meanwhile, reminders
from bot.coaching.card_numbers import refuse_card_numbers
from bot.coaching.cases import MISFIT, NOTE, Card, Details, Notice
from bot.coaching.coach import Coach, without_empty
from bot.coaching.outcomes import STAYED, UNCOUNTED, Outcome
from bot.coaching.reminders import Promise, TaskKind
from bot.storage.models import Case, Customer, Task

_FIELDS = ("reason", "remedy", "product", "customer_kind", "heard_through", "bought_on", "link", "fit")
_WORDS = {"note": NOTE, "misfit": MISFIT}


def describe(
    coach: Coach,
    session: Session,
    team_id: str,
    user_id: str,
    case_id: int,
    details: Details,
    now: datetime,
    *,
    drawn_in: str | None = None,
) -> Card:
    """Keep what the form says; the card is `drawn_in` a message. Raises `Declined` for a card number in any of it."""
    typed = (
        details.get("name"),
        details.get("product"),
        details.get("customer_kind"),
        details.get("note"),
        details.get("misfit"),
        details.get("link"),
    )
    refuse_card_numbers(*typed)
    card = coach.find(session, team_id, user_id, case_id)
    _fill_in(card.case, details, stayed=card.stayed)
    was_unknown = card.customer is None
    card = replace(coach.renamed(session, card, details.get("name"), now), notice=Notice.KEPT)
    if "reconnect_on" in details and details["reconnect_on"] is None:
        _stay_away(card, now)
    moved, promises = _reconnect(card, details.get("reconnect_on"))
    met = meanwhile.told(card, now) if was_unknown else ()
    return coach.put_down(session, card, None, now, promises=promises, moved=moved, extra=met, drawn_in=drawn_in)


def others(session: Session, case: Case, most: int) -> Sequence[tuple[Case, str | None]]:
    """The rep's latest other cases with their customers' names: this one may be a duplicate of any."""
    rows = session.exec(
        select(Case, Customer)
        .outerjoin(Customer, customers.of_case())
        .where(
            col(Case.team_id) == case.team_id,
            col(Case.rep_id) == case.rep_id,
            col(Case.id) != case.id,
            col(Case.forgotten_at).is_(None),
            ~col(Case.made_up),
            col(Case.outcome).is_(None) | col(Case.outcome).not_in(UNCOUNTED),
        )
        .order_by(col(Case.opened_at).desc())
        .limit(most)
    ).all()
    return [(other, customers.name_of(other, customer)) for other, customer in rows]


def reconnects_by(case: Case) -> TaskKind | None:
    """By which promise a case comes back to its customer: the one whose day the form shows and moves."""
    if case.outcome in (Outcome.LEFT, Outcome.NOT_NOW):
        return None if case.in_touch is False else TaskKind.HELLO
    if case.outcome == Outcome.COOL_OFF:
        return TaskKind.COOL_OFF_CALL
    if case.outcome in STAYED and case.appointment_at is None:
        return TaskKind.SOFT_YES_CALL if case.soft_yes else TaskKind.CHECK_IN
    return None


def _fill_in(case: Case, details: Details, *, stayed: bool) -> None:
    how = details.get("outcome")
    if stayed and how in STAYED:
        case.outcome = how
    given = dict(details)
    if "reason" in given and given["reason"] != case.reason and not case.outcome:
        # A story for the worry of before may not fit this one.
        case.story_id, case.passed_over = None, []
    for name in _FIELDS:
        if name in given:
            setattr(case, name, given[name])
    if "value" in details:
        value = details["value"]
        case.value_minor, case.currency = (value.minor, value.currency) if value else (None, None)
    typed = {key: str(given[name] or "") for name, key in _WORDS.items() if name in given}
    if typed:
        case.words = without_empty({**case.words, **typed})


def _stay_away(card: Card, now: datetime) -> None:
    """A date that was taken out of the form is taken back.

    What must be carried out or was agreed on stays, and so does what is overdue: the form showed no date of that.
    """
    kind = reconnects_by(card.case)
    for task in card.tasks:
        if task.kind == kind and task.kind not in reminders.PROMISED and task.due_at >= now:
            task.dropped_at = now


def _reconnect(card: Card, on: date | None) -> tuple[Sequence[Task], Sequence[Promise]]:
    """What was promised, moved to the day chosen; or booked for that day where nothing was."""
    case, kind = card.case, reconnects_by(card.case)
    if on is None or kind is None or (card.left_alone and kind in reminders.UNINVITED):
        return (), ()
    if kind is TaskKind.HELLO:
        case.in_touch = True
    task = next((task for task in card.tasks if task.kind == kind), None)
    if task is None:
        return (), [Promise(kind, on)]
    if reminders.day_of(task, card.member) == on:
        # Put off to a later hour of that day, it stays there.
        return (), ()
    reminders.reschedule(task, reminders.morning_of(on, card.member))
    return [task], ()
