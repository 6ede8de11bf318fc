"""A story told in a case: which one, another one, and whether it landed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import ScalarSelect
from sqlmodel import Session, col, delete, select, update

from bot.coaching import customers, members, reasons, sights
from bot.coaching.cases import Card, Notice, Pressed
from bot.coaching.coach import Coach, Unmoved, gesture
from bot.coaching.copies import STILL_FOR, copy_of
from bot.coaching.errors import Declined, Reason
from bot.coaching.ledger import STORY, brings_one
from bot.coaching.matching import Likeness, Tale
from bot.coaching.outcomes import STAYED, UNCOUNTED
from bot.storage import outbox
from bot.storage.models import Case, Customer, Member, Sight, Story, Telling

THANKS = "story_thanks"
# Long enough to take a slip of the finger back.
_THANKED_AFTER = timedelta(minutes=2)
# A case that nobody has touched since yesterday is not the one on the phone.
_WORKED_ON_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Told:
    """A story to tell now, and the case that it was put with; None where it stands with none."""

    tale: Tale
    member: Member
    case: Case | None
    customer: Customer | None

    @property
    def name(self) -> str | None:
        """The name of the customer who is about to hear it."""
        return customers.name_of(self.case, self.customer)


@dataclass(frozen=True)
class Thanks:
    """An author whose story helped to keep somebody, and who told it."""

    story: Story
    told_by: str
    author: Member


@gesture
def another(coach: Coach, session: Session, pressed: Pressed, now: datetime) -> Card:
    """The next story that fits; after the last one, the first again."""
    card = coach.take_up(session, pressed, now)
    case = card.case
    if not brings_one(card) or case.story_id is None:
        raise Unmoved(replace(card, notice=Notice.STALE), now)
    case.passed_over, case.story_id = [*case.passed_over, case.story_id], None
    card = coach.put_down(session, card, pressed, now)
    return card if case.passed_over else replace(card, notice=Notice.NO_OTHER_STORY)


@gesture
def choose(coach: Coach, session: Session, pressed: Pressed, story_id: int, now: datetime) -> Card:
    """The story that the rep has looked up. Raises `Declined` where it may not be told, or not to this customer."""
    card = coach.take_up(session, pressed, now)
    if not brings_one(card):
        raise Unmoved(replace(card, notice=Notice.STALE), now)
    shelf = coach.shelves.of(session, pressed.team_id, now)
    if shelf.get(story_id) is None:
        raise Declined(Reason.NOT_TOLD)
    if shelf.is_own(story_id, Likeness(customer_id=card.case.customer_id, name=card.name or "")):
        raise Declined(Reason.THEIR_OWN)
    card.case.story_id = story_id
    return coach.put_down(session, card, pressed, now)


@gesture
def name_worry(coach: Coach, session: Session, pressed: Pressed, worry: str, now: datetime) -> Card:
    """What worries them, which a story has to share. It is the case's reason from now on."""
    card = coach.take_up(session, pressed, now)
    if card.case.outcome or worry not in reasons.worries(card.team, card.case.reason):
        raise Unmoved(replace(card, notice=Notice.STALE), now)
    card.case.reason, card.case.story_id, card.case.passed_over = worry, None, []
    return coach.put_down(session, card, pressed, now)


def is_asked(case: Case) -> bool:
    """Whether a rep is asked if the story landed: once the case is closed, never in mid-call."""
    counts = case.outcome is not None and case.outcome not in UNCOUNTED
    return (
        counts and not case.made_up and case.closed_at is not None and case.story_id is not None and case.landed is None
    )


@gesture
def answer(coach: Coach, session: Session, pressed: Pressed, landed: bool | None, now: datetime) -> Card:
    """Whether the story landed; None where it was not told."""
    card = coach.take_up(session, pressed, now)
    case = card.case
    if not is_asked(case) or case.story_id is None:
        raise Unmoved(replace(card, notice=Notice.STALE), now)
    thanks = []
    if landed is None:
        case.story_id = None
    else:
        case.landed = landed
        thanks = [_keep(session, case, case.story_id, landed, now)]
    card = replace(card, notice=Notice.KEPT)
    wanted = landed and case.outcome in STAYED
    return coach.put_down(session, card, pressed, now, extra=thanks if wanted else ())


def _keep(session: Session, case: Case, story_id: int, landed: bool, now: datetime) -> outbox.Due:
    telling = Telling(
        team_id=case.team_id,
        story_id=story_id,
        case_id=case.id or 0,
        rep_id=case.rep_id,
        landed=landed,
        told_at=now,
    )
    session.add(telling)
    author_id = _count(session, telling, +1)
    return outbox.Due(case.team_id, f"{THANKS}:{case.id}", THANKS, author_id, now + _THANKED_AFTER, case.id)


def take_back(session: Session, case: Case) -> None:
    """The outcome was taken back: what was said of the story will be asked again."""
    if case.landed is None:
        return
    case.landed = None
    of_case = (col(Telling.team_id) == case.team_id, col(Telling.case_id) == case.id)
    telling = session.exec(select(Telling).where(*of_case)).first()
    if telling:
        _count(session, telling, -1)
        session.execute(delete(Telling).where(*of_case))


def _count(session: Session, telling: Telling, by: int) -> str:
    """How often a story was told and landed is kept with it, so that nobody ever has to count. Returns its author."""
    author_id = session.execute(
        update(Story)
        .where(col(Story.team_id) == telling.team_id, col(Story.id) == telling.story_id)
        .values(told=col(Story.told) + by, landed=col(Story.landed) + (by if telling.landed else 0))
        .returning(col(Story.author_id))
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return str(author_id)


def tell(coach: Coach, session: Session, team_id: str, user_id: str, story_id: int, now: datetime) -> Told:
    """Put a story with the case that this member is working on. Raises `Declined` as `choose` does."""
    shelf = coach.shelves.of(session, team_id, now)
    tale = shelf.get(story_id)
    if tale is None:
        raise Declined(Reason.NOT_TOLD)
    mine = (col(Case.team_id) == team_id, col(Case.rep_id) == user_id)
    worked_on = (col(Case.outcome).is_(None), ~col(Case.letting_go), col(Case.touched_at) > now - _WORKED_ON_FOR)
    last = select(Case.id).where(*mine, *worked_on).order_by(col(Case.touched_at).desc(), col(Case.id).desc()).limit(1)
    rows = _with_screens(session, team_id, last.scalar_subquery(), now)
    if not rows:
        return Told(tale, members.get(session, team_id, user_id), None, None)
    case, customer, known, _ = rows[0]
    if shelf.is_own(story_id, Likeness(customer_id=case.customer_id, name=customers.name_of(case, customer) or "")):
        raise Declined(Reason.THEIR_OWN)
    _put(coach, session, rows, story_id, now)
    return Told(tale, known or Member(team_id=team_id, user_id=user_id), case, customer)


def take_away(
    coach: Coach, session: Session, team_id: str, user_id: str, case_id: int, story_id: int, now: datetime
) -> Told:
    """It was put with a case that it is not for. Raises `Declined` where it may not be told any more."""
    tale = coach.shelves.of(session, team_id, now).get(story_id)
    if tale is None:
        raise Declined(Reason.NOT_TOLD)
    rows = _with_screens(session, team_id, case_id, now)
    if rows and rows[0][0].rep_id == user_id and rows[0][0].story_id == story_id and rows[0][0].outcome is None:
        _put(coach, session, rows, None, now)
    return Told(tale, members.get(session, team_id, user_id), None, None)


_Rows = Sequence[tuple[Case, Customer | None, Member | None, Sight | None]]


def _with_screens(session: Session, team_id: str, which: int | ScalarSelect[int | None], now: datetime) -> _Rows:
    """A case with its customer and its rep, once for each screen on which its card stands; held until the end."""
    found = session.execute(
        sa.select(Case, Customer, Member, Sight)
        .outerjoin(Customer, customers.of_case())
        .outerjoin(Member, (col(Member.team_id) == col(Case.team_id)) & (col(Member.user_id) == col(Case.rep_id)))
        .outerjoin(Sight, sights.of_case(now))
        .where(col(Case.team_id) == team_id, col(Case.id) == which)
        .with_for_update(of=Case)
    )
    return [(case, customer, member, sight) for case, customer, member, sight in found]


def _put(coach: Coach, session: Session, rows: _Rows, story_id: int | None, now: datetime) -> None:
    case = rows[0][0]
    case.story_id = story_id
    if coach.is_at(case, STORY):
        # A card that shows another one is a step behind now.
        case.revision += 1
    screens = [sights.redraw(sight, now) for *_, sight in rows if sight]
    outbox.enqueue(session, *screens, copy_of(case, now + STILL_FOR))


def thanks(session: Session, team_id: str, case_id: int) -> Thanks | None:
    """Whom to thank for a story that helped in a case; None where it did not, or was told by its own author."""
    found = session.exec(
        select(Telling, Story, Case, Member)
        .join(Story, (col(Story.team_id) == col(Telling.team_id)) & (col(Story.id) == col(Telling.story_id)))
        .join(Case, (col(Case.team_id) == col(Telling.team_id)) & (col(Case.id) == col(Telling.case_id)))
        .outerjoin(Member, (col(Member.team_id) == col(Story.team_id)) & (col(Member.user_id) == col(Story.author_id)))
        .where(col(Telling.team_id) == team_id, col(Telling.case_id) == case_id)
    ).first()
    if found is None:
        return None
    telling, story, case, author = found
    if author and members.THANKS in author.unwanted:
        return None
    if not telling.landed or case.outcome not in STAYED or telling.rep_id == story.author_id:
        return None
    return Thanks(story, telling.rep_id, author or Member(team_id=team_id, user_id=story.author_id))
