"""The coach: cases worked, each gesture in the one transaction its caller has begun.

What else can be done with a case stands beside it: how it begins in `openings`, how it ends in `endings`, what may help
in `remedies`, answers in writing in `answers`, times in `appointments`, other people in `colleagues`. Each gesture of
those takes the coach.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, wraps
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.coaching import (
    calendar,
    copies,
    customers,
    freed,
    homes,
    library,
    meanwhile,
    missions,
    moves,
    policies,
    record,
    reminders,
    requests,
    sales,
    sights,
    waiting,
)
from bot.coaching.card_numbers import looks_like_card_number, without_card_numbers
from bot.coaching.cases import IN_WRITING, Card, Notice, Pressed
from bot.coaching.copies import STILL_FOR, copy_key, copy_of
from bot.coaching.customers import Known
from bot.coaching.errors import Declined, Reason
from bot.coaching.languages import DEFAULT, FALLBACK, locale_of, nearest
from bot.coaching.ledger import Shelves
from bot.coaching.matching import Tale
from bot.coaching.moves import Move
from bot.coaching.playbooks import Books, Playbook
from bot.coaching.reminders import Promise, TaskKind
from bot.storage import outbox
from bot.storage.models import Approval, Case, Customer, Member, OutboxRow, Remedy, Task, Team

P = ParamSpec("P")
T = TypeVar("T")

# Made once: building a statement costs more than running it.
_CASE = (
    sa.select(Case, Customer, Member, OutboxRow, Team, Approval, Task)
    .outerjoin(Customer, customers.of_case())
    .outerjoin(Member, (col(Member.team_id) == col(Case.team_id)) & (col(Member.user_id) == col(Case.rep_id)))
    .outerjoin(
        OutboxRow, (col(OutboxRow.team_id) == col(Case.team_id)) & (col(OutboxRow.key) == sa.bindparam("copy_key"))
    )
    .outerjoin(Team, col(Team.team_id) == col(Case.team_id))
    .outerjoin(Approval, requests.of_case())
    .outerjoin(Task, reminders.open_in_case())
    .where(col(Case.team_id) == sa.bindparam("team_id"), col(Case.id) == sa.bindparam("case_id"))
    .order_by(col(Task.due_at), col(Task.id))
    .with_for_update(of=Case)
)
_REMEDIES = (
    select(Remedy)
    .where(
        col(Remedy.team_id) == sa.bindparam("team_id"),
        col(Remedy.case_id) == sa.bindparam("case_id"),
        col(Remedy.taken_back_at).is_(None),
    )
    .order_by(col(Remedy.id))
)


class Unmoved(Exception):  # noqa: N818 - an answer, not a fault
    """A press that moves nothing: the card as it stands, with a notice that says why. What was typed is kept."""

    def __init__(self, card: Card, now: datetime) -> None:
        super().__init__(str(card.notice))
        self.card, self.now = card, now


def gesture(
    make: "Callable[Concatenate[Coach, Session, P], T]",
) -> "Callable[Concatenate[Coach, Session, P], T | Card]":
    """What a member does with a card: where it moves nothing, the card comes back as it stands."""

    @wraps(make)
    def made(coach: "Coach", session: Session, /, *args: P.args, **kwargs: P.kwargs) -> T | Card:
        try:
            return make(coach, session, *args, **kwargs)
        except Unmoved as unmoved:
            card = coach.fill(session, unmoved.card, unmoved.now)
            # It is drawn anew where it was pressed, and a story may stand on it.
            pressed = next((each for each in args if isinstance(each, Pressed)), None)
            _keep_sight(session, card, pressed, unmoved.now)
            return card

    return made


@dataclass(frozen=True)
class Coach:
    """The rules of a case, with the playbooks they follow.

    `heard_words` are the words by which a rep says how they were told, each with what it means. On the `shelves` are
    the stories that may be told. `translated` has the playbooks once more for each language but English: they differ
    in their words alone, so the rules follow `books`. `locale` is that of whoever has none.
    """

    books: Mapping[str, Playbook]
    heard_words: Mapping[str, str] = field(default_factory=dict)
    default: str = "sale"
    shelves: Shelves = field(default_factory=Shelves)
    translated: dict[str, Mapping[str, Playbook]] = field(default_factory=dict)
    locale: str = DEFAULT

    @cached_property
    def playbooks(self) -> Mapping[str, Playbook]:
        """The playbooks that a cancellation can follow, by their names."""
        return self._spoken[FALLBACK].worked

    @cached_property
    def _spoken(self) -> Mapping[str, Books]:
        return {language: Books(books) for language, books in (self.translated | {FALLBACK: self.books}).items()}

    def spoken(self, locale: str | None) -> Books:
        """The playbooks as a member of that locale reads them; in English where nobody has translated any."""
        return self._spoken[nearest(locale_of(locale or self.locale), self._spoken)]

    @cached_property
    def picks(self) -> Mapping[str, str]:
        """The words that pick a playbook, in any language, each with its name."""
        books = [book for spoken in self._spoken.values() for book in spoken.worked.values()]
        return {word: book.name for book in books for word in book.words}

    def tales(self, session: Session, team_id: str, story_ids: Sequence[int], now: datetime) -> Mapping[int, Tale]:
        """Those of these stories that may be told now, by their ids."""
        shelf = self.shelves.of(session, team_id, now)
        return {tale.id: tale for each in story_ids if (tale := shelf.get(each))}

    def show(
        self,
        session: Session,
        team_id: str,
        user_id: str,
        case_id: int,
        now: datetime,
        *,
        response_url: str | None = None,
        message_ts: str | None = None,
    ) -> Card:
        """The card as it stands, with the story that it brings kept; and where it is drawn, as in `sights.keep_card`.

        Raises `Declined` when it is not there or not this member's.
        """
        card = self.find(session, team_id, user_id, case_id)
        sights.drawn(card, response_url, message_ts)
        card = self.fill(session, card, now)
        sights.keep_card(session, card, response_url, message_ts, now)
        return card

    def resume(self, session: Session, team_id: str, user_id: str, case_id: int, now: datetime) -> Card:
        """Bring a case back as a new message in the rep's DM, at once. The one before it shows the way there."""
        card = self.find(session, team_id, user_id, case_id)
        outbox.enqueue(session, copy_of(card.case, now), *copies.left_by(card, now))
        outbox.forget_message(session, team_id, copy_of(card.case, now).key)
        return card

    def repair(self, session: Session, team_id: str, user_id: str, case_id: int, now: datetime) -> None:
        """A card could not be redrawn in place: let its copy in the DM catch up at once."""
        card = self.find(session, team_id, user_id, case_id)
        outbox.enqueue(session, copy_of(card.case, now))

    @gesture
    def press(self, session: Session, pressed: Pressed, move: Move, now: datetime) -> Card:
        """Make one move of the conversation. A press on an older copy, or one no longer open, moves nothing."""
        card = self.take_up(session, pressed, now)
        if not moves.make(move, card.case, card.playbook):
            raise Unmoved(replace(card, notice=Notice.STALE), now)
        if card.case.waiting_until is None:
            reminders.drop_kind(card.tasks, TaskKind.ANSWER, now)
        return self.put_down(session, card, pressed, now)

    @gesture
    def switch(
        self,
        session: Session,
        pressed: Pressed,
        now: datetime,
        *,
        playbook: str | None = None,
        heard: str | None = None,
    ) -> Card:
        """Begin again by another playbook, or as told in another way, and remember that. What was typed stays."""
        card = self.take_up(session, pressed, now)
        case = card.case
        name = playbook or case.playbook
        books = self.spoken(card.member.locale).worked
        if name not in books or case.outcome or case.letting_go:
            raise Unmoved(replace(card, notice=Notice.STALE), now)
        member = session.merge(card.member)
        remember(session, member, playbook, heard)
        reminders.drop_kind(card.tasks, TaskKind.ANSWER, now)
        card = replace(card, member=member, playbook=books[name])
        begin(case, card.playbook, heard or case.heard_through)
        return self.put_down(session, card, pressed, now)

    @gesture
    def look_closer(self, session: Session, pressed: Pressed, now: datetime) -> Card:
        """A form is about to open over the card: keep what stands typed, and leave the case where it is."""
        return self.fill(session, self.take_up(session, pressed, now), now)

    @gesture
    def hush(self, session: Session, pressed: Pressed, now: datetime) -> Card:
        """Hide the lines from this member, or show them again: cues only."""
        card = self.take_up(session, pressed, now)
        member = session.merge(card.member)
        member.cues_only = not member.cues_only
        return self.put_down(session, replace(card, member=member), pressed, now)

    @gesture
    def identify(self, session: Session, pressed: Pressed, customer_id: int | None, now: datetime) -> Card:
        """Say which customer of a name this is: one we know, or (None) somebody new."""
        card = self.take_up(session, pressed, now)
        known = customers.by_id(session, pressed.team_id, customer_id) if customer_id else None
        if customer_id and known is None:
            raise Declined(Reason.GONE)
        if known is None and card.name:
            known = Known(customers.create(session, pressed.team_id, card.name, now))
        if known:
            card = self._belongs_to(card, known, now)
        return self.put_down(session, card, pressed, now, extra=meanwhile.told(card, now))

    def find(self, session: Session, team_id: str, user_id: str, case_id: int) -> Card:
        """The case with what belongs to it. Raises `Declined` when it is not there, forgotten, or not this member's."""
        which = {"team_id": team_id, "case_id": case_id, "copy_key": copy_key(case_id, user_id)}
        rows = session.execute(_CASE, which).all()
        if not rows:
            raise Declined(Reason.GONE)
        case, customer, member, copy, team, approval, _ = rows[0]
        if case.rep_id != user_id:
            raise Declined(Reason.NOT_YOURS)
        if case.forgotten_at:
            raise Declined(Reason.FORGOTTEN)
        member = member or Member(team_id=team_id, user_id=user_id)
        # The outer joins leave gaps, whatever their types say.
        tasks = [task for *_, task in rows if task is not None]
        books = self.spoken(member.locale)
        playbook, notice = self._place(case, books)
        return Card(
            case,
            customer,
            member,
            playbook,
            copy,
            team=team,
            choices=books.titles,
            tasks=tasks,
            approval=approval,
            notice=notice,
            stood=record.stood(case, customers.name_of(case, customer)),
        )

    def is_at(self, case: Case, brings: str) -> bool:
        """Whether a case stands at a step that brings something of that name."""
        playbook = self.playbooks.get(case.playbook)
        step = playbook.steps.get(case.step) if playbook else None
        return step is not None and step.brings == brings

    def title_of(self, case: Case, key: str, locale: str | None) -> str | None:
        """What the playbook of a case calls one of its steps, to a member; None where it has it no longer."""
        playbook = self.spoken(locale).worked.get(case.playbook)
        step = playbook.steps.get(key) if playbook else None
        return step.title if step else None

    def _place(self, case: Case, books: Books) -> tuple[Playbook, Notice | None]:
        """The playbook of a case; one whose playbook or step is gone is moved to the nearest there is, and told so."""
        playbook = books.worked.get(case.playbook) or books.worked[self.default]
        step = playbook.nearest(case.step, moves.cause_of(case), letting_go=case.letting_go)
        moved = (playbook.name, step) != (case.playbook, case.step)
        case.playbook, case.step = playbook.name, step
        if moved:
            # Cards that show the step of before are a step behind now.
            case.revision += 1
        return playbook, Notice.MOVED if moved else None

    def take_up(self, session: Session, pressed: Pressed, now: datetime) -> Card:
        """The pressed card, with what was typed in it kept. Raises `Unmoved` where the press must not move it."""
        card = self.find(session, pressed.team_id, pressed.user_id, pressed.case_id)
        sights.drawn(card, pressed.response_url, pressed.message_ts)
        case = card.case
        stale = pressed.revision != case.revision
        typed = dict(pressed.typed)
        if stale:
            typed = {name: _both(case.words.get(name, ""), text) for name, text in typed.items()}
        if any(looks_like_card_number(text) for text in typed.values()):
            # A new revision gives the fields new ids, so that Slack shows what is kept and not what was typed.
            case.revision += 1
            case.words = without_empty(
                {**case.words, **{name: without_card_numbers(text) for name, text in typed.items()}}
            )
            raise Unmoved(replace(card, notice=Notice.CARD_NUMBER), now)
        if typed:
            case.words = without_empty({**case.words, **typed})
        if typed.get(missions.FIELD) and not case.made_up:
            missions.keep(session, case, typed[missions.FIELD], now)
        if stale or card.notice:
            raise Unmoved(replace(card, notice=card.notice or Notice.STALE), now)
        return card

    def put_down(
        self,
        session: Session,
        card: Card,
        pressed: Pressed | None,
        now: datetime,
        *,
        promises: Sequence[Promise] = (),
        moved: Sequence[Task] = (),
        extra: Sequence[outbox.Due] = (),
        drawn_in: str | None = None,
    ) -> Card:
        """Finish a gesture: the case has moved on, and the copy in the DM follows unless it was the one pressed.

        Where nothing on the card was pressed, `drawn_in` is the message in which it is drawn anew all the same.
        """
        case = card.case
        counts = card.stood.get("outcome") != case.outcome or now - case.touched_at > waiting.TOO_LONG
        case.revision += 1
        case.touched_at = now
        record.keep(card, pressed.user_id if pressed else case.rep_id, now)
        if case.made_up:
            # Nobody is promised anything, and nobody else is told.
            promises, extra = (), ()
        booked = reminders.book(session, case, card.member, now, *promises) if promises else ()
        approval, told = requests.after_a_gesture(card.approval, case, now, pressed=pressed is not None)
        card = replace(card, approval=approval)
        # Chosen now, a story is kept with the case in one statement.
        card = self.shelves.bring(session, card, now)
        session.flush()
        draws_the_copy = sights.is_copy(card, pressed.message_ts if pressed else drawn_in)
        copies = [] if draws_the_copy else [copy_of(case, now if case.outcome else now + STILL_FOR)]
        reminders.drop_kind(card.tasks, TaskKind.LEFT_OPEN, now)
        outbox.enqueue(
            session,
            *copies,
            *([] if case.outcome or case.made_up else [reminders.left_open(case, now)]),
            *extra,
            *told,
            *map(reminders.alarm, (*booked, *moved)),
            *homes.after_a_gesture(case, card.member, now, counts=counts),
        )
        card = self.fill(session, replace(card, tasks=[*filter(reminders.is_open, card.tasks), *booked]), now)
        _keep_sight(session, card, pressed, now)
        return card

    def fill(self, session: Session, card: Card, now: datetime) -> Card:
        """Look up what only this card shows: the past and the namesakes on the first, the mission where it is due."""
        case = card.case
        if case.called and card.namesakes is None and not case.made_up:
            card = replace(card, namesakes=customers.by_name(session, case.team_id, case.called))
        if card.remedies is None and case.agreed:
            which = {"team_id": case.team_id, "case_id": case.id}
            card = replace(card, remedies=session.exec(_REMEDIES, params=which).all())
        card = replace(card, slots=times(card, now))
        if case.outcome:
            card = self.shelves.bring(session, card, now)
            return replace(card, freed=freed.best_for(session, case, now)) if card.is_appointment else card
        if card.first and card.history is None and case.customer_id:
            known = customers.by_id(session, case.team_id, case.customer_id)
            card = replace(card, history=known.before(case) if known else ())
        if (step := card.playbook.steps[case.step]).follow and card.had is None:
            where = calendar.zone(card.member.timezone)
            card = replace(card, had=policies.had(session, card.team, case, step.follow, now, where))
        if step.brings == missions.FIELD:
            mission = missions.made_up(case) if case.made_up else missions.latest(session, case)
            card = replace(card, mission=mission, sale=sales.of_case(session, case))
        return self.with_rights(session, self.shelves.bring(session, card, now), now)

    def with_rights(self, session: Session, card: Card, now: datetime) -> Card:
        """The right to withdraw, while no persuading has begun; counted from the day they bought, where we know it."""
        case = card.case
        if card.team is None or case.kind not in card.team.withdrawal_kinds or not card.before_persuading:
            return card
        where = calendar.zone(card.member.timezone)
        sale = None if case.bought_on else sales.of_case(session, case)
        bought_on = case.bought_on or (sale.sold_at.astimezone(where).date() if sale else None)
        today = now.astimezone(where).date()
        return replace(card, withdrawal=library.withdrawal(card.team, case.kind, bought_on, today))

    def named(self, session: Session, card: Card, name: str, known: Sequence[Known], now: datetime) -> Card:
        """The card once there is a name: of the one we know, of several until the rep picks, or of somebody new."""
        if len(known) > 1:
            card.case.called = name
            return replace(card, namesakes=known)
        found = known[0] if known else Known(customers.create(session, card.case.team_id, name, now))
        return self._belongs_to(card, found, now)

    def renamed(self, session: Session, card: Card, name: str | None, now: datetime) -> Card:
        """The card after a form: a name for whoever had none, or a correction of the one we had."""
        if not name or name == card.name:
            return card
        if card.case.made_up:
            card.case.called = name
            return card
        if card.customer is None:
            return self.named(session, card, name, customers.by_name(session, card.case.team_id, name), now)
        customers.rename(card.customer, name)
        homes.follow(session, card.case.team_id, meanwhile.reps(session, card.case), now)
        return card

    def _belongs_to(self, card: Card, known: Known, now: datetime) -> Card:
        case = card.case
        if case.in_touch is False:
            known.customer.left_alone_since = known.customer.left_alone_since or now
        case.customer_id = customers.id_of(known.customer)
        case.called = None
        return replace(card, customer=known.customer, history=known.before(case), namesakes=())


def _keep_sight(session: Session, card: Card, pressed: Pressed | None, now: datetime) -> None:
    if pressed:
        sights.keep_card(session, card, pressed.response_url, pressed.message_ts, now)


def times(card: Card, now: datetime) -> Sequence[int]:
    """The two times to offer for an appointment, in seconds since 1970: those chosen, unless one of them is gone."""
    if not card.is_appointment:
        return ()
    chosen = card.case.slots
    still_ahead = chosen and min(chosen) > now.timestamp()
    return chosen if still_ahead else calendar.two_times(now, calendar.zone(card.member.timezone))


def begin(case: Case, playbook: Playbook, heard_through: str | None) -> None:
    """Put a case at the first step of a playbook, as it was told."""
    moves.begin(case, playbook, heard_through, writing=heard_through in IN_WRITING)


def remember(session: Session, member: Member, playbook: str | None, heard_through: str | None) -> None:
    """What was chosen now stands for the next case."""
    changed = False
    for name, chosen in (("playbook", playbook), ("heard_through", heard_through)):
        if chosen and getattr(member, name) != chosen:
            setattr(member, name, chosen)
            changed = True
    if changed:
        session.add(member)


def _both(kept: str, typed: str) -> str:
    """What stands in a field of which two copies were written on: nothing of either is lost."""
    if typed in kept:
        return kept
    return typed if kept in typed else f"{kept}\n{typed}"


def without_empty(words: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in words.items() if text}
