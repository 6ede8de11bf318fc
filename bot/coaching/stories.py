"""True stories: kept, verified by somebody else, confirmed again after a while, and out of sight at once.

Every decision is kept with who made it, when, and the story as it stood.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from bot.coaching import calendar, members, sights
from bot.coaching.card_numbers import looks_like_card_number
from bot.coaching.coach import copy_of
from bot.coaching.colleagues import names
from bot.coaching.customers import fold
from bot.coaching.errors import Declined, Reason
from bot.coaching.ledger import LINE_WORDS_MOST, WORRIES, Consent, Source, Status
from bot.storage import outbox
from bot.storage.models import Case, Customer, Member, OutboxRow, Story, StoryDecision, Team

# The outbox's names: a queue to be looked through, a word to an author, and the day to confirm a story again.
QUEUE = "story_queue"
WORD = "story_word"
EXPIRY = "story_expiry"

# What waits for a verifier: one that is new or changed, and one whose customer has left since.
QUEUED = (Status.WAITING, Status.DOUBTED)
LINES = ("before", "turned", "now")

_ASKED_AGAIN_AFTER = timedelta(days=7)


class What(StrEnum):
    """What can be decided of a story."""

    ADDED = "added"
    IMPORTED = "imported"
    EDITED = "edited"
    CONFIRMED = "confirmed"
    VERIFIED = "verified"
    ASKED = "asked"
    DECLINED = "declined"
    EXPIRED = "expired"
    DOUBTED = "doubted"
    WITHDRAWN = "withdrawn"


# What a verifier may decide, and where the story stands then.
VERDICTS: Mapping[What, Status] = {
    What.VERIFIED: Status.VERIFIED,
    What.ASKED: Status.ASKED,
    What.DECLINED: Status.DECLINED,
}


class Fault(NamedTuple):
    """What is wrong with a field: a text of that name tells it. `words` is how many there are."""

    name: str
    words: int = 0


@dataclass(frozen=True)
class Facts:
    """What is said of a story. The lines are `before`, `turned` and `now`."""

    whose: str
    source: str
    consent: str
    worry: str
    before: str
    turned: str
    now: str
    proof: str | None = None
    agreed_how: str | None = None
    product: str | None = None
    customer_kind: str | None = None


@dataclass(frozen=True)
class Judged:
    """A story after a verdict. Where somebody was faster, `last` is what they decided, and nothing has changed."""

    story: Story
    member: Member
    last: StoryDecision | None = None


@dataclass(frozen=True)
class Queue:
    """What waits for this member to verify, longest first, and how much there is in all."""

    member: Member
    stories: Sequence[Story]
    count: int


@dataclass(frozen=True)
class Word:
    """What was decided of a story, for its author."""

    story: Story
    decision: StoryDecision
    member: Member


def faults(facts: Facts) -> Mapping[str, Fault]:
    """What keeps a story from being kept, by the field to mend."""
    given = asdict(facts)
    found: dict[str, Fault] = {}
    for name in ("whose", *LINES):
        if not given[name]:
            found[name] = Fault("story_missing")
    for name, known in (("source", [*Source]), ("consent", [*Consent]), ("worry", WORRIES)):
        if given[name] not in known:
            found[name] = Fault(f"story_{name}")
    if facts.consent in (Consent.NAMED, Consent.UNNAMED) and not facts.agreed_how:
        found["agreed_how"] = Fault("story_agreed_how")
    for name in LINES:
        count = len((given[name] or "").split())
        if count > LINE_WORDS_MOST:
            found[name] = Fault("story_line", count)
        elif facts.consent != Consent.NAMED and names(given[name] or "", facts.whose):
            found[name] = Fault("story_named")
    card_numbers = {name for name, text in given.items() if text and looks_like_card_number(text)}
    return {**found, **dict.fromkeys(card_numbers, Fault("story_card_number"))}


def add(session: Session, team_id: str, user_id: str, facts: Facts, now: datetime) -> Story:
    """Keep a story, to be verified by somebody else. Raises `Declined` where `faults` finds any."""
    (story,) = add_all(session, team_id, [(user_id, facts)], What.ADDED, user_id, now)
    return story


def keep_case(session: Session, team_id: str, user_id: str, case_id: int, facts: Facts, now: datetime) -> Story:
    """Keep a case of this member's as a story. Raises `Declined` for somebody else's case, and as `add` does."""
    case = session.exec(
        select(Case).where(col(Case.team_id) == team_id, col(Case.id) == case_id).with_for_update()
    ).first()
    if case is None:
        raise Declined(Reason.GONE)
    if case.rep_id != user_id:
        raise Declined(Reason.NOT_YOURS)
    story = add(session, team_id, user_id, facts, now)
    story.case_id, story.customer_id = case.id, case.customer_id
    case.gave_story = True
    return story


def add_all(
    session: Session, team_id: str, given: Iterable[tuple[str, Facts]], what: What, by: str | None, now: datetime
) -> Sequence[Story]:
    """Keep several stories, each with its author. None of them is verified. Raises `Declined` as `add` does."""
    stories = [_new(team_id, author, facts, now) for author, facts in given]
    session.add_all(stories)
    session.flush()
    session.add_all([_decision(story, what, by, now) for story in stories])
    _queue_up(session, team_id, now)
    return stories


def change(session: Session, team_id: str, user_id: str, story_id: int, facts: Facts, now: datetime) -> Story:
    """Say a story anew, which has to be verified again. Raises `Declined` for anybody but its author and managers."""
    story, _member = to_edit(session, team_id, user_id, story_id)
    if story.status == Status.WITHDRAWN and facts.consent == Consent.NONE:
        raise Declined(Reason.CONSENT_AGAIN)
    _refuse(facts)
    for name, value in asdict(facts).items():
        setattr(story, name, value)
    story.whose_key, story.edited_by = fold(facts.whose), user_id
    _decide(session, story, What.EDITED, Status.WAITING, user_id, now)
    _queue_up(session, team_id, now)
    return story


def to_edit(session: Session, team_id: str, user_id: str, story_id: int) -> tuple[Story, Member]:
    """A story that this member may change. Raises `Declined` for anybody but its author and managers."""
    story = _find(session, team_id, story_id)
    member = members.find(session, team_id, user_id) or Member(team_id=team_id, user_id=user_id)
    if story.author_id != user_id and member.manages_since is None:
        raise Declined(Reason.NOT_YOUR_STORY)
    return story, member


def judge(
    session: Session,
    team_id: str,
    user_id: str,
    story_id: int,
    revision: int,
    verdict: What,
    why: str | None,
    now: datetime,
) -> Judged:
    """Decide on a story that waits, as it stood at `revision`. Of two who do so at once, one wins.

    Raises `Declined` for anybody who is no verifier, and for whoever wrote it.
    """
    member = require_verifier(session, team_id, user_id)
    story = _find(session, team_id, story_id)
    if story.status not in QUEUED or story.revision != revision:
        return Judged(story, member, _last(session, story))
    if user_id in (story.author_id, story.edited_by):
        raise Declined(Reason.OWN_STORY)
    decision = _decide(session, story, verdict, VERDICTS[verdict], user_id, now, why)
    if verdict is What.VERIFIED:
        outbox.enqueue(session, _until_confirmed(session, story, now))
    else:
        _tell_author(session, story, decision, now)
    return Judged(story, member)


def confirm(session: Session, team_id: str, user_id: str, story_id: int, now: datetime) -> Story:
    """Its author says that a story still holds; now a verifier has to say so too. Raises `Declined` for others."""
    story = _find(session, team_id, story_id)
    if story.author_id != user_id:
        raise Declined(Reason.NOT_YOUR_STORY)
    if story.status == Status.EXPIRED:
        _decide(session, story, What.CONFIRMED, Status.WAITING, user_id, now)
        _queue_up(session, team_id, now)
    return story


def withdraw(session: Session, team_id: str, user_id: str, story_id: int, why: str | None, now: datetime) -> Story:
    """The customer does not want it told any more: out of sight at once, everywhere. Any member may do that."""
    story = _find(session, team_id, story_id)
    if story.status != Status.WITHDRAWN:
        decision = _decide(session, story, What.WITHDRAWN, Status.WITHDRAWN, user_id, now, why)
        if story.author_id != user_id:
            _tell_author(session, story, decision, now)
    return story


def expire(session: Session, team_id: str, story_id: int, now: datetime) -> Word | None:
    """A story's time is up: its author is asked whether it still holds. None where that is not so."""
    story = _find(session, team_id, story_id)
    if story.status == Status.VERIFIED and story.expires_at and story.expires_at <= now:
        _decide(session, story, What.EXPIRED, Status.EXPIRED, None, now)
    decision = _last(session, story)
    if story.status != Status.EXPIRED or decision is None:
        return None
    return Word(story, decision, _author(session, story))


def doubt(session: Session, team_id: str, customer: Customer, by: str, now: datetime) -> None:
    """This customer is no longer with us: their story is out of sight until somebody has looked at it."""
    theirs = (col(Story.customer_id) == customer.id) | (
        col(Story.customer_id).is_(None) & (col(Story.whose_key) == customer.name_key)
    )
    told = session.exec(
        select(Story)
        .where(col(Story.team_id) == team_id, col(Story.status) == Status.VERIFIED, theirs)
        .with_for_update()
    ).all()
    for story in told:
        decision = _decide(session, story, What.DOUBTED, Status.DOUBTED, by, now)
        if story.author_id != by:
            _tell_author(session, story, decision, now)
    if told:
        _queue_up(session, team_id, now)


def queue(session: Session, team_id: str, user_id: str, most: int, member: Member | None = None) -> Queue:
    """What waits for this member's verdict; nothing for anybody who is no verifier. `member` is them, where at hand."""
    member = member or members.find(session, team_id, user_id) or Member(team_id=team_id, user_id=user_id)
    named = sa.exists().where(col(Team.team_id) == team_id, col(Team.verifier_id) == user_id)
    waiting = session.exec(
        select(Story, sa.func.count().over())
        .where(
            col(Story.team_id) == team_id,
            col(Story.status).in_(QUEUED),
            col(Story.author_id) != user_id,
            col(Story.edited_by) != user_id,
            sa.true() if member.manages_since else named,
        )
        .order_by(col(Story.changed_at), col(Story.id))
        .limit(most)
    ).all()
    return Queue(member, [story for story, _ in waiting], waiting[0][1] if waiting else 0)


def mine(session: Session, team_id: str, user_id: str, most: int) -> Sequence[Story]:
    """What this member has written, wherever it stands, latest first."""
    return session.exec(
        select(Story)
        .where(col(Story.team_id) == team_id, col(Story.author_id) == user_id)
        .order_by(col(Story.changed_at).desc(), col(Story.id).desc())
        .limit(most)
    ).all()


def decisions(session: Session, team_id: str, user_id: str, story_id: int) -> tuple[Story, Sequence[StoryDecision]]:
    """All that was decided of a story, latest first. Raises `Declined` as `to_edit` does."""
    story, _member = to_edit(session, team_id, user_id, story_id)
    made = (col(StoryDecision.team_id) == team_id, col(StoryDecision.story_id) == story_id)
    return story, session.exec(select(StoryDecision).where(*made).order_by(col(StoryDecision.id).desc())).all()


def word(session: Session, team_id: str, decision_id: int) -> Word | None:
    """What an author has to hear of a decision, while it is the last one."""
    decision = session.exec(
        select(StoryDecision).where(col(StoryDecision.team_id) == team_id, col(StoryDecision.id) == decision_id)
    ).first()
    story = _find(session, team_id, decision.story_id) if decision else None
    if decision is None or story is None or story.status != decision.what:
        return None
    return Word(story, decision, _author(session, story))


def require_verifier(session: Session, team_id: str, user_id: str) -> Member:
    """The member, who is a manager or was named by one. Raises `Declined` for anybody else."""
    row = session.exec(
        select(Member, Team.verifier_id)
        .outerjoin(Team, col(Team.team_id) == col(Member.team_id))
        .where(col(Member.team_id) == team_id, col(Member.user_id) == user_id)
    ).first()
    member, named = row or (None, session.exec(select(Team.verifier_id).where(col(Team.team_id) == team_id)).first())
    if (member and member.manages_since) or named == user_id:
        return member or Member(team_id=team_id, user_id=user_id)
    raise Declined(Reason.NOT_A_VERIFIER)


def ask_again(session: Session, team_id: str, user_id: str, now: datetime) -> None:
    """A queue that still waits is brought back in a week, and no sooner."""
    left = queue(session, team_id, user_id, 1)
    if left.count:
        outbox.enqueue(session, _look_through(left.member, now + _ASKED_AGAIN_AFTER))


def _find(session: Session, team_id: str, story_id: int) -> Story:
    found = session.exec(
        select(Story).where(col(Story.team_id) == team_id, col(Story.id) == story_id).with_for_update()
    ).first()
    if found is None:
        raise Declined(Reason.GONE)
    return found


def _new(team_id: str, author_id: str, facts: Facts, now: datetime) -> Story:
    _refuse(facts)
    return Story(
        team_id=team_id,
        author_id=author_id,
        edited_by=author_id,
        **asdict(facts),
        whose_key=fold(facts.whose),
        status=Status.WAITING,
        created_at=now,
        changed_at=now,
    )


def _refuse(facts: Facts) -> None:
    wrong = faults(facts)
    if any(fault.name == "story_card_number" for fault in wrong.values()):
        raise Declined(Reason.CARD_NUMBER)
    if any(fault.name == "story_named" for fault in wrong.values()):
        raise Declined(Reason.NAMED)
    if wrong:
        raise ValueError(f"not a story: {sorted(wrong)}")


def _decide(
    session: Session, story: Story, what: What, status: Status, by: str | None, now: datetime, why: str | None = None
) -> StoryDecision:
    """Keep what was decided; whatever was in sight, or is waiting before somebody, follows at once."""
    was_told = story.status == Status.VERIFIED
    story.status, story.changed_at = status, now
    story.revision += 1
    if status is Status.VERIFIED:
        story.expires_at = _expiry(session, story, now)
    decision = _decision(story, what, by, now, why)
    session.add(decision)
    session.flush()
    if was_told or status is Status.VERIFIED:
        _shelve_anew(session, story.team_id)
    if was_told:
        _out_of_sight(session, story, now)
    outbox.send_again(session, story.team_id, QUEUE, now - _ASKED_AGAIN_AFTER, now)
    return decision


def _decision(story: Story, what: What, by: str | None, now: datetime, why: str | None = None) -> StoryDecision:
    told = {name: getattr(story, name) for name in (*LINES, "whose", "consent")}
    return StoryDecision(team_id=story.team_id, story_id=story.id or 0, what=what, by=by, at=now, why=why, told=told)


def _last(session: Session, story: Story) -> StoryDecision | None:
    made = (col(StoryDecision.team_id) == story.team_id, col(StoryDecision.story_id) == story.id)
    return session.exec(select(StoryDecision).where(*made).order_by(col(StoryDecision.id).desc()).limit(1)).first()


def _author(session: Session, story: Story) -> Member:
    found = members.find(session, story.team_id, story.author_id)
    return found or Member(team_id=story.team_id, user_id=story.author_id)


def _expiry(session: Session, story: Story, now: datetime) -> datetime:
    """In the morning of the day on which a story has to be confirmed again, where its author lives."""
    team, where = session.get(Team, story.team_id), calendar.zone(_author(session, story).timezone)
    months = team.story_months if team else 12
    return calendar.at(calendar.months_later(now.astimezone(where).date(), months), calendar.MORNING, where)


def _until_confirmed(session: Session, story: Story, now: datetime) -> outbox.Due:
    due_at = story.expires_at or _expiry(session, story, now)
    return outbox.Due(story.team_id, f"{EXPIRY}:{story.id}", EXPIRY, story.author_id, due_at, story.id)


def _tell_author(session: Session, story: Story, decision: StoryDecision, now: datetime) -> None:
    outbox.enqueue(session, outbox.Due(story.team_id, f"{WORD}:{decision.id}", WORD, story.author_id, now, decision.id))


def _queue_up(session: Session, team_id: str, now: datetime) -> None:
    """Let every verifier look through what waits, in their next morning: one message a day at most."""
    named = select(Team.verifier_id).where(col(Team.team_id) == team_id).scalar_subquery()
    verifiers = session.exec(
        select(Member).where(
            col(Member.team_id) == team_id, col(Member.manages_since).is_not(None) | (col(Member.user_id) == named)
        )
    ).all()
    outbox.enqueue(session, *(_look_through(each, now) for each in verifiers))


def _look_through(verifier: Member, now: datetime) -> outbox.Due:
    morning = calendar.next_workday_morning(now, calendar.zone(verifier.timezone))
    key = f"{QUEUE}:{verifier.user_id}:{morning.date()}"
    return outbox.Due(verifier.team_id, key, QUEUE, verifier.user_id, morning)


def _out_of_sight(session: Session, story: Story, now: datetime) -> None:
    """Redraw every card and every answer in which a story stands."""
    cases = session.exec(
        select(Case)
        .join(
            OutboxRow,
            (col(OutboxRow.team_id) == col(Case.team_id))
            & (col(OutboxRow.subject_id) == col(Case.id))
            & (col(OutboxRow.user_id) == col(Case.rep_id))
            & (col(OutboxRow.kind) == "card"),
        )
        .where(
            col(Case.team_id) == story.team_id,
            col(Case.story_id) == story.id,
            col(Case.closed_at).is_(None),
            col(OutboxRow.message_ts).is_not(None),
        )
    ).all()
    redraws = sights.redraws(session, story.team_id, story.id or 0, now)
    outbox.enqueue(session, *(copy_of(case, now) for case in cases), *redraws)


def _changed(insert: sqlite.Insert | postgresql.Insert) -> sqlite.Insert | postgresql.Insert:
    return insert.on_conflict_do_update(
        index_elements=["team_id"], set_={"story_revision": col(Team.story_revision) + 1}
    )


_CHANGED = {"sqlite": _changed(sqlite.insert(Team)), "postgresql": _changed(postgresql.insert(Team))}


def _shelve_anew(session: Session, team_id: str) -> None:
    """What may be told has changed: every process finds that out with its next look at the team."""
    blank = Team(team_id=team_id, story_revision=1)
    values = {name: getattr(blank, name) for name in Team.model_fields}
    session.connection().execute(_CHANGED[session.get_bind().dialect.name], [values])
