"""Why customers leave: the reasons that a rep chooses from, as they ship or as the managers of a team have them.

A reason is kept by its key; one of a team's own is its words, which are its key as well.
"""

from collections.abc import Sequence

from bot.storage.models import Team

SHIPPED = ("worry", "cost", "unused", "broken", "missing", "moved", "doubled", "somebody_else", "other")
# Whoever bought twice has no worry that a story could answer.
_NO_WORRY = "doubled"


def of(team: Team | None, *kept: str | None) -> Sequence[str]:
    """What a rep of this team chooses from. What was `kept` before stays among it, even once the team drops it."""
    chosen = (team.reasons if team else ()) or SHIPPED
    return [*dict.fromkeys([*chosen, *(each for each in kept if each)])]


def worries(team: Team | None, *kept: str | None) -> Sequence[str]:
    """Those that a story can be an answer to."""
    return [each for each in of(team, *kept) if each != _NO_WORRY]


def ever(team: Team | None, *kept: str | None) -> Sequence[str]:
    """Those by which cases can be looked for: some may be older than the team's own list."""
    return of(team, *SHIPPED, *kept)
