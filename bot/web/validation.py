"""Slack's own word on what it would show, without showing it to anybody."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp
import anyio
from pydantic import BaseModel, ValidationError

from bot.surfaces.shapes import Problem
from bot.surfaces.stage import Specimen

_AT_ONCE = 4
_ANSWER_SECONDS = 10
_ALL_SECONDS = 180
_TOO_MANY = 429


@dataclass(frozen=True)
class Verdict:
    """What Slack would refuse, and of how many surfaces it said nothing: `because` of what, where anything failed."""

    refused: Sequence[tuple[Specimen, Problem]]
    unheard: int = 0
    because: str | None = None


class _Fault(BaseModel):
    pointer: str = ""
    message: str = ""


class _Answer(BaseModel):
    """What Slack says of one surface (Slack: docs.slack.dev/reference/methods/blocks.validate)."""

    ok: bool
    error: str = ""
    errors: list[_Fault] = []

    @property
    def is_about_the_surface(self) -> bool:
        """Whether it was looked at; any other error is about the question."""
        return self.ok or self.error in ("invalid_message", "invalid_view")

    def problems(self) -> Sequence[Problem]:
        """One for each fault, and one at least where it said no."""
        faults = self.errors or ([] if self.ok else [_Fault(message=self.error)])
        return [Problem(self.error, each.pointer, f"Slack says: {each.message}") for each in faults]


async def ask(api_url: str, specimens: Sequence[Specimen], seconds: float = _ALL_SECONDS) -> Verdict:
    """Ask Slack about each of these surfaces, a few at once and for so many seconds at most. It needs no token."""
    heard: dict[str, Sequence[Problem]] = {}
    failed: list[str] = []
    limit = anyio.CapacityLimiter(_AT_ONCE)

    async def hear(http: aiohttp.ClientSession, specimen: Specimen, scope: anyio.CancelScope) -> None:
        async with limit:
            answer = await _answer(http, f"{api_url}blocks.validate", specimen)
        if isinstance(answer, _Answer) and answer.is_about_the_surface:
            heard[specimen.name] = answer.problems()
        elif answer:
            failed.append(answer.error if isinstance(answer, _Answer) else answer)
            scope.cancel()

    timeout = aiohttp.ClientTimeout(total=_ANSWER_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=True) as http:
        with anyio.move_on_after(seconds):
            async with anyio.create_task_group() as tasks:
                for specimen in specimens:
                    tasks.start_soon(hear, http, specimen, tasks.cancel_scope)
    refused = [(each, problem) for each in specimens for problem in heard.get(each.name, ())]
    return Verdict(refused, len(specimens) - len(heard), failed[0] if failed else None)


async def _answer(http: aiohttp.ClientSession, url: str, specimen: Specimen) -> _Answer | str | None:
    """What Slack says; why it says nothing; or None where it asked to wait, and then to wait again."""
    kind, shown = ("view", specimen.built) if specimen.is_view else ("message", {"blocks": specimen.built["blocks"]})
    for waits in (True, False):
        try:
            # In the body, and not in the address where the SDK puts it: that has no room for a long card.
            async with http.post(url, data={kind: json.dumps(shown)}) as response:
                if response.status != _TOO_MANY:
                    return _Answer.model_validate_json(await response.read())
                patience = response.headers.get("Retry-After", "1")
        except (aiohttp.ClientError, TimeoutError) as error:
            return str(error) or type(error).__name__
        except ValidationError:
            return f"it answers {response.status}, and nothing that is known"
        if waits:
            await anyio.sleep(int(patience) if patience.isdecimal() else 1)
    return None
