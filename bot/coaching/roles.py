"""Who manages the team: whoever runs the workspace and takes it on, and whoever a manager asks and who accepts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.coaching import homes, library, members
from bot.coaching.errors import Declined, Reason
from bot.storage import outbox
from bot.storage.models import Invitation, Member, Team

KIND = "role"
GROUP = "role_group"


@dataclass(frozen=True)
class UserGroup:
    """A user group of the workspace, by Slack's id and the handle that people type."""

    id: str
    handle: str


@dataclass(frozen=True)
class Roles:
    """The managers of a team, longest first; who was asked and has not answered; and the group that is asked along."""

    viewer: Member
    managers: Sequence[Member]
    asked: Sequence[Invitation]
    group: UserGroup | None


@dataclass(frozen=True)
class Standing:
    """Where somebody stands who was asked at some time; without an `invitation` they never were."""

    member: Member
    invitation: Invitation | None


def of_team(session: Session, team_id: str, user_id: str) -> Roles:
    """Who manages this team, for a manager. Raises `Declined` for anybody else."""
    viewer = members.require_manager(session, team_id, user_id)
    managing = select(Member).where(col(Member.team_id) == team_id, col(Member.manages_since).is_not(None))
    waiting = select(Invitation).where(col(Invitation.team_id) == team_id, *_UNANSWERED)
    return Roles(
        viewer,
        session.exec(managing.order_by(col(Member.manages_since), col(Member.user_id))).all(),
        session.exec(waiting.order_by(col(Invitation.asked_at), col(Invitation.user_id))).all(),
        _group(library.team_of(session, team_id)),
    )


def standing(session: Session, team_id: str, user_id: str) -> Standing:
    """Where this member stands."""
    return Standing(members.get(session, team_id, user_id), _invitation(session, team_id, user_id))


def accept(session: Session, team_id: str, user_id: str, now: datetime) -> Standing:
    """Become a manager. Raises `Declined` for whoever does not run the workspace and is not asked, or not any more."""
    member = members.find(session, team_id, user_id)
    invitation = _invitation(session, team_id, user_id)
    is_asked = invitation is not None and invitation.ended_at is None and invitation.said_yes is None
    if member and not member.manages_since:
        if not (member.is_admin or is_asked):
            raise Declined(Reason.NOT_AN_ADMIN)
        member.manages_since = now
    if member is None:
        raise Declined(Reason.NOT_AN_ADMIN)
    if invitation and is_asked:
        invitation.said_yes, invitation.said_at = True, now
    _show(session, member.team_id, [member.user_id], now)
    return Standing(member, invitation)


def decline(session: Session, team_id: str, user_id: str, now: datetime) -> Standing:
    """Rather not. Whoever has accepted already steps down by it."""
    member, invitation = members.meet(session, team_id, user_id), _invitation(session, team_id, user_id)
    if invitation is None or invitation.ended_at:
        raise Declined(Reason.GONE)
    member.manages_since = None
    invitation.said_yes, invitation.said_at = False, now
    _show(session, member.team_id, [member.user_id], now)
    return Standing(member, invitation)


def ask(session: Session, team_id: str, by: str, user_id: str, now: datetime, group_id: str | None = None) -> bool:
    """Ask somebody to manage the team too; False for whoever does so already, who is left in peace.

    Raises `Declined` for anybody but a manager.
    """
    members.require_manager(session, team_id, by)
    member = members.meet(session, team_id, user_id)
    if member.manages_since:
        return False
    kept = _invitation(session, team_id, user_id)
    invitation = kept or Invitation(team_id=team_id, user_id=user_id, asked_by=by, asked_at=now)
    invitation.asked_by, invitation.asked_at, invitation.group_id = by, now, group_id or invitation.group_id
    invitation.said_yes = invitation.said_at = invitation.ended_at = invitation.ended_by = None
    session.add(invitation)
    session.flush()
    # Asked anew, it is a message of its own.
    outbox.forget_message(session, team_id, _key(user_id))
    look_up = [] if members.is_known(member, now) else [members.look_up(team_id, user_id, now)]
    outbox.enqueue(session, *look_up, _told(team_id, user_id, now))
    return True


def take_out(session: Session, team_id: str, by: str, user_id: str, now: datetime) -> None:
    """Let somebody manage no longer, or ask them no more; they are told. Oneself is stepping down.

    Raises `Declined` for anybody but a manager, and where there is nothing to take back.
    """
    members.require_manager(session, team_id, by)
    member, invitation = members.meet(session, team_id, user_id), _invitation(session, team_id, user_id)
    kept = invitation or Invitation(team_id=team_id, user_id=user_id, asked_by=by, asked_at=now, said_yes=True)
    if user_id == by:
        _end(session, member, kept, by, now)
        _show(session, team_id, [user_id], now)
        return
    waits = invitation and invitation.ended_at is None and invitation.said_yes is None
    if not (member.manages_since or waits):
        raise Declined(Reason.GONE)
    _end(session, member, kept, by, now)
    _show(session, team_id, [user_id], now)
    outbox.enqueue(session, _told(team_id, user_id, now))


def follow_group(session: Session, team_id: str, by: str, group: UserGroup | None, now: datetime) -> None:
    """Ask everybody of a user group, and from then on whoever joins it; whoever leaves it manages no longer.

    With None no group is followed: whoever has accepted stays. Raises `Declined` for anybody but a manager.
    """
    members.require_manager(session, team_id, by)
    team = library.team_of(session, team_id)
    team.manager_group, team.manager_group_handle = (group.id, group.handle) if group else (None, None)
    session.add(team)
    if group:
        outbox.enqueue(session, group_due(team_id, by, now))
    else:
        outbox.cancel(session, team_id, GROUP)


def group_due(team_id: str, by: str, at: datetime) -> outbox.Due:
    """The outbox row that looks who is in the user group of a team, on behalf of whoever chose it."""
    return outbox.Due(team_id, GROUP, GROUP, by, at)


def group_of(session: Session, team_id: str) -> UserGroup | None:
    """The user group that is followed."""
    return _group(library.team_of(session, team_id))


def newcomers(session: Session, team_id: str, group: UserGroup, inside: Collection[str]) -> Sequence[str]:
    """Those of a group who have not been asked along with it, and do not manage the team.

    Whoever was taken out, or has stepped down, comes back only where a manager asks them by name.
    """
    asked = select(Invitation.user_id).where(
        col(Invitation.team_id) == team_id,
        (col(Invitation.group_id) == group.id) | col(Invitation.ended_by).is_not(None),
    )
    known = {*session.exec(asked).all(), *members.managers(session, team_id)}
    return [each for each in inside if each not in known]


def keep_to_group(
    session: Session,
    team_id: str,
    by: str,
    group: UserGroup,
    inside: Collection[str],
    new: Sequence[str],
    others: Sequence[str],
    now: datetime,
) -> None:
    """Ask those who are `new` to a group that is followed, and let whoever has left it manage no longer.

    There may be `others` in it who are no colleagues: they are not asked, now or later.
    """
    if group_of(session, team_id) != group:
        return
    through = select(Invitation).where(
        col(Invitation.team_id) == team_id, col(Invitation.group_id) == group.id, col(Invitation.ended_at).is_(None)
    )
    left = [invitation for invitation in session.exec(through).all() if invitation.user_id not in inside]
    for invitation in left:
        _end(session, members.meet(session, team_id, invitation.user_id), invitation, None, now)
        # Should they join it again, they are asked again.
        invitation.group_id = None
        outbox.enqueue(session, _told(team_id, invitation.user_id, now))
    _show(session, team_id, [invitation.user_id for invitation in left], now)
    of_others = select(Invitation).where(col(Invitation.team_id) == team_id, col(Invitation.user_id).in_(others))
    kept = {each.user_id: each for each in session.exec(of_others).all()}
    for user_id in others:
        passed_over = kept.get(user_id) or Invitation(team_id=team_id, user_id=user_id, asked_by=by, asked_at=now)
        passed_over.group_id, passed_over.ended_at = group.id, passed_over.ended_at or now
        session.add(passed_over)
    # Whoever chose the group may have stepped down since: it is the team's by now.
    manager = members.find(session, team_id, by)
    asking = by if manager and manager.manages_since else next(iter(members.managers(session, team_id)), None)
    for user_id in new if asking else ():
        ask(session, team_id, asking or by, user_id, now, group.id)


def _end(session: Session, member: Member, invitation: Invitation, by: str | None, now: datetime) -> None:
    invitation.ended_at, invitation.ended_by = now, by
    member.manages_since = None
    session.add(invitation)
    session.flush()


def _show(session: Session, team_id: str, user_ids: Sequence[str], now: datetime) -> None:
    """Who manages decides what stands on a Home: on theirs, and on those of all who manage."""
    if user_ids:
        outbox.enqueue(session, homes.managers(team_id, user_ids[0], now))
        homes.follow(session, team_id, user_ids, now)


_UNANSWERED = (col(Invitation.said_yes).is_(None), col(Invitation.ended_at).is_(None))


def _invitation(session: Session, team_id: str, user_id: str) -> Invitation | None:
    mine = (col(Invitation.team_id) == team_id, col(Invitation.user_id) == user_id)
    return session.exec(select(Invitation).where(*mine)).first()


def _group(team: Team) -> UserGroup | None:
    return UserGroup(team.manager_group, team.manager_group_handle or "") if team.manager_group else None


def _key(user_id: str) -> str:
    return f"{KIND}:{user_id}"


def _told(team_id: str, user_id: str, now: datetime) -> outbox.Due:
    """The outbox row that tells somebody where they stand."""
    return outbox.Due(team_id, _key(user_id), KIND, user_id, now)
