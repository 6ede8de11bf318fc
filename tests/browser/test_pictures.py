"""The pictures of the documentation show what there is: taken anew, they say and show the same."""

import base64
import os
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.pictures import PHONE, PICTURES, WIDTH, take_pictures
from tests.browser.playground import Visitor, executable_or_skip

BYTES_MOST = 200_000
PNG = b"\x89PNG\r\n\x1a\n"
RENEW = "renew them with `python -m tests.browser.pictures`, and look at what has changed"

# Another version of the browser draws letters a little otherwise: in pictures an eighth as wide nothing is left of it.
_SPOTS_MOST = 0.002
_SPOTS_THAT_DIFFER = """async (pictures) => {
    const drawn = pictures.map(async (picture) => {
        const image = new Image();
        image.src = `data:image/png;base64,${picture}`;
        await image.decode();
        const [width, height] = [image.width, image.height].map((pixels) => Math.floor(pixels / 8));
        const canvas = new OffscreenCanvas(width, height).getContext("2d");
        canvas.imageSmoothingQuality = "high";
        canvas.drawImage(image, 0, 0, width, height);
        return canvas.getImageData(0, 0, width, height).data;
    });
    const [one, other] = await Promise.all(drawn);
    const differs = (at) => [0, 1, 2].some((colour) => Math.abs(one[at + colour] - other[at + colour]) > 32);
    const spots = Array.from({ length: one.length / 4 }, (_, spot) => spot * 4);
    return one.length === other.length ? spots.filter(differs).length / spots.length : 1;
}"""


@pytest.fixture(scope="module")
async def taken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every picture, taken just now."""
    executable_or_skip()
    folder = tmp_path_factory.mktemp("pictures")
    await take_pictures(folder)
    return folder


def pictures_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.png")}


def texts_in(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.txt")}


async def unlike(browser: Browser, one: bytes, other: bytes) -> float:
    """The share of two pictures in which they differ, from 0 to 1."""
    page = await browser.new_page()
    share = await page.evaluate(_SPOTS_THAT_DIFFER, [base64.b64encode(each).decode() for each in (one, other)])
    await page.close()
    return float(share)


async def test_every_picture_is_one_of_a_page_and_light_enough_for_it(taken: Path) -> None:
    pictures = pictures_in(taken)
    assert pictures.keys() == pictures_in(PICTURES).keys()
    for picture in pictures.values():
        assert picture.startswith(PNG)
        # The width stands at the same place of every PNG.
        assert int.from_bytes(picture[16:20]) in (WIDTH, PHONE)
        assert len(picture) < BYTES_MOST
    assert len(set(pictures.values())) == len(pictures)


async def test_the_pictures_say_what_people_read_today(taken: Path) -> None:
    assert texts_in(PICTURES) == texts_in(taken), RENEW


async def test_the_pictures_look_like_what_people_see_today(taken: Path, browser: Browser) -> None:
    if not os.environ.get("CI"):
        pytest.skip("Other fonts are no lie: only where CI runs do pictures have to look the same.")
    today = pictures_in(taken)
    found = {name: await unlike(browser, picture, today[name]) for name, picture in pictures_in(PICTURES).items()}
    assert {name: share for name, share in found.items() if share > _SPOTS_MOST} == {}, RENEW


async def test_a_button_that_says_something_else_makes_another_picture(visitor: Visitor, browser: Browser) -> None:
    await visitor.runs("/cancel Ada Lovelace")
    await visitor.sees("1 of 6")
    before = await visitor.page.screenshot(animations="disabled")
    await visitor.card.get_by_role("button", name="Next").evaluate("(node) => { node.textContent = 'Go on' }")
    after = await visitor.page.screenshot(animations="disabled")

    assert await unlike(browser, before, before) == 0
    assert await unlike(browser, before, after) > _SPOTS_MOST
