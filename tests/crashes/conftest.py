"""How often the crash test kills."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full-size",
        action="store_true",
        help="kill the bot 200 times and more on each database, where the suite does it a few times",
    )
