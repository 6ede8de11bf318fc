"""A file on its way to a member's DM: all of it arrives, or nothing does."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest
from slack_sdk.errors import SlackApiError, SlackClientError
from starlette.responses import JSONResponse, Response

from bot.coaching import members
from bot.jobs.post import Post
from bot.storage.database import Database
from bot.storage.models import Member, OutboxRow
from bot.storage.outbox import Sent
from bot.surfaces.words import Words
from tests.playground.local import ROSA, ROSAS_DM, START, Json, Local, an_app, open_local

TEAM = "T0PLAY"


@dataclass
class Desk:
    """What sends files, and the Slack that they go to."""

    post: Post
    local: Local

    async def sends(self, member: Member | None = None) -> Sent:
        row = OutboxRow(team_id=TEAM, key="calendar:1", kind="calendar", user_id=ROSA, due_at=START)
        rosa = member or Member(team_id=TEAM, user_id=ROSA)
        return await self.post.file_to_member(row, rosa, "reminders.ics", b"BEGIN:VCALENDAR", "Here they are.")

    def arrived(self) -> list[tuple[str, list[tuple[str, bytes | None]]]]:
        """What Rosa sees in her DM: texts, each with its files."""
        seen = self.local.workspace.seen_by(ROSA, ROSAS_DM)
        return [(message.text, [(file.name, file.content) for file in message.files]) for message in seen]

    def called(self) -> list[str]:
        return [exchange.name for exchange in self.local.slack.traffic.exchanges]


@pytest.fixture
async def desk(database: Database, words: Words) -> AsyncIterator[Desk]:
    async with open_local(an_app(["chat:write", "im:write", "files:write"])) as local:
        yield Desk(Post(database, local.web, words, local.workspace.clock), local)


def refuses(method: str, answer: Response) -> Callable[[str, Json], Response | None]:
    return lambda called, _arguments: answer if called == method else None


async def test_a_file_arrives_in_the_members_own_dm(desk: Desk) -> None:
    sent = await desk.sends()
    assert (sent.channel, sent.message_ts, len(sent.files)) == (ROSAS_DM, None, 1)
    assert desk.arrived() == [("Here they are.", [("reminders.ics", b"BEGIN:VCALENDAR")])]


async def test_a_dm_that_is_known_is_not_asked_for_again(desk: Desk) -> None:
    await desk.sends()
    known = await desk.post.database.read(members.find, TEAM, ROSA)
    assert known is not None
    assert known.dm_channel == ROSAS_DM

    await desk.sends(known)
    assert len(desk.arrived()) == 2
    assert desk.called().count("conversations.open") == 1


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
async def test_what_slack_refuses_passes_through_with_its_own_word(desk: Desk, method: str) -> None:
    answer = JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers={"Retry-After": "7"})
    desk.local.slack.troubles.append(refuses(method, answer))

    with pytest.raises(SlackApiError) as refused:
        await desk.sends()
    assert refused.value.response["error"] == "ratelimited"
    assert refused.value.response.headers["Retry-After"] == "7"
    assert desk.arrived() == []


async def test_an_upload_that_breaks_off_leaves_nothing_half_done_and_is_made_good_later(desk: Desk) -> None:
    desk.local.slack.troubles.append(refuses("upload_url", Response("broken", status_code=503)))
    with pytest.raises(SlackClientError):
        await desk.sends()
    assert desk.arrived() == []
    assert "files.completeUploadExternal" not in desk.called()

    desk.local.slack.troubles.clear()
    await desk.sends()
    assert len(desk.arrived()) == 1
