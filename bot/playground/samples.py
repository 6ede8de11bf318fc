"""Sample history, marked as such, so that a newcomer finds nothing empty."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.app import Bot
from bot.coaching import customers, endings, held, library, members, openings, roles, stories, teams
from bot.coaching.cases import Pressed
from bot.coaching.coach import Coach
from bot.coaching.endings import Ending
from bot.coaching.ledger import Consent, Facts, Source
from bot.coaching.library import Link, Problem, ProductFacts
from bot.coaching.members import Profile
from bot.coaching.moves import Move
from bot.coaching.openings import Picked
from bot.coaching.outcomes import Outcome
from bot.coaching.playbooks import Cause, Follow
from bot.coaching.reminders import TaskKind
from bot.coaching.stories import What
from bot.coaching.teams import TeamFacts
from bot.playground.workspace import TEAM, Workspace
from bot.storage.models import Case, Mission, Remedy, Task

_ROSA, _SAM, _MINA = "U0ROSA", "U0SAM", "U0MINA"
_RENEWALS, _FLOOR = "C0RENEWALS", "C0FLOOR"

# How the cases of the last weeks ended, this one first: somebody stayed (S), for a discount (D), or left (L).
_WEEKS = ("SSLDS", "SLS", "LSL", "SDLL", "SL", "LLS", "SLLD", "LL")
_REASONS = ("worry", "cost", "unused", "worry", "somebody_else", "cost", None)
_WAYS = ("phone", "email", "phone")
_LOST_AT = ("agree", "mission", "agree")
_HELD_FROM = timedelta(days=held.DAYS[0])

_SAID = (
    (_RENEWALS, _SAM, "Sample: two calls about the autumn plan today, both thinking it over. How is yours going?"),
    (_RENEWALS, _ROSA, "Sample: one is staying! I read her own words back to her, and she did the rest."),
    (_FLOOR, _MINA, "Sample: what was promised last week is in your Home. Let me know if a day does not work."),
)


async def fill(workspace: Workspace, bot: Bot) -> None:
    """Put a few days of work into the workspace and the bot's database."""
    now = workspace.clock.now()
    await bot.database.write(_write, workspace, bot.coach, now)
    for channel, person, text in _SAID:
        workspace.post(channel, person, text)


def _write(session: Session, workspace: Workspace, coach: Coach, now: datetime) -> None:
    for person in workspace.people.values():
        members.learn(session, TEAM, person.id, Profile(person.tz, person.locale, person.is_admin), now)
    _what_the_team_set(session, now)
    _a_sale(session, "Ada Lovelace", "I want my Sundays back, instead of sitting over the books. (Sample)", now)

    grace = _Work(session, coach, _ROSA, "Grace Hopper (sample)", now - timedelta(hours=26))
    grace.press(Move.NEXT, why="Her brother says she is overpaying.").press(Move.WORRIED)

    alan = _Work(session, coach, _ROSA, "Alan Turing (sample)", now - timedelta(days=3))
    alan.press(Move.NEXT).close(Outcome.COOL_OFF)

    mary = _Work(session, coach, _ROSA, "Mary Somerville (sample)", now - timedelta(days=6))
    mary.press(Move.NEXT).press(Move.WORRIED, mission="To look at the stars with the children.").close(Outcome.SAVED)

    _a_story(session, now)
    _the_last_weeks(session, now)

    charles = _Work(session, coach, _SAM, "Charles Babbage (sample)", now - timedelta(hours=20))
    charles.press(Move.NEXT).press(Move.CHANGED).close(Outcome.LEFT)


def _what_the_team_set(session: Session, now: datetime) -> None:
    """Mina manages the team: a product with what tends to go wrong, and where views and questions go."""
    session.flush()
    roles.accept(session, TEAM, _MINA, now)
    teams.change(session, TEAM, _MINA, TeamFacts(heard_channel=_FLOOR, help_channel=_RENEWALS), now)
    trouble = Problem(10, "The first import looks untidy", "Half an hour together, and it is in order")
    tour = Link("A tour in five minutes", "https://example.com/tour")
    library.add_product(session, TEAM, _MINA, ProductFacts("Ledger (sample)", [trouble], [tour]), now)


def _a_sale(session: Session, name: str, words: str, now: datetime) -> None:
    """Somebody bought, and what they said about why was kept."""
    bought = now - timedelta(days=40)
    customer = customers.create(session, TEAM, name, bought)
    mission = Mission(team_id=TEAM, customer_id=customers.id_of(customer), words=words, heard_by=_SAM, heard_at=bought)
    session.add(mission)


def _a_story(session: Session, now: datetime) -> None:
    """Sam has written down how somebody stayed, and Mina has verified it; another one waits for her."""
    facts = Facts(
        whose="Caroline Herschel",
        source=Source.LETTER,
        consent=Consent.UNNAMED,
        agreed_how="In her letter",
        worry="cost",
        before="She was worried that she was paying for more than she would ever use.",
        turned="We went through one month of hers together, and she saw what it had saved her.",
        now="She still has it, and she says she would miss her Sundays. (Sample)",
    )
    session.flush()
    story = stories.add(session, TEAM, _SAM, facts, now - timedelta(days=20))
    stories.judge(session, TEAM, _MINA, story.id or 0, story.revision, What.VERIFIED, None, now - timedelta(days=19))
    waits = replace(
        facts,
        whose="Mary Somerville",
        source=Source.REP,
        agreed_how="On the phone",
        worry="unused",
        before="She was afraid that it would stand in a corner and gather dust.",
        turned="She remembered the children, and put it by the window.",
        now="They look at the stars with it on Fridays. (Sample)",
    )
    stories.add(session, TEAM, _ROSA, waits, now - timedelta(days=1))


def _the_last_weeks(session: Session, now: datetime) -> None:
    """Cases that ended, and have nothing left to do: what a summary is made of."""
    cases = [(week, turn, ended) for week, of_week in enumerate(_WEEKS) for turn, ended in enumerate(of_week)]
    for nth, (week, turn, ended) in enumerate(cases):
        closed_at = now - timedelta(weeks=week, days=week // 2, hours=2 + 4 * turn)
        case = Case(
            team_id=TEAM,
            called="Sample customer",
            rep_id=_ROSA if nth % 2 else _SAM,
            playbook="sale",
            step="agree",
            cause=Cause.FEAR if nth % 3 else Cause.LEGITIMATE,
            heard_through=_WAYS[nth % len(_WAYS)],
            product="Ledger (sample)",
            value_minor=240_00,
            currency="USD",
            reason=_REASONS[nth % len(_REASONS)],
            outcome=Outcome.LEFT if ended == "L" else Outcome.SAVED,
            lost_at=_LOST_AT[nth % len(_LOST_AT)] if ended == "L" else None,
            opened_at=closed_at - timedelta(minutes=12),
            touched_at=closed_at,
            decided_at=closed_at,
            closed_at=closed_at,
        )
        session.add(case)
        session.flush()
        if ended == "D":
            session.add(_a_discount(case.id or 0, closed_at))
        if ended != "L" and closed_at + _HELD_FROM < now:
            session.add(_still_there(case, closed_at + _HELD_FROM))


def _a_discount(case_id: int, agreed_at: datetime) -> Remedy:
    return Remedy(
        team_id=TEAM,
        case_id=case_id,
        key="discount",
        follow=Follow.DISCOUNT,
        worth_minor=24_00,
        currency="USD",
        agreed_by=_SAM,
        agreed_at=agreed_at,
    )


def _still_there(case: Case, at: datetime) -> Task:
    """The check after a month, answered."""
    return Task(
        team_id=TEAM,
        case_id=case.id,
        owner_id=case.rep_id,
        kind=TaskKind.HELD,
        due_at=at,
        created_at=at,
        done_at=at,
        facts={held.HELD: held.YES, held.AFTER: str(held.DAYS[0])},
    )


@dataclass
class _Work:
    """One case, worked some time ago."""

    session: Session
    coach: Coach
    rep: str
    customer: str
    at: datetime

    def __post_init__(self) -> None:
        self._card = openings.open_case(self.coach, self.session, TEAM, self.rep, Picked(self.customer), self.at)

    def press(self, move: Move, **typed: str) -> "_Work":
        self._card = self.coach.press(self.session, self._pressed(typed), move, self.at)
        return self

    def close(self, outcome: Outcome) -> None:
        self._card = endings.close(self.coach, self.session, self._pressed({}), Ending(outcome), self.at)

    def _pressed(self, typed: dict[str, str]) -> Pressed:
        case = self._card.case
        return Pressed(TEAM, self.rep, case.id or 0, case.revision, typed)
