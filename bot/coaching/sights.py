"""Where a story stands on somebody's screen, in an answer that only Slack's `response_url` still reaches."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from bot.coaching.cases import Card
from bot.storage import outbox
from bot.storage.models import Sight

KIND = "sight"
# Slack takes a `response_url` for half an hour (docs.slack.dev/interactivity/handling-user-interaction).
REACHED_FOR = timedelta(minutes=30)

_NEW = ("user_id", "case_id", "stories", "response_url", "seen_at")


def _upsert(insert: sqlite.Insert | postgresql.Insert) -> sqlite.Insert | postgresql.Insert:
    new = {name: getattr(insert.excluded, name) for name in _NEW}
    return insert.on_conflict_do_update(index_elements=["team_id", "place"], set_=new)


_UPSERTS = {"sqlite": _upsert(sqlite.insert(Sight)), "postgresql": _upsert(postgresql.insert(Sight))}


def _of_card(case_id: int | None) -> str:
    """The place of a case's card."""
    return f"card:{case_id}"


def keep_card(session: Session, card: Card, response_url: str | None, now: datetime) -> None:
    """Remember where a story stands on a card, so that it can be taken out of sight there."""
    case = card.case
    if card.story and response_url:
        sight = {
            "team_id": case.team_id,
            "place": _of_card(case.id),
            "user_id": case.rep_id,
            "case_id": case.id,
            "stories": [card.story.tale.id],
            "response_url": response_url,
            "seen_at": now,
        }
        session.connection().execute(_UPSERTS[session.get_bind().dialect.name], [sight])


def find(session: Session, team_id: str, place: str, now: datetime) -> Sight | None:
    """What stands in a place, while Slack still reaches it."""
    sight = session.get(Sight, (team_id, place))
    return sight if sight and now - sight.seen_at < REACHED_FOR else None


def redraws(session: Session, team_id: str, story_id: int, now: datetime) -> Sequence[outbox.Due]:
    """The outbox rows that take a story out of every answer in which it stands."""
    seen = session.exec(
        select(Sight).where(col(Sight.team_id) == team_id, col(Sight.seen_at) > now - REACHED_FOR)
    ).all()
    return [
        outbox.Due(team_id, f"{KIND}:{sight.place}", KIND, sight.user_id, now, sight.case_id)
        for sight in seen
        if story_id in sight.stories
    ]


def place_of(key: str) -> str:
    """The place that an outbox row is about."""
    return key.removeprefix(f"{KIND}:")
