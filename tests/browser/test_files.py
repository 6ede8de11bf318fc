"""A file in a conversation: seen below its message, and downloaded by whoever it is for."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest
from playwright.async_api import expect

from tests.browser.playground import SAM, Visitor
from tests.playground.local import ROSAS_DM, Local, an_app, open_local

CONTENT = b"BEGIN:VCALENDAR\r\n" + b"X" * 1_213 + b"\r\nEND:VCALENDAR\r\n"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
async def local() -> AsyncIterator[Local]:
    async with open_local(an_app(["chat:write", "files:write"])) as local:
        yield local


@pytest.fixture
def playground(local: Local) -> str:
    return local.slack.url


async def sends(local: Local, name: str = "reminders.ics", comment: str | None = None) -> None:
    await local.web.files_upload_v2(channel=ROSAS_DM, filename=name, content=CONTENT, initial_comment=comment)


async def test_a_file_is_seen_below_its_message_and_kept_as_it_was_sent(
    visitor: Visitor, local: Local, tmp_path: Path
) -> None:
    await visitor.goes_to("dm")
    await sends(local, comment="Here are your reminders.")

    await visitor.sees("Here are your reminders.")
    file = visitor.card.get_by_role("link", name=re.compile(r"^Download reminders\.ics 1\.2 ?kB$"))
    async with visitor.page.expect_download() as started:
        await file.click()
    download = await started.value
    await download.save_as(tmp_path / "kept")
    assert download.suggested_filename == "reminders.ics"
    assert await anyio.Path(tmp_path / "kept").read_bytes() == CONTENT
    await expect(visitor.page.get_by_test_id("composer")).to_be_visible()


async def test_nobody_else_has_it_before_them(visitor: Visitor, local: Local) -> None:
    await sends(local)
    await visitor.goes_to("dm")
    await expect(visitor.page.get_by_test_id("file")).to_have_count(1)
    await visitor.goes_to("dm", SAM)
    await expect(visitor.page.get_by_test_id("file")).to_have_count(0)


async def test_a_long_name_finds_room_on_a_phone_and_is_text_in_every_case(visitor: Visitor, local: Local) -> None:
    await visitor.page.set_viewport_size(PHONE)
    await visitor.goes_to("dm")
    name = "<img src=x onerror=alert(1)>" + "a-very-long-name" * 10 + ".html"
    await sends(local, name)

    file = visitor.card.get_by_test_id("file")
    await expect(file).to_contain_text(name)
    box = await file.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= PHONE["width"]
    await expect(file.get_by_text("kB")).to_be_in_viewport()
