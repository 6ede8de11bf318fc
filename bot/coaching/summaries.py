"""Weekly summaries: which channels get one, when, and who set it up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from bot.coaching import calendar, homes, members, resent
from bot.coaching.errors import Declined, Reason
from bot.coaching.figures import Figures, figures
from bot.coaching.periods import Period, week_of
from bot.storage import outbox
from bot.storage.models import Subscription

SUMMARY = "summary"
THREAD = "summary_thread"
_WEEK = timedelta(days=7)


class Part(StrEnum):
    """What the thread of a summary can tell."""

    RUN = "run"
    REASONS = "reasons"
    SPLITS = "splits"
    STEPS = "steps"
    HELPED = "helped"
    STORY = "story"
    MISFITS = "misfits"
    APPOINTMENTS = "appointments"


@dataclass(frozen=True)
class Wish:
    """What a manager wishes for a channel: a weekday (0 is Monday), an hour ("09:00"), a timezone, and the parts."""

    channel: str
    day: int
    hour: str
    timezone: str
    parts: Sequence[str]


@dataclass(frozen=True)
class Summary:
    """The figures of a week, for a channel."""

    subscription: Subscription
    figures: Figures


def preview(session: Session, team_id: str, user_id: str, wish: Wish, now: datetime) -> Summary:
    """What the channel would get now. Nothing is kept. Raises `Declined` for anybody but a manager."""
    members.require_manager(session, team_id, user_id)
    wished = _subscription(team_id, user_id, wish, now)
    today = now.astimezone(calendar.zone(wish.timezone)).date()
    return _summary(session, wished, last_week(wished, today))


def just_switched_on(session: Session, team_id: str, user_id: str, wish: Wish, now: datetime) -> Subscription | None:
    """What the same form has just set up, where it was sent twice. Raises `Declined` for anybody but a manager."""
    members.require_manager(session, team_id, user_id)
    kept = of_channel(session, team_id, wish.channel)
    if kept is None or kept.switched_on_at is None or kept.switched_on_at < resent.since(now):
        return None
    return kept if (kept.set_by, wish_of(kept)) == (user_id, wish) else None


def switch_on(session: Session, team_id: str, user_id: str, wish: Wish, now: datetime) -> Subscription:
    """Send a summary to a channel each week from now on; what was set for it before is set anew.

    Raises `Declined` for anybody but a manager.
    """
    members.require_manager(session, team_id, user_id)
    kept = of_channel(session, team_id, wish.channel) or _subscription(team_id, user_id, wish, now)
    kept.day, kept.hour, kept.timezone, kept.parts = wish.day, wish.hour, wish.timezone, list(wish.parts)
    kept.set_by, kept.set_at, kept.switched_on_at = user_id, now, now
    session.add(kept)
    session.flush()
    # Another day may be in another week, with a row of its own.
    outbox.cancel_all(session, team_id, SUMMARY, kept.id)
    outbox.enqueue(session, following(kept, now), homes.managers(team_id, user_id, now))
    return kept


def switch_off(session: Session, team_id: str, user_id: str, channel: str, now: datetime) -> None:
    """Send a channel no summaries any more. Raises `Declined` for anybody but a manager, and where there is none."""
    members.require_manager(session, team_id, user_id)
    kept = of_channel(session, team_id, channel)
    if kept is None or kept.switched_on_at is None:
        raise Declined(Reason.NO_SUMMARY)
    kept.switched_on_at = None
    outbox.cancel_all(session, team_id, SUMMARY, kept.id)
    outbox.enqueue(session, homes.managers(team_id, user_id, now))


def wish_of(subscription: Subscription) -> Wish:
    """What was wished for a channel."""
    kept = subscription
    return Wish(kept.channel, kept.day, kept.hour, kept.timezone, kept.parts)


def of_channel(session: Session, team_id: str, channel: str) -> Subscription | None:
    """What was set for a channel."""
    mine = (col(Subscription.team_id) == team_id, col(Subscription.channel) == channel)
    return session.exec(select(Subscription).where(*mine)).first()


def channels(session: Session, team_id: str) -> Sequence[str]:
    """The channels that get a summary each week."""
    theirs = (col(Subscription.team_id) == team_id, col(Subscription.switched_on_at).is_not(None))
    return session.exec(select(Subscription.channel).where(*theirs).order_by(col(Subscription.id))).all()


def due(session: Session, team_id: str, subscription_id: int, key: str) -> Summary | None:
    """The summary of the week that an outbox row's key names; None where it is switched off."""
    kept = _switched_on(session, team_id, subscription_id)
    return _summary(session, kept, _week_in(kept, key)) if kept else None


def following(subscription: Subscription, now: datetime) -> outbox.Due:
    """The next summary of a channel. Its key carries channel and week, so that it is sent once whoever plans it."""
    where = calendar.zone(subscription.timezone)
    today = now.astimezone(where).date()
    day = today + timedelta(days=(subscription.day - today.weekday()) % 7)
    at = _at(subscription, day)
    if at <= now:
        day, at = day + _WEEK, _at(subscription, day + _WEEK)
    return outbox.Due(
        subscription.team_id,
        f"{SUMMARY}:{subscription.channel}:{last_week(subscription, day).first}",
        SUMMARY,
        subscription.set_by,
        at,
        subscription.id,
    )


def plan(session: Session, team_id: str, subscription_id: int, now: datetime) -> None:
    """Let the next summary of a channel come, as long as it is switched on. Once planned it stays as it is."""
    kept = _switched_on(session, team_id, subscription_id)
    if kept:
        outbox.enqueue(session, following(kept, now))


def rest(row: outbox.Claimed, now: datetime) -> outbox.Due:
    """The outbox row of the rest of a summary, which goes below it."""
    return outbox.Due(row.team_id, row.key.replace(SUMMARY, THREAD, 1), THREAD, row.user_id, now, row.subject_id)


def above(key: str) -> str:
    """The key of the summary that the rest stands below."""
    return key.replace(THREAD, SUMMARY, 1)


def last_week(subscription: Subscription, day: date) -> Period:
    """The last whole week before a day."""
    return week_of(day - _WEEK, calendar.zone(subscription.timezone))


def _week_in(subscription: Subscription, key: str) -> Period:
    # A summary that comes late is still of its own week.
    return week_of(date.fromisoformat(key.rpartition(":")[2]), calendar.zone(subscription.timezone))


def _switched_on(session: Session, team_id: str, subscription_id: int) -> Subscription | None:
    mine = (col(Subscription.team_id) == team_id, col(Subscription.id) == subscription_id)
    return session.exec(select(Subscription).where(*mine, col(Subscription.switched_on_at).is_not(None))).first()


def _at(subscription: Subscription, day: date) -> datetime:
    return calendar.at(day, time.fromisoformat(subscription.hour), calendar.zone(subscription.timezone))


def _summary(session: Session, subscription: Subscription, week: Period) -> Summary:
    return Summary(subscription, figures(session, subscription.team_id, week))


def _subscription(team_id: str, user_id: str, wish: Wish, now: datetime) -> Subscription:
    return Subscription(
        team_id=team_id,
        channel=wish.channel,
        day=wish.day,
        hour=wish.hour,
        timezone=wish.timezone,
        parts=list(wish.parts),
        set_by=user_id,
        set_at=now,
    )
