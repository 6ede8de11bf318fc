"""Files on their way to a conversation: announced, uploaded, shared, and kept by whoever may see them."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError
from starlette.responses import PlainTextResponse

from bot.playground.workspace import FILE_BYTES_MOST, Message
from tests.playground.local import GENERAL, RENEWALS, ROSA, ROSAS_DM, SAM, Json, Local, an_app, open_local, refusal

CONTENT = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
NAME = "reminders.ics"


@pytest.fixture
async def local() -> AsyncIterator[Local]:
    async with open_local(an_app(["chat:write", "chat:write.public", "files:write"])) as local:
        yield local


async def announces(local: Local, length: int = len(CONTENT)) -> tuple[str, str]:
    """Says that a file will come; returns its id and where it is taken."""
    announced = await local.web.files_getUploadURLExternal(filename=NAME, length=length)
    return announced["file_id"], announced["upload_url"]


async def uploads(local: Local, url: str, content: bytes = CONTENT) -> tuple[int, str]:
    async with local.http.post(url, data=content) as answer:
        return answer.status, await answer.text()


async def uploaded(local: Local) -> str:
    """A file that waits to be shared, by its id."""
    file_id, url = await announces(local)
    assert (await uploads(local, url))[0] == 200
    return file_id


async def shares(local: Local, file_id: str, channel: str | None = ROSAS_DM) -> Json:
    completed = await local.web.files_completeUploadExternal(files=[{"id": file_id}], channel_id=channel)
    assert isinstance(completed.data, dict)
    return completed.data


async def shared(local: Local, channel: str = ROSAS_DM, name: str = NAME) -> str:
    """A file in a conversation, as the SDK puts it there."""
    completed = await local.web.files_upload_v2(channel=channel, filename=name, content=CONTENT)
    return str(completed["file"]["id"])


async def downloads(local: Local, file_id: str, person: str) -> tuple[int, bytes]:
    async with local.http.get(f"{local.slack.url}/playground/file/{file_id}", params={"as": person}) as answer:
        return answer.status, await answer.read()


def last(local: Local, person: str = ROSA, channel: str = ROSAS_DM) -> Message:
    return local.workspace.seen_by(person, channel)[-1]


async def test_a_file_arrives_in_a_conversation_below_its_comment(local: Local) -> None:
    await local.web.files_upload_v2(
        channel=ROSAS_DM, filename=NAME, content=CONTENT, title="Reminders", initial_comment="Here & now"
    )

    message = last(local)
    assert (message.text, message.is_bot) == ("Here & now", True)
    (file,) = message.shown()["files"]
    assert (file["name"], file["title"], file["size"]) == (NAME, "Reminders", len(CONTENT))
    assert await downloads(local, file["id"], ROSA) == (200, CONTENT)


async def test_it_goes_over_the_apps_own_connection_to_the_local_slack_alone(local: Local) -> None:
    await shared(local)
    names = [exchange.name for exchange in local.slack.traffic.exchanges]
    assert names == ["files.getUploadURLExternal", "upload_url", "files.completeUploadExternal"]

    _, url = await announces(local)
    assert url.startswith(f"{local.slack.url}/upload/")


async def test_a_file_without_a_title_or_a_comment_is_called_by_its_name(local: Local) -> None:
    file_id = await uploaded(local)
    answered = await shares(local, file_id)

    assert answered["files"] == [{"id": file_id, "name": NAME, "title": NAME, "size": len(CONTENT)}]
    assert last(local).text == ""


async def test_several_files_come_in_one_message(local: Local) -> None:
    both = [await uploaded(local), await uploaded(local)]
    await local.web.files_completeUploadExternal(files=[{"id": each} for each in both], channel_id=RENEWALS)

    (message,) = local.workspace.seen_by(SAM, RENEWALS)
    assert [file.id for file in message.files] == both


async def test_a_file_may_be_read_by_those_who_see_its_conversation(local: Local) -> None:
    rosas, everybodys = await shared(local), await shared(local, RENEWALS)

    assert await downloads(local, rosas, ROSA) == (200, CONTENT)
    assert await downloads(local, everybodys, SAM) == (200, CONTENT)
    for file_id, person in ((rosas, SAM), (rosas, "U0NOBODY"), (rosas, ""), ("F0NONE", ROSA)):
        assert (await downloads(local, file_id, person))[0] == 404


async def test_a_file_is_out_of_sight_until_it_is_shared_and_once_its_message_is_gone(local: Local) -> None:
    file_id, url = await announces(local)
    assert (await downloads(local, file_id, ROSA))[0] == 404
    await uploads(local, url)
    assert (await downloads(local, file_id, ROSA))[0] == 404
    await shares(local, file_id)
    assert (await downloads(local, file_id, ROSA))[0] == 200
    await local.web.chat_delete(channel=ROSAS_DM, ts=last(local).ts)
    assert (await downloads(local, file_id, ROSA))[0] == 404


async def test_a_file_for_no_conversation_is_nobodys(local: Local) -> None:
    file_id = await uploaded(local)
    await shares(local, file_id, channel=None)

    assert local.workspace.messages == []
    assert (await downloads(local, file_id, ROSA))[0] == 404


@pytest.mark.parametrize("name", ["page.html", 'a";x=".html', "a\r\nSet-Cookie: x", "../../etc/passwd", "Ünï 日.svg"])
async def test_a_file_is_kept_and_never_shown(local: Local, name: str) -> None:
    file_id = await shared(local, name=name)

    async with local.http.get(f"{local.slack.url}/playground/file/{file_id}", params={"as": ROSA}) as answer:
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert "Set-Cookie" not in answer.headers
        assert answer.content_disposition is not None
        assert answer.content_disposition.filename == name


async def test_what_is_announced_has_a_name_and_a_length_that_slack_takes(local: Local) -> None:
    async def announced(**arguments: object) -> str | None:
        return await refusal(local.web.api_call("files.getUploadURLExternal", data=arguments))

    assert await announced(length=1) == "invalid_arguments"
    assert await announced(filename=NAME) == "invalid_arguments"
    assert await announced(filename=NAME, length="much") == "invalid_arguments"
    assert await announced(filename=NAME, length=-1) == "invalid_arguments"
    assert await announced(filename=NAME, length=0) == "missing_argument"
    assert await announced(filename=NAME, length=FILE_BYTES_MOST + 1) == "file_upload_size_restricted"
    assert await announced(filename=NAME, length=FILE_BYTES_MOST) is None


async def test_a_file_is_taken_once_and_only_as_it_was_announced(local: Local) -> None:
    _, url = await announces(local)

    assert await uploads(local, url, CONTENT + b"!") == (400, "length_mismatch")
    assert await uploads(local, url, b"") == (400, "length_mismatch")
    assert await uploads(local, url, b"x" * (FILE_BYTES_MOST + 1)) == (413, "too_large")
    assert await uploads(local, f"{url}x") == (404, "file_not_found")
    assert await uploads(local, url) == (200, f"OK - {len(CONTENT)}")
    assert await uploads(local, url) == (404, "file_not_found")


async def test_the_largest_file_fits(local: Local) -> None:
    content = b"x" * FILE_BYTES_MOST
    completed = await local.web.files_upload_v2(channel=ROSAS_DM, filename=NAME, content=content)

    assert await downloads(local, completed["file"]["id"], ROSA) == (200, content)


async def test_only_what_was_uploaded_is_shared_and_only_once(local: Local) -> None:
    announced, _ = await announces(local)
    file_id = await uploaded(local)

    assert await refusal(shares(local, announced)) == "file_not_found"
    assert await refusal(shares(local, "F0NONE")) == "file_not_found"
    assert await refusal(shares(local, file_id)) is None
    assert await refusal(shares(local, file_id)) == "file_not_found"
    assert [len(message.files) for message in local.workspace.messages] == [1]


async def test_files_are_named_by_a_list_of_their_ids(local: Local) -> None:
    for files in ("", "no JSON", "{}", '"F1"', "[1]", '[{"title": "F1"}]', "[]"):
        call = local.web.api_call("files.completeUploadExternal", data={"files": files, "channel_id": ROSAS_DM})
        assert await refusal(call) == "invalid_arguments"


async def test_files_go_where_the_app_is_and_to_no_person_by_name(local: Local) -> None:
    file_id = await uploaded(local)

    assert await refusal(shares(local, file_id, ROSA)) == "invalid_arguments"
    assert await refusal(shares(local, file_id, "C0NOWHERE")) == "channel_not_found"
    assert await refusal(shares(local, file_id, GENERAL)) == "not_in_channel"
    assert local.workspace.messages == []
    assert await refusal(shares(local, file_id)) is None


async def test_an_app_that_was_not_given_the_scope_sends_no_files() -> None:
    async with open_local(an_app(["chat:write"])) as local:
        with pytest.raises(SlackApiError) as refused:
            await announces(local)
        assert refused.value.response["error"] == "missing_scope"
        assert refused.value.response["needed"] == "files:write"
        completed = local.web.files_completeUploadExternal(files=[{"id": "F1"}])
        assert await refusal(completed) == "missing_scope"


async def test_an_upload_that_breaks_off_leaves_nothing_behind(local: Local) -> None:
    def breaks(method: str, _arguments: Json) -> PlainTextResponse | None:
        return PlainTextResponse("broken", status_code=500) if method == "upload_url" else None

    local.slack.troubles.append(breaks)
    with pytest.raises(SlackRequestError):
        await shared(local)

    assert local.workspace.messages == []
