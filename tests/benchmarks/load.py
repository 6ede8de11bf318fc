"""The load: ready-made requests over connections that stay open, a fixed number of them at once.

Plain streams, because a whole HTTP client costs more than the barest server under test and would measure itself.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter
from urllib.parse import urlsplit

_LONGEST_SECONDS = 60
_OK = b"HTTP/1.1 200 "
_LENGTH = b"\r\ncontent-length:"
_HEAD_ENDS = b"\r\n\r\n"


class WrongAnswerError(Exception):
    """A request was not answered with a 200 that holds what was asked for."""


@dataclass(frozen=True)
class Call:
    """A request as it goes over the wire, and what its answer has to hold."""

    request: bytes
    wanted: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds."""

    body: bytes
    took: float


@dataclass(frozen=True)
class Round:
    """Every answer of one round, and how many seconds they took together."""

    answers: Sequence[Answer]
    seconds: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.answers) / self.seconds

    @property
    def p99(self) -> float:
        """The seconds that 99 of 100 requests did not exceed."""
        return quantiles((answer.took for answer in self.answers), n=100, method="inclusive")[-1]


async def drive(url: str, calls: Sequence[Call], at_once: int) -> Round:
    """Send every call, `at_once` of them under way at any moment. Raises `WrongAnswerError`."""
    to, waiting = urlsplit(url), iter(calls)
    connections = [await asyncio.open_connection(to.hostname, to.port) for _ in range(at_once)]
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            started = perf_counter()
            shares = await asyncio.gather(*(_work(waiting, *connection) for connection in connections))
            seconds = perf_counter() - started
    finally:
        for _, writer in connections:
            writer.close()
    return Round([answer for share in shares for answer in share], seconds)


async def _work(
    waiting: Iterator[Call], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> Sequence[Answer]:
    """Take calls, one after another, until none is left."""
    answers: list[Answer] = []
    for call in waiting:
        started = perf_counter()
        writer.write(call.request)
        head = await reader.readuntil(_HEAD_ENDS)
        body = await reader.readexactly(_length(head))
        answers.append(Answer(body, perf_counter() - started))
        if not head.startswith(_OK) or call.wanted not in body:
            raise WrongAnswerError(f"not the answer that was wanted: {(head + body).decode(errors='replace')}")
    return answers


def _length(head: bytes) -> int:
    return int(head.lower().partition(_LENGTH)[2].partition(b"\r\n")[0])
