"""Made-up rows: the people and things that stand on specimens. Nobody meets them in Slack.

Their names are long, so that a line has to leave room for one.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.coaching.cases import HANDED, MISFIT, NOTE
from bot.coaching.ledger import Consent, Source, Status
from bot.coaching.library import Library
from bot.coaching.matching import Match, Tale
from bot.coaching.playbooks import Cause, Follow, Playbook
from bot.coaching.policies import LIMITS
from bot.coaching.reminders import TaskKind
from bot.coaching.sales import Sureness
from bot.storage.models import Approval, Case, Customer, Member, OutboxRow, Product, Remedy, Sale, Story, Task, Team
from bot.surfaces.forms import Origin

Row = TypeVar("Row")

NOW = datetime(2030, 1, 8, 15, 0, tzinfo=UTC)
TODAY = NOW.date()
LATER = NOW + timedelta(days=7)
TEAM, REP, COLLEAGUE, CHANNEL = "T0000000000", "U0000000001", "U0000000002", "C0000000000"
# More than any sentence names.
REPS = (REP, COLLEAGUE, *(f"W{number}" for number in range(1, 12)))
NAME = "Ottoline Specimen-Nobody of Nowhere-in-Particular upon the Example"
PRODUCT = "The specimen armchair, extra wide"
TYPED = "It seemed right on the day,\nand since then <nobody> has had the time to sit in it & look out of the window."
# Longer than any field holds; it trails off, so that no word is cut in its middle.
LONG = "\n\n".join([TYPED] * 25) + " …" * 200
URL = "https://example.com/specimen?room=living&view=window"
REFERENCE, SUPPORT = "0f3a9c1e", "the desk for all specimens, desk@nowhere-in-particular.example.com"
WORDS = dict.fromkeys(("thought", "why", "mission", "future", NOTE, MISFIT, HANDED), TYPED)
PROBLEM = {"problem": PRODUCT, "answer": TYPED}
PAGE = {"title": PRODUCT, "url": URL}
LIMITED: dict[str, str | int | bool | None] = {
    "percent": 20,
    "months": 12,
    "worth_minor": 1_200_50,
    "currency": "USD",
    "times": 2,
    "within_months": 12,
}
# Everything that a reminder of some kind has to say.
FACTS = {**PROBLEM, **PAGE, "promise": TYPED, "mission": TYPED, "meeting": str(int(LATER.timestamp()))}
ORIGIN = Origin(case_id=1, revision=1, response_url=URL, message_ts="1.0")
IN_WRITING: Mapping[str, object] = {"writing": True, "heard_through": "email"}
HANDED_ON: Mapping[str, object] = {"handed_by": COLLEAGUE, "handed_at": NOW}


def filled(row: Row, given: Mapping[str, object]) -> Row:
    for name, value in given.items():
        setattr(row, name, value)
    return row


def case(book: Playbook, step: str, **given: object) -> Case:
    case = Case(
        team_id=TEAM,
        id=_number(book),
        customer_id=1,
        rep_id=REP,
        kind=book.kind,
        playbook=book.name,
        step=step,
        cause=_cause(book, step),
        letting_go=step == book.goodbye,
        words=WORDS,
        heard_through="phone",
        product=PRODUCT,
        link=URL,
        value_minor=1_200_50,
        currency="USD",
        opened_at=NOW,
        touched_at=NOW,
    )
    return filled(case, given)


def _number(book: Playbook) -> int:
    """The thought on a first card goes by the case's number; this one brings the longest."""
    lengths = [len(thought) for thought in book.attitude]
    return len(lengths) + lengths.index(max(lengths)) if lengths else 1


def _cause(book: Playbook, step: str) -> Cause | None:
    way = next((cause for cause, branch in book.branches.items() if step in branch), None)
    return way or (Cause.LEGITIMATE if book.steps[step].follow else None)


def customer(**given: object) -> Customer:
    return filled(Customer(team_id=TEAM, id=1, name=NAME, name_key="", created_at=NOW), given)


def member(**given: object) -> Member:
    return filled(Member(team_id=TEAM, user_id=REP, booking_link=URL), given)


def team() -> Team:
    return Team(
        team_id=TEAM,
        heard_channel=CHANNEL,
        help_channel=CHANNEL,
        withdrawal_days=14,
        withdrawal_kinds=["sale"],
        withdrawal_words=TYPED,
        verifier_id=COLLEAGUE,
        customer_kinds=[PRODUCT],
        reasons=[PRODUCT, "cost"],
        currency="EUR",
        policies=dict.fromkeys(LIMITS, LIMITED),
    )


def match() -> Match:
    """A story that fits in every way."""
    tale = Tale(
        id=1,
        revision=1,
        author_id=COLLEAGUE,
        customer_id=2,
        whose_key="",
        name=NAME,
        worry="cost",
        product=PRODUCT,
        customer_kind=PRODUCT,
        before=TYPED,
        turned=TYPED,
        now=TYPED,
        told=0,
        landed=0,
        expires_at=LATER,
    )
    return Match(tale, ["worry", "product", "customer_kind", "words"], others=True)


def task(kind: TaskKind, **given: object) -> Task:
    task = Task(team_id=TEAM, id=1, case_id=1, owner_id=REP, kind=kind, due_at=LATER, created_at=NOW)
    return filled(task, given)


def sale(sureness: Sureness) -> Sale:
    return Sale(team_id=TEAM, id=1, customer_id=1, rep_id=REP, product=PRODUCT, sureness=sureness, sold_at=NOW)


def product(number: int = 1) -> Product:
    kept = {"problems": [{"days": days, **PROBLEM} for days in ("1", "14")], "links": [PAGE] * 5}
    return Product(team_id=TEAM, id=number, name=PRODUCT, name_key="", changed_by=REP, changed_at=NOW, **kept)


def shelf() -> Library:
    return Library(team(), [product()])


def refused(kind: str, number: int) -> OutboxRow:
    kept = OutboxRow(team_id=TEAM, id=number, key="", kind=kind, user_id=COLLEAGUE, due_at=NOW, status="parked")
    return filled(kept, {"parked_at": NOW, "last_error": "account_inactive"})


def remedy(number: int, key: str) -> Remedy:
    worth = {"worth_minor": 120_00, "currency": "USD"}
    kept = Remedy(team_id=TEAM, id=number, case_id=1, key=key, follow=Follow.NOTE, agreed_by=REP, agreed_at=NOW)
    return filled(kept, worth)


def approval(key: str, **given: object) -> Approval:
    """More than is allowed of anything."""
    approval = Approval(
        team_id=TEAM,
        id=1,
        case_id=1,
        key=key,
        follow=Follow.DISCOUNT,
        words=TYPED,
        percent=30,
        months=24,
        worth_minor=2_400_50,
        currency="USD",
        asked_by=REP,
        asked_at=NOW,
        asked_of=[COLLEAGUE],
    )
    return filled(approval, given)


def story(**given: object) -> Story:
    story = Story(
        team_id=TEAM,
        id=1,
        author_id=COLLEAGUE,
        edited_by=COLLEAGUE,
        whose=NAME,
        whose_key="",
        source=Source.CASE,
        proof=TYPED,
        consent=Consent.NAMED,
        agreed_how=TYPED,
        worry="cost",
        product=PRODUCT,
        customer_kind=PRODUCT,
        before=TYPED,
        turned=TYPED,
        now=TYPED,
        status=Status.DOUBTED,
        created_at=NOW,
        changed_at=NOW,
    )
    return filled(story, given)
