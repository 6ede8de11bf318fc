"""Where a SQLite file must not lie: on a disk that the next deployment wipes."""

from pathlib import Path

import pytest

from bot.storage.database import is_fleeting

MOUNTS = """overlay / overlay rw,relatime 0 0
proc /proc proc rw 0 0
tmpfs /tmp tmpfs rw 0 0
/dev/vdb /data ext4 rw 0 0
/dev/vdc /data/my\\040files xfs rw 0 0
"""


@pytest.mark.parametrize(
    ("file", "fleeting"),
    [
        ("/app/comeback.db", True),
        ("/tmp/comeback.db", True),  # noqa: S108 - a path to look up, not to write to
        ("/data/comeback.db", False),
        ("/data/my files/comeback.db", False),
        ("/database/comeback.db", True),
    ],
)
def test_the_innermost_mount_decides(file: str, fleeting: bool) -> None:
    assert is_fleeting(Path(file), MOUNTS) is fleeting


def test_where_nothing_is_known_nothing_is_said() -> None:
    assert not is_fleeting(Path("/app/comeback.db"), "")
