"""What may have to change on the screen of one member alone: a card, or a search with stories in it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, and_, col, delete, or_, select

from bot.coaching.cases import Card
from bot.storage import outbox
from bot.storage.models import Case, Sight

KIND = "sight"
# Slack takes a `response_url` for half an hour (docs.slack.dev/interactivity/handling-user-interaction).
_CARD_REACHED_FOR = timedelta(minutes=30)
# Nobody keeps a modal open for longer.
_SEARCH_REACHED_FOR = timedelta(days=1)

_NEW = ("user_id", "case_id", "stories", "asked", "response_url", "seen_at")


def _upsert(insert: sqlite.Insert | postgresql.Insert) -> sqlite.Insert | postgresql.Insert:
    new = {name: getattr(insert.excluded, name) for name in _NEW}
    return insert.on_conflict_do_update(index_elements=["team_id", "place"], set_=new)


_UPSERTS = {"sqlite": _upsert(sqlite.insert(Sight)), "postgresql": _upsert(postgresql.insert(Sight))}


def keep_card(session: Session, card: Card, response_url: str | None, message_ts: str | None, now: datetime) -> None:
    """Remember where a card stands that will have to change unasked: a story may be withdrawn, a request decided.

    The card is drawn over the message at `message_ts` by that `response_url`, None where it is not. Its copy in the DM
    is kept up to date by a row of its own in the outbox.
    """
    case = card.case
    tales = [card.story.tale] if card.story else [card.told] if card.told else []
    if response_url and (tales or card.approval) and not is_copy(card, message_ts):
        _keep(
            session,
            Sight(
                team_id=case.team_id,
                place=f"card:{case.id}:{message_ts}",
                user_id=case.rep_id,
                case_id=case.id,
                stories=[tale.id for tale in tales],
                response_url=response_url,
                seen_at=now,
            ),
        )


def drawn(card: Card, response_url: str | None, message_ts: str | None) -> None:
    """Remember where a card is before its rep's eyes alone, whatever stands on it."""
    if response_url and not is_copy(card, message_ts):
        card.case.response_url = response_url


def is_copy(card: Card, message_ts: str | None) -> bool:
    """Whether a message is the copy of a card in the DM."""
    return bool(card.copy and card.copy.message_ts and card.copy.message_ts == message_ts)


def keep_search(
    session: Session,
    whose: tuple[str, str],
    place: str,
    asked: Mapping[str, str | int | None],
    stories: Sequence[int],
    now: datetime,
) -> None:
    """Remember which stories stand in the search of a member (team and user), and what was asked there."""
    team_id, user_id = whose
    sight = Sight(team_id=team_id, place=place, user_id=user_id, asked=dict(asked), stories=list(stories), seen_at=now)
    _keep(session, sight)


def _keep(session: Session, sight: Sight) -> None:
    session.connection().execute(_UPSERTS[session.get_bind().dialect.name], [sight.model_dump()])


def find(session: Session, team_id: str, place: str, now: datetime) -> Sight | None:
    """What stands in a place, while Slack still reaches it."""
    return session.exec(select(Sight).where(col(Sight.place) == place, *_reached(team_id, now))).first()


def redraw(sight: Sight, now: datetime) -> outbox.Due:
    """The outbox row that brings a screen up to date."""
    return outbox.Due(sight.team_id, f"{KIND}:{sight.place}", KIND, sight.user_id, now, sight.case_id)


def of_case(now: datetime) -> ColumnElement[bool]:
    """The join from a case to the cards of it that Slack still reaches."""
    same = (col(Sight.team_id) == col(Case.team_id)) & (col(Sight.case_id) == col(Case.id))
    return same & (col(Sight.seen_at) > now - _CARD_REACHED_FOR)


def redraws(session: Session, team_id: str, story_id: int, now: datetime) -> Sequence[outbox.Due]:
    """The outbox rows that take a story off every screen on which it stands. What nobody reaches is forgotten."""
    gone = col(Sight.seen_at) <= now - _SEARCH_REACHED_FOR
    session.execute(delete(Sight).where(col(Sight.team_id) == team_id, gone))
    seen = session.exec(select(Sight).where(*_reached(team_id, now))).all()
    return [redraw(sight, now) for sight in seen if story_id in sight.stories]


def redraws_of_case(session: Session, case: Case, now: datetime) -> Sequence[outbox.Due]:
    """The outbox rows that bring every card of a case up to date that Slack still reaches."""
    here = (col(Sight.team_id) == case.team_id, col(Sight.case_id) == case.id)
    seen = session.exec(select(Sight).where(*here, col(Sight.seen_at) > now - _CARD_REACHED_FOR)).all()
    return [redraw(sight, now) for sight in seen]


def _reached(team_id: str, now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    card = col(Sight.seen_at) > now - _CARD_REACHED_FOR
    search = and_(col(Sight.case_id).is_(None), col(Sight.seen_at) > now - _SEARCH_REACHED_FOR)
    return col(Sight.team_id) == team_id, or_(card, search)


def is_reached(seen_at: datetime, now: datetime) -> bool:
    """Whether Slack still reaches a card that was drawn at that moment."""
    return seen_at > now - _CARD_REACHED_FOR


def message_of(sight: Sight) -> str:
    """The message over which a card is drawn."""
    return sight.place.rpartition(":")[2]


def place_of(key: str) -> str:
    """The place that an outbox row is about."""
    return key.removeprefix(f"{KIND}:")
