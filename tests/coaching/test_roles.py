"""Who manages the team is decided by managers, and by whoever is asked."""

from dataclasses import replace

import pytest

from bot.coaching import members, roles
from bot.coaching.errors import Declined, Reason
from bot.coaching.members import Profile
from bot.coaching.roles import UserGroup
from tests.coaching.desk import Desk

LEADS, HEADS = UserGroup("S1", "leads"), UserGroup("S2", "heads")


@pytest.fixture
def sam(desk: Desk) -> Desk:
    desk.does(members.learn, "T1", "U2", Profile("Europe/London"), desk.now)
    return replace(desk, rep="U2")


def manages(desk: Desk) -> bool:
    return desk.does(members.get, desk.team, desk.rep).manages_since is not None


def joins(desk: Desk, manager: Desk) -> None:
    """A manager follows the group, and it asks whoever sits at this desk."""
    manager.does(roles.follow_group, "T1", manager.rep, LEADS, manager.now)
    manager.does(roles.keep_to_group, "T1", manager.rep, LEADS, [desk.rep], [desk.rep], [], manager.now)


def new_in_group(desk: Desk) -> bool:
    return bool(desk.does(roles.newcomers, "T1", LEADS, [desk.rep]))


def refused(desk: Desk, gesture: object, *args: object) -> Reason:
    with pytest.raises(Declined) as declined:
        desk.does(gesture, desk.team, desk.rep, *args)  # type: ignore[arg-type]
    return declined.value.reason


def test_only_a_manager_asks_takes_out_and_follows_a_group(sam: Desk, mina: Desk) -> None:
    assert refused(sam, roles.ask, "U1", sam.now) is Reason.NOT_A_MANAGER
    assert refused(sam, roles.take_out, mina.rep, sam.now) is Reason.NOT_A_MANAGER
    assert refused(sam, roles.follow_group, LEADS, sam.now) is Reason.NOT_A_MANAGER
    assert refused(sam, roles.of_team) is Reason.NOT_A_MANAGER
    assert manages(mina)


def test_nobody_accepts_who_was_not_asked_or_not_any_more(sam: Desk, mina: Desk) -> None:
    assert refused(sam, roles.accept, sam.now) is Reason.NOT_AN_ADMIN
    mina.does(roles.ask, "T1", mina.rep, sam.rep, mina.now)
    sam.does(roles.decline, "T1", sam.rep, sam.now)

    assert refused(sam, roles.accept, sam.now) is Reason.NOT_AN_ADMIN
    assert not manages(sam)


def test_a_question_in_another_workspace_makes_nobody_a_manager_here(sam: Desk, mina: Desk) -> None:
    elsewhere = replace(mina, team="T2")
    elsewhere.does(members.learn, "T2", mina.rep, Profile(is_admin=True), mina.now)
    elsewhere.does(roles.accept, "T2", mina.rep, mina.now)
    elsewhere.does(roles.ask, "T2", mina.rep, sam.rep, mina.now)

    assert refused(sam, roles.accept, sam.now) is Reason.NOT_AN_ADMIN


def test_whoever_was_taken_out_cannot_come_back_unasked(sam: Desk, mina: Desk) -> None:
    mina.does(roles.ask, "T1", mina.rep, sam.rep, mina.now)
    sam.does(roles.accept, "T1", sam.rep, sam.now)
    mina.does(roles.take_out, "T1", mina.rep, sam.rep, mina.now)

    assert refused(sam, roles.accept, sam.now) is Reason.NOT_AN_ADMIN
    assert refused(mina, roles.take_out, sam.rep, mina.now) is Reason.GONE


def test_a_group_is_followed_on_when_whoever_chose_it_has_stepped_down(desk: Desk, sam: Desk, mina: Desk) -> None:
    mina.does(roles.ask, "T1", mina.rep, sam.rep, mina.now)
    sam.does(roles.accept, "T1", sam.rep, sam.now)
    mina.does(roles.follow_group, "T1", mina.rep, LEADS, mina.now)
    mina.does(roles.take_out, "T1", mina.rep, mina.rep, mina.now)
    desk.does(roles.keep_to_group, "T1", mina.rep, LEADS, ["U1"], ["U1"], [], desk.now)

    assert desk.does(roles.standing, "T1", "U1").invitation.asked_by == sam.rep


@pytest.mark.parametrize("followed", [HEADS, None])
def test_who_was_found_in_a_group_is_nothing_to_a_team_that_follows_another_by_then(
    desk: Desk, sam: Desk, mina: Desk, followed: UserGroup | None
) -> None:
    joins(sam, mina)
    sam.does(roles.accept, "T1", sam.rep, sam.now)
    mina.does(roles.follow_group, "T1", mina.rep, followed, mina.now)
    mina.does(roles.keep_to_group, "T1", mina.rep, LEADS, ["U1", "U3"], ["U1"], ["U3"], mina.now)

    assert manages(sam), "though he is not among them any more"
    assert [desk.does(roles.standing, "T1", each).invitation for each in ("U1", "U3")] == [None, None]


def test_whoever_declined_is_not_asked_again_by_the_group(desk: Desk, sam: Desk, mina: Desk) -> None:
    joins(sam, mina)
    sam.does(roles.decline, "T1", sam.rep, sam.now)

    assert desk.does(roles.newcomers, "T1", LEADS, [sam.rep, "U1"]) == ["U1"]


def test_whoever_was_taken_out_is_not_asked_again_by_the_group(sam: Desk, mina: Desk) -> None:
    joins(sam, mina)
    sam.does(roles.accept, "T1", sam.rep, sam.now)
    mina.does(roles.take_out, "T1", mina.rep, sam.rep, mina.now)

    assert not new_in_group(sam)


def test_nor_is_whoever_managed_before_the_group_was_followed(sam: Desk, mina: Desk) -> None:
    mina.does(roles.ask, "T1", mina.rep, sam.rep, mina.now)
    sam.does(roles.accept, "T1", sam.rep, sam.now)
    mina.does(roles.follow_group, "T1", mina.rep, LEADS, mina.now)
    sam.does(roles.take_out, "T1", sam.rep, sam.rep, sam.now)
    mina.does(roles.take_out, "T1", mina.rep, mina.rep, mina.now)

    assert not new_in_group(sam)
    assert not new_in_group(mina)


def test_whoever_is_asked_by_name_is_not_asked_once_more_by_the_group(sam: Desk, mina: Desk) -> None:
    joins(sam, mina)
    sam.does(roles.decline, "T1", sam.rep, sam.now)
    mina.does(roles.ask, "T1", mina.rep, sam.rep, mina.now)
    sam.does(roles.decline, "T1", sam.rep, sam.now)

    assert not new_in_group(sam)


def test_whoever_comes_back_to_the_group_is_asked_again_and_may_be_asked_by_name_meanwhile(
    sam: Desk, mina: Desk
) -> None:
    joins(sam, mina)
    sam.does(roles.accept, "T1", sam.rep, sam.now)
    mina.does(roles.keep_to_group, "T1", mina.rep, LEADS, [], [], [], mina.now)
    assert not manages(sam)
    assert new_in_group(sam)

    mina.does(roles.ask, "T1", mina.rep, sam.rep, mina.now)
    sam.does(roles.accept, "T1", sam.rep, sam.now)
    mina.does(roles.keep_to_group, "T1", mina.rep, LEADS, [], [], [], mina.now)
    assert manages(sam)
