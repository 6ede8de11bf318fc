"""What is done with stories at a desk: each a gesture of its own."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.coaching import ledger, stories
from bot.coaching.stories import What
from bot.storage.models import Story
from tests.coaching.desk import Desk
from tests.true_stories import MARY


def adds(desk: Desk, **given: Any) -> Story:
    return desk.does(stories.add, desk.team, desk.rep, replace(MARY, **given), desk.now)


def judges(desk: Desk, story: Story, verdict: What = What.VERIFIED, why: str | None = None) -> stories.Judged:
    return desk.does(stories.judge, desk.team, desk.rep, story.id, story.revision, verdict, why, desk.now)


def told(desk: Desk) -> Sequence[int]:
    """What may be told, by the one way there is."""
    return [tale.id for tale in desk.does(ledger.tellable, desk.team, desk.now)]


def stands(desk: Desk, story: Story) -> Story:
    (found,) = [each for each in desk.rows(Story) if each.id == story.id]
    return found
