"""What managers set for the whole team: channels, rights, who else verifies stories, and its kinds of customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.coaching import homes, hours, library, members, verifiers
from bot.coaching.card_numbers import refuse_card_numbers
from bot.coaching.hours import Work
from bot.storage import outbox
from bot.storage.models import Team


@dataclass(frozen=True)
class TeamFacts:
    """What a manager sets for the whole team; without `withdrawal_days` there is no right to withdraw.

    `verifier_id` verifies stories beside the managers. A story verified from now on is confirmed again after
    `story_months`. Without `reasons` of their own, reps choose among those that ship. Amounts without a sign or a code
    are of `currency` (ISO 4217); without one, of the country of whoever types them.
    """

    heard_channel: str | None = None
    help_channel: str | None = None
    withdrawal_days: int | None = None
    withdrawal_kinds: Sequence[str] = ()
    withdrawal_words: str | None = None
    verifier_id: str | None = None
    story_months: int = 12
    customer_kinds: Sequence[str] = ()
    reasons: Sequence[str] = ()
    currency: str | None = None
    work: Work | None = None


def change(session: Session, team_id: str, user_id: str, facts: TeamFacts, now: datetime) -> Team:
    """Set what holds for the whole team. Raises `Declined` for anybody but a manager, and for a card number."""
    members.require_manager(session, team_id, user_id)
    refuse_card_numbers(facts.withdrawal_words, *facts.customer_kinds, *facts.reasons)
    team = library.team_of(session, team_id)
    team.heard_channel = facts.heard_channel
    team.help_channel = facts.help_channel
    team.withdrawal_days = facts.withdrawal_days
    team.withdrawal_kinds = list(facts.withdrawal_kinds)
    team.withdrawal_words = facts.withdrawal_words
    team.story_months = facts.story_months
    team.customer_kinds = list(facts.customer_kinds)
    team.reasons, team.currency = list(facts.reasons), facts.currency
    if facts.work:
        hours.keep(team, facts.work)
    session.add(team)
    outbox.enqueue(session, homes.managers(team_id, user_id, now))
    if facts.verifier_id != team.verifier_id:
        homes.follow(session, team_id, [each for each in (team.verifier_id, facts.verifier_id) if each], now)
        team.verifier_id = facts.verifier_id
        _look_through_from_now_on(session, team, now)
    return team


def _look_through_from_now_on(session: Session, team: Team, now: datetime) -> None:
    """Whoever was named gets what waits; whoever was named before has it taken out of their messages."""
    outbox.send_again(session, team.team_id, verifiers.KIND, now - verifiers.ASKED_AGAIN_AFTER, now)
    if team.verifier_id is None:
        return
    verifier = members.meet(session, team.team_id, team.verifier_id)
    session.flush()
    learn = [] if members.is_known(verifier, now) else [members.look_up(team.team_id, verifier.user_id, now)]
    waiting = verifiers.queue(session, team.team_id, verifier.user_id, 1, verifier)
    notices = verifiers.notices(session, team.team_id, now) if waiting.count else []
    # The managers have been told of what waits already.
    theirs = [notice for notice in notices if notice.user_id == verifier.user_id]
    outbox.enqueue(session, *learn, *theirs)
