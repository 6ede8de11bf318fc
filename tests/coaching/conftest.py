"""Desks to coach from: Rosa's, a colleague's, and one in another workspace that shares the database."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.app import playbook_files, template_roots
from bot.coaching import members, prose, roles
from bot.coaching.coach import Coach
from bot.coaching.members import Profile
from bot.coaching.playbooks import Playbook
from bot.storage.database import Database
from tests.coaching.desk import Desk


@pytest.fixture(scope="session")
def books() -> Mapping[str, Playbook]:
    """The playbooks as they ship."""
    return prose.load(playbook_files(template_roots()))


@pytest.fixture
def coach(books: Mapping[str, Playbook]) -> Coach:
    """The rules, with shelves that hold nothing of another test's."""
    return Coach(books)


@pytest.fixture
def desk(database: Database, coach: Coach) -> Desk:
    return Desk(database, coach)


@pytest.fixture
def colleague(database: Database, coach: Coach) -> Desk:
    return Desk(database, coach, rep="U2")


@pytest.fixture
def elsewhere(database: Database, coach: Coach) -> Desk:
    """Another workspace, where somebody happens to have the same user id."""
    return Desk(database, coach, team="T2")


@pytest.fixture
def mina(desk: Desk) -> Desk:
    """A manager."""
    manager = replace(desk, rep="U9")
    manager.does(members.learn, "T1", "U9", Profile(is_admin=True), desk.now)
    manager.does(roles.accept, "T1", "U9", desk.now)
    return manager
