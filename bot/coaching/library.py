"""The workspace's library: its products with their likely problems and useful links, and what its managers set."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bot.coaching import homes, members
from bot.coaching.card_numbers import refuse_card_numbers
from bot.coaching.errors import Declined, Reason
from bot.coaching.spelling import fold
from bot.storage import outbox
from bot.storage.models import Product, Team

# A menu has room for them all.
PRODUCTS_MOST = 200


@dataclass(frozen=True)
class Problem:
    """What may trouble a customer so many days after the sale, and what helps."""

    days: int
    problem: str
    answer: str


@dataclass(frozen=True)
class Link:
    """Something useful to read or watch; `url` begins with https."""

    title: str
    url: str


@dataclass(frozen=True)
class Withdrawal:
    """A right to withdraw: what to tell the customer, and until when, where the day of the purchase is known."""

    words: str
    last_day: date | None
    days_left: int | None


@dataclass(frozen=True)
class Library:
    """All that the managers of a team have set, with its products by name."""

    team: Team
    products: Sequence[Product]


@dataclass(frozen=True)
class ProductFacts:
    """What a manager says of a product."""

    name: str
    problems: Sequence[Problem] = ()
    links: Sequence[Link] = ()


def team_of(session: Session, team_id: str) -> Team:
    """What this workspace has set; a blank row, not added, where it has set nothing."""
    return session.get(Team, team_id) or Team(team_id=team_id)


def products(session: Session, team_id: str) -> Sequence[Product]:
    """Everything the team sells, by name."""
    return session.exec(select(Product).where(col(Product.team_id) == team_id).order_by(col(Product.name_key))).all()


def of(session: Session, team_id: str) -> Library:
    """The whole library of this workspace."""
    return Library(team_of(session, team_id), products(session, team_id))


def product_named(session: Session, team_id: str, name: str | None) -> Product | None:
    """The product of that name, however it is spelled; None where the library has none."""
    if not name:
        return None
    return session.exec(
        select(Product).where(col(Product.team_id) == team_id, col(Product.name_key) == fold(name))
    ).first()


def find(session: Session, team_id: str, product_id: int) -> Product:
    """The product of that id. Raises `Declined` when this workspace has none."""
    found = session.exec(select(Product).where(col(Product.team_id) == team_id, col(Product.id) == product_id)).first()
    if found is None:
        raise Declined(Reason.GONE)
    return found


def problems_of(product: Product | None) -> Sequence[Problem]:
    """What may trouble a customer who bought this, in the order in which it was written."""
    found = product.problems if product else []
    return [Problem(int(each["days"]), each["problem"], each["answer"]) for each in found]


def links_of(product: Product | None) -> Sequence[Link]:
    """What is useful to whoever bought this, in the order in which it was written."""
    return [Link(each["title"], each["url"]) for each in (product.links if product else [])]


def withdrawal(team: Team | None, kind: str, bought_on: date | None, today: date) -> Withdrawal | None:
    """The right to withdraw from a purchase of this kind.

    None where the team has set none, or where its last day has passed.
    """
    if team is None or not (team.withdrawal_days and team.withdrawal_words) or kind not in team.withdrawal_kinds:
        return None
    if bought_on is None:
        return Withdrawal(team.withdrawal_words, None, None)
    last_day = bought_on + timedelta(days=team.withdrawal_days)
    days_left = (last_day - today).days
    return Withdrawal(team.withdrawal_words, last_day, days_left) if days_left >= 0 else None


def add_product(session: Session, team_id: str, user_id: str, facts: ProductFacts, now: datetime) -> Product:
    """Add a product. Raises `Declined` as `change_product` does, and where there are `PRODUCTS_MOST`."""
    members.require_manager(session, team_id, user_id)
    if session.exec(select(func.count()).where(col(Product.team_id) == team_id)).one() >= PRODUCTS_MOST:
        raise Declined(Reason.LIBRARY_FULL)
    added = Product(team_id=team_id, name="", name_key="", changed_by=user_id, changed_at=now)
    return _keep(session, added, user_id, facts, now)


def change_product(
    session: Session, team_id: str, user_id: str, product_id: int, facts: ProductFacts, now: datetime
) -> Product:
    """Say anew what a product is.

    Raises `Declined` for anybody but a manager, for a card number, for a name that another product has, and when the
    product is gone.
    """
    members.require_manager(session, team_id, user_id)
    return _keep(session, find(session, team_id, product_id), user_id, facts, now)


def remove_product(session: Session, team_id: str, user_id: str, product_id: int, now: datetime) -> None:
    """Take a product out of the library. Cases that name it keep the name. Raises `Declined` as above."""
    members.require_manager(session, team_id, user_id)
    session.delete(find(session, team_id, product_id))
    outbox.enqueue(session, homes.managers(team_id, user_id, now))


def _keep(session: Session, product: Product, user_id: str, facts: ProductFacts, now: datetime) -> Product:
    refuse_card_numbers(facts.name, *map(str, facts.problems), *map(str, facts.links))
    product.name, product.name_key = facts.name, fold(facts.name)
    product.problems = [{**asdict(each), "days": str(each.days)} for each in facts.problems]
    product.links = [asdict(each) for each in facts.links]
    product.changed_by, product.changed_at = user_id, now
    session.add(product)
    try:
        session.flush()
    except IntegrityError:
        # Two managers may do it at the same second, so that the table alone knows which names are taken.
        raise Declined(Reason.NAME_TAKEN) from None
    outbox.enqueue(session, homes.managers(product.team_id, user_id, now))
    return product
