"""How a case begins: what a rep typed, the case that it opens, and one with a customer who does not exist."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from bot.coaching import customers, homes, meanwhile, members, missions, record, reminders, resent
from bot.coaching.card_numbers import refuse_card_numbers
from bot.coaching.cases import Card
from bot.coaching.coach import Coach, begin, remember, times
from bot.coaching.copies import STILL_FOR, copy_of
from bot.coaching.playbooks import Books, Playbook
from bot.coaching.sources import Source
from bot.storage import outbox
from bot.storage.models import Case, Member, Team


@dataclass(frozen=True)
class Picked:
    """What a rep said when they opened a case; None for what is not said."""

    name: str | None = None
    playbook: str | None = None
    heard_through: str | None = None


@dataclass(frozen=True)
class MadeUp:
    """A customer who does not exist, to try the card with: their name, and what they hoped for."""

    name: str
    hoped: str


def understand(coach: Coach, text: str) -> Picked:
    """What a rep typed: one word may pick the playbook and one how they were told, in either order.

    Only small letters pick anything: Order Ltd is a customer.
    """
    playbook = heard_through = None
    rest = text.strip()
    while rest:
        word, _, after = rest.partition(" ")
        book = coach.picks.get(word)
        heard = coach.heard_words.get(word)
        if book and not playbook:
            playbook = book
        elif heard and not heard_through:
            heard_through = heard
        else:
            break
        rest = after.strip()
    return Picked(rest or None, playbook, heard_through)


def open_case(
    coach: Coach,
    session: Session,
    team_id: str,
    user_id: str,
    picked: Picked,
    now: datetime,
    *,
    in_dm: bool = False,
    source: Source | None = None,
) -> Card:
    """Open a case, by what was picked, else by this member's setting, else by what they chose last.

    With `in_dm` the card goes to the rep's DM at once: there is no command to answer. `source` is the message that
    it comes from. A form that was sent twice opens one case. Raises `Declined` for a name that holds a card number.
    """
    name = picked.name
    refuse_card_numbers(name)
    met, team, known = customers.arrival(session, team_id, user_id, name)
    member = met or Member(team_id=team_id, user_id=user_id)
    if source is None:
        remember(session, member, picked.playbook, picked.heard_through)
    chosen = picked.playbook or member.default_playbook or member.playbook or coach.default
    books = coach.spoken(member.locale)
    playbook = books.worked.get(chosen) or books.worked[coach.default]
    card = _fresh(member, team, books, playbook, picked.heard_through or member.heard_through, now)
    case = card.case
    if source:
        source.keep(case)
    record.begin(case)
    card = coach.named(session, card, name, known, now) if name else card
    if in_dm and source is None and (kept := just_opened(_alike(session, case), user_id, now)):
        return coach.find(session, team_id, user_id, kept)
    session.add(case)
    session.flush()
    learn = members.look_up_if_new(met, team_id, user_id, now)
    copy = copy_of(case, now if in_dm else now + STILL_FOR)
    at_home = homes.after_a_gesture(case, member, now, counts=True)
    outbox.enqueue(session, copy, reminders.left_open(case, now), *at_home, *learn, *meanwhile.told(card, now))
    return coach.with_rights(session, replace(card, slots=times(card, now)), now)


def try_out(coach: Coach, session: Session, team_id: str, user_id: str, made_up: MadeUp, now: datetime) -> None:
    """Open a case with a customer who does not exist, in the rep's DM. It counts nowhere, and nobody is told.

    One that is open still is brought again instead.
    """
    met, team, _ = customers.arrival(session, team_id, user_id, None)
    member = met or Member(team_id=team_id, user_id=user_id)
    if again := _tried(session, team_id, user_id):
        coach.resume(session, team_id, user_id, again, now)
        return
    books = coach.spoken(member.locale)
    card = _fresh(member, team, books, books.worked[coach.default], None, now)
    case = card.case
    case.made_up, case.called, case.words = True, made_up.name, {missions.MADE_UP: made_up.hoped}
    record.begin(case)
    session.add(case)
    session.flush()
    learn = members.look_up_if_new(met, team_id, user_id, now)
    outbox.enqueue(session, copy_of(case, now), *homes.own(member, now), *learn)


def _tried(session: Session, team_id: str, user_id: str) -> int | None:
    theirs = (col(Case.team_id) == team_id, col(Case.rep_id) == user_id, col(Case.made_up))
    return session.exec(select(Case.id).where(*theirs, col(Case.outcome).is_(None)).limit(1)).first()


def just_opened(cases: Iterable[Case], user_id: str, now: datetime) -> int | None:
    """The one that this rep has opened a moment ago, and nobody has worked in since: the same form opened it."""
    mine = (each for each in cases if each.rep_id == user_id and each.touched_at == each.opened_at)
    return next((each.id for each in mine if each.opened_at > resent.since(now)), None)


def _alike(session: Session, case: Case) -> Sequence[Case]:
    """The open cases of this rep with this customer, or with nobody's name; those from a message are apart."""
    theirs = (col(Case.team_id) == case.team_id, col(Case.rep_id) == case.rep_id, ~col(Case.made_up))
    same = (col(Case.customer_id) == case.customer_id, col(Case.called) == case.called)
    is_open = (col(Case.outcome).is_(None), col(Case.source_ts).is_(None))
    return session.exec(select(Case).where(*theirs, *same, *is_open).order_by(col(Case.id).desc()).limit(1)).all()


def _fresh(
    member: Member, team: Team | None, books: Books, playbook: Playbook, heard_through: str | None, now: datetime
) -> Card:
    """A case of this member's at its first step, with nobody's name to it yet."""
    case = Case(
        team_id=member.team_id,
        rep_id=member.user_id,
        playbook=playbook.name,
        step="",
        opened_at=now,
        touched_at=now,
    )
    begin(case, playbook, heard_through)
    return Card(case, None, member, playbook, team=team, remedies=(), choices=books.titles)
