"""Specimens of who manages the team: the managers' form, and the message of whoever is asked."""

from collections.abc import Iterator, Mapping

from bot.coaching.roles import Roles, Standing, UserGroup
from bot.storage.models import Invitation, Member
from bot.surfaces import made_up, roles
from bot.surfaces.stage import Specimen, Stage, show

_GROUP = UserGroup("S0LEADS", "sales-leads")
_MANY = 30


def who_manages(stage: Stage) -> Iterator[Specimen]:
    """The form alone, with others and many; the question open, answered each way, and taken back."""
    voice = stage.voice
    me = made_up.member(manages_since=made_up.NOW)
    others = [Member(team_id=made_up.TEAM, user_id=f"V{n:010}", manages_since=made_up.NOW) for n in range(_MANY)]
    asked = [_invitation(f"W{n:010}") for n in range(_MANY)]
    for name, managing in (
        ("alone", Roles(me, [me], [], None)),
        ("with others", Roles(me, [me, *others[:2]], asked[:1], _GROUP)),
        ("of many", Roles(me, [me, *others], asked, _GROUP)),
    ):
        yield show(f"managers {name}", roles.managers, voice, managing)
    manages = made_up.member(manages_since=made_up.NOW)
    left: Mapping[str, object] = {"ended_at": made_up.NOW}
    ended: Mapping[str, object] = {"ended_by": made_up.COLLEAGUE, **left}
    for name, standing in (
        ("waits", Standing(made_up.member(), _invitation())),
        ("accepted", Standing(manages, _invitation(given={"said_yes": True}))),
        ("declined", Standing(made_up.member(), _invitation(given={"said_yes": False}))),
        ("taken back", Standing(made_up.member(), _invitation(given=ended))),
        ("left with the group", Standing(made_up.member(), _invitation(given={"said_yes": True, **left}))),
        ("left before an answer", Standing(made_up.member(), _invitation(given=left))),
        ("taken out", Standing(made_up.member(), _invitation(given={"said_yes": True, **ended}))),
    ):
        yield show(f"asked to manage, {name}", roles.asked, voice, standing)
    for name, person, group in (("one", made_up.REP, None), ("a group", None, _GROUP), ("both", made_up.REP, _GROUP)):
        for before in (False, True):
            yield show(f"has asked {name}, {before}", roles.has_asked, voice, person, group, manages=before)
    yield show("stepped down", roles.stepped_down, voice)
    yield show("taken on", roles.taken_on, voice)


def _invitation(user_id: str = made_up.REP, given: Mapping[str, object] | None = None) -> Invitation:
    asked = Invitation(team_id=made_up.TEAM, user_id=user_id, asked_by=made_up.COLLEAGUE, asked_at=made_up.NOW)
    return made_up.filled(asked, given or {})
