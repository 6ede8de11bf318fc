"""The script that takes the README's pictures."""

from pathlib import Path

from tests.browser.pictures import WIDTH, take_pictures
from tests.browser.playground import executable_or_skip

BYTES_MOST = 200_000
PNG = b"\x89PNG\r\n\x1a\n"


def pictures_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_the_pictures_of_the_readme_can_be_taken(tmp_path: Path) -> None:
    executable_or_skip()
    await take_pictures(tmp_path)
    pictures = pictures_in(tmp_path)
    assert sorted(pictures) == [
        f"{of}-{scheme}.png" for of in ("card", "draft", "home", "summary") for scheme in ("dark", "light")
    ]
    for picture in pictures.values():
        assert picture.startswith(PNG)
        # The width stands at the same place of every PNG.
        assert int.from_bytes(picture[16:20]) == WIDTH
        assert len(picture) < BYTES_MOST
    assert len(set(pictures.values())) == len(pictures)
