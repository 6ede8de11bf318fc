"""A case opened from a message, and the word in its thread that somebody has it."""

from datetime import datetime

from sqlmodel import Session

from bot.coaching import openings, posts
from bot.coaching.cases import Card
from bot.coaching.coach import Coach
from bot.coaching.errors import Declined, Reason
from bot.coaching.openings import Picked
from bot.coaching.sources import Source, cases_of
from bot.storage import outbox


def open_case(
    coach: Coach,
    session: Session,
    team_id: str,
    user_id: str,
    picked: Picked,
    source: Source,
    now: datetime,
    *,
    last: int,
    claims: bool,
) -> Card:
    """Open a case from a message, in the rep's DM; where they claim it, its thread is told, without a name.

    `last` is the latest case that had come from it when they looked. A form that was sent twice opens one case.
    Raises `Declined` where somebody was quicker.
    """
    since = [case for case in cases_of(session, team_id, source.channel, source.ts) if (case.id or 0) > last]
    if since:
        if kept := openings.just_opened(since, user_id, now):
            return coach.find(session, team_id, user_id, kept)
        raise Declined(Reason.TAKEN)
    card = openings.open_case(coach, session, team_id, user_id, picked, now, in_dm=True, source=source)
    if claims:
        thread = source.thread_ts or source.ts
        outbox.enqueue(session, posts.write(session, card.case, posts.CLAIM, source.channel, "", now, thread=thread))
    return card
