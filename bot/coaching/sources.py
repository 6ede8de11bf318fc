"""Messages that cases come from: what somebody wrote, where it stands, and who has it already."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from bot.coaching.outcomes import UNCOUNTED
from bot.storage.models import Case

# Under this name a case keeps what its customer wrote.
WROTE = "wrote"


@dataclass(frozen=True)
class Source:
    """A message in a channel, with what it says; `link` leads there, where Slack gave us one."""

    channel: str
    ts: str
    words: str
    link: str | None = None
    thread_ts: str | None = None

    def keep(self, case: Case) -> None:
        """Keep with a case that it comes from here."""
        case.source_channel, case.source_ts, case.source_link = self.channel, self.ts, self.link
        case.words = {**case.words, WROTE: self.words} if self.words else case.words


def cases_of(session: Session, team_id: str, channel: str, ts: str) -> list[Case]:
    """The cases that come from a message, latest first; what was opened by mistake is none."""
    counts = col(Case.outcome).is_(None) | col(Case.outcome).not_in(UNCOUNTED)
    here = (col(Case.team_id) == team_id, col(Case.source_channel) == channel, col(Case.source_ts) == ts)
    return [*session.exec(select(Case).where(*here, counts).order_by(col(Case.id).desc())).all()]
