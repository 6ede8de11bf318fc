"""Looking for a story to tell: by words, by worry, by product, for the eyes of one member."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from bot.coaching import customers, library, members, reasons, sights, stories, tellings
from bot.coaching.card_numbers import refuse_card_numbers
from bot.coaching.coach import Coach
from bot.coaching.errors import Declined, Reason
from bot.coaching.matching import Likeness, Tale
from bot.coaching.tellings import Told
from bot.storage import outbox
from bot.storage.models import Case, Customer, Member, Story

SHOWN_MOST = 5
# More than that says nothing more about what somebody looks for.
TEXT_MOST = 200


@dataclass(frozen=True)
class Search:
    """What a member looks for; `skip` counts the stories that they have gone through already."""

    text: str = ""
    worry: str | None = None
    product: str | None = None
    skip: int = 0


@dataclass(frozen=True)
class Found:
    """What a search has found: some of the stories, and whether there are more.

    `worries` are those to choose from, and `products` those that stories tell of. `means_something` is False for words
    that stand in every story.
    """

    search: Search
    member: Member
    tales: Sequence[Tale]
    more: bool
    worries: Sequence[str]
    products: Sequence[str]
    means_something: bool


@dataclass(frozen=True)
class Mine:
    """What a member has written, latest first; `more` where there is more than that."""

    member: Member
    stories: Sequence[Story]
    more: bool


def of(text: str) -> Search:
    """A search by words, of which only so many count. Raises `Declined` for a card number."""
    refuse_card_numbers(text)
    return Search(" ".join(text.split())[:TEXT_MOST].strip())


def look(
    coach: Coach, session: Session, team_id: str, user_id: str, place: str, search: Search, now: datetime
) -> Found:
    """Search among the stories that may be told. `place` is the screen on which they will stand."""
    member, team = members.get(session, team_id, user_id), library.team_of(session, team_id)
    shelf = coach.shelves.of(session, team_id, now, team.story_revision)
    upto = search.skip + SHOWN_MOST
    hits = shelf.search(search.text, upto + 1, worry=search.worry, product=search.product)
    shown = hits[search.skip : upto]
    if not shown and search.skip:
        return look(coach, session, team_id, user_id, place, replace(search, skip=0), now)
    _keep(session, (team_id, user_id), place, search, [tale.id for tale in shown], now)
    means_something = not search.text or shelf.means_something(search.text)
    worries = reasons.worries(team, search.worry)
    return Found(search, member, shown, len(hits) > upto, worries, shelf.products, means_something)


def begin(
    coach: Coach, session: Session, team_id: str, user_id: str, place: str, search: Search, now: datetime
) -> Found:
    """The first search on a new screen, by somebody who may be new here."""
    found = look(coach, session, team_id, user_id, place, search, now)
    outbox.enqueue(session, *members.look_up_if_new(found.member, team_id, user_id, now))
    return found


def again(coach: Coach, session: Session, team_id: str, place: str, now: datetime) -> Found | None:
    """The search that stands on a screen, as it finds now; None where Slack no longer reaches it."""
    sight = sights.find(session, team_id, place, now)
    if sight is None or sight.asked is None:
        return None
    return look(coach, session, team_id, sight.user_id, place, _search(sight.asked), now)


def tell(
    coach: Coach, session: Session, team_id: str, user_id: str, place: str, search: Search, story_id: int, now: datetime
) -> Told:
    """Put a story with the case that this member is working on, and keep in mind where it stands.

    Raises `Declined` where it may not be told, or not to that customer.
    """
    told = tellings.tell(coach, session, team_id, user_id, story_id, now)
    _keep(session, (team_id, user_id), place, search, [story_id], now)
    return told


def take_away(
    coach: Coach,
    session: Session,
    team_id: str,
    user_id: str,
    place: str,
    search: Search,
    case_id: int,
    story_id: int,
    now: datetime,
) -> Told:
    """Take a story away from the case with which `tell` put it; it still stands there to be told, and is kept in mind.

    Raises `Declined` where it may not be told any more.
    """
    told = tellings.take_away(coach, session, team_id, user_id, case_id, story_id, now)
    _keep(session, (team_id, user_id), place, search, [story_id], now)
    return told


def copy(
    coach: Coach, session: Session, team_id: str, user_id: str, place: str, search: Search, story_id: int, now: datetime
) -> tuple[Tale, Member]:
    """A story to copy from, kept in mind as in `tell`. Raises `Declined` where it may not be told."""
    tale = coach.shelves.of(session, team_id, now).get(story_id)
    if tale is None:
        raise Declined(Reason.NOT_TOLD)
    _keep(session, (team_id, user_id), place, search, [story_id], now)
    return tale, members.get(session, team_id, user_id)


def mine(session: Session, team_id: str, user_id: str, place: str, search: Search, most: int, now: datetime) -> Mine:
    """What this member has written, wherever it stands; no story is left to tell on that screen."""
    member = members.get(session, team_id, user_id)
    written = stories.mine(session, team_id, user_id, most + 1)
    _keep(session, (team_id, user_id), place, search, [], now)
    return Mine(member, written[:most], len(written) > most)


def suggest(
    coach: Coach, session: Session, team_id: str, user_id: str, case_id: int, text: str, most: int, now: datetime
) -> Sequence[Tale]:
    """Up to `most` stories for the customer of this member's case and what they have typed so far.

    Without a word, those that land best. None is the customer's own.
    """
    found = session.exec(
        select(Case, Customer)
        .outerjoin(Customer, customers.of_case())
        .where(col(Case.team_id) == team_id, col(Case.id) == case_id, col(Case.rep_id) == user_id)
    ).first()
    case, customer = found or (None, None)
    to = Likeness(customer_id=case.customer_id if case else None, name=customers.name_of(case, customer) or "")
    return coach.shelves.of(session, team_id, now).search(text[:TEXT_MOST], most, to=to)


def _keep(
    session: Session, whose: tuple[str, str], place: str, search: Search, story_ids: Sequence[int], now: datetime
) -> None:
    sights.keep_search(session, whose, place, asdict(search), story_ids, now)


def _search(asked: Mapping[str, str | int | None]) -> Search:
    worry, product = asked.get("worry"), asked.get("product")
    return Search(
        str(asked.get("text") or ""),
        str(worry) if worry else None,
        str(product) if product else None,
        int(asked.get("skip") or 0),
    )
