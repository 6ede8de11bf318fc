"""True stories: kept, verified by somebody else, confirmed again after a while, and out of sight at once.

Every decision is kept with who made it, when, and the story as it stood.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, or_, select

from bot.coaching import calendar, members, sights, verifiers
from bot.coaching.cases import Card, Notice, Pressed
from bot.coaching.coach import Coach, Unmoved, gesture
from bot.coaching.copies import CARD, copy_of
from bot.coaching.errors import Declined, Reason
from bot.coaching.ledger import LINES, Consent, Facts, Status, faults
from bot.coaching.spelling import fold
from bot.storage import outbox
from bot.storage.models import Case, Customer, Member, OutboxRow, Story, StoryDecision, Team, Telling

# The outbox's names: a word to an author, and the day to confirm a story again.
WORD = "story_word"
EXPIRY = "story_expiry"


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
# What is told, or may yet be.
_MAY_BE_TOLD_YET = (Status.VERIFIED, Status.WAITING, Status.ASKED, Status.EXPIRED)


@dataclass(frozen=True)
class Judged:
    """A story after a verdict. Where somebody was faster, `last` is what they decided, and nothing has changed."""

    story: Story
    member: Member
    last: StoryDecision | None = None


@dataclass(frozen=True)
class Word:
    """What was decided of a story, for its author."""

    story: Story
    decision: StoryDecision
    member: Member


def add(session: Session, team_id: str, user_id: str, facts: Facts, now: datetime) -> Story:
    """Keep a story, to be verified by somebody else. Raises `Declined` where `faults` finds any."""
    (story,) = add_all(session, team_id, [(user_id, facts)], What.ADDED, user_id, now)
    return story


@gesture
def keep_case(coach: Coach, session: Session, pressed: Pressed, facts: Facts, now: datetime) -> Card:
    """Keep a case as a story, once somebody is staying. Raises `Declined` as `add` does."""
    card = coach.take_up(session, pressed, now)
    case = card.case
    if not card.stayed or case.gave_story or case.made_up:
        raise Unmoved(replace(card, notice=Notice.STALE), now)
    story = _new(case.team_id, case.rep_id, facts, now)
    story.case_id, story.customer_id, case.gave_story = case.id, case.customer_id, True
    waiting = _keep(session, [story], What.ADDED, case.rep_id, now)
    notice = Notice.STORY_KEPT if verifiers.somebody_for(session, story) else Notice.STORY_ALONE
    return coach.put_down(session, replace(card, notice=notice), pressed, now, extra=waiting)


def add_all(
    session: Session, team_id: str, given: Iterable[tuple[str, Facts]], what: What, by: str | None, now: datetime
) -> Sequence[Story]:
    """Keep several stories, each with its author. None of them is verified. Raises `Declined` as `add` does."""
    stories = [_new(team_id, author, facts, now) for author, facts in given]
    outbox.enqueue(session, *_keep(session, stories, what, by, now))
    return stories


def change(session: Session, team_id: str, user_id: str, story_id: int, facts: Facts, now: datetime) -> Story:
    """Say a story anew, which has to be verified again. Raises `Declined` for anybody but its author and managers.

    One that was withdrawn needs their word anew, and how they gave it.
    """
    story, _member = to_edit(session, team_id, user_id, story_id, to_decide=True)
    as_before = (facts.consent, facts.agreed_how) == (story.consent, story.agreed_how)
    if story.status == Status.WITHDRAWN and (facts.consent == Consent.NONE or as_before):
        raise Declined(Reason.CONSENT_AGAIN)
    _refuse(facts)
    if fold(facts.whose) != story.whose_key:
        # It is somebody else's.
        story.customer_id = None
    for name, value in asdict(facts).items():
        setattr(story, name, value)
    story.whose_key, story.edited_by = fold(facts.whose), user_id
    _decide(session, story, What.EDITED, Status.WAITING, user_id, now)
    outbox.enqueue(session, *verifiers.notices(session, team_id, now))
    return story


def to_edit(
    session: Session, team_id: str, user_id: str, story_id: int, *, to_decide: bool = False
) -> tuple[Story, Member]:
    """A story that this member may change. Raises `Declined` for anybody but its author and managers."""
    story = _find(session, team_id, story_id, to_decide=to_decide)
    member = members.get(session, team_id, user_id)
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
    member = verifiers.require(session, team_id, user_id)
    story = _find(session, team_id, story_id, to_decide=True)
    if story.status not in verifiers.QUEUED or story.revision != revision:
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
    """Its author says that a story still holds; now a verifier has to say so too. Raises `Declined` for others.

    One whose time is not up stays as it is.
    """
    story = _find(session, team_id, story_id, to_decide=True)
    if story.author_id != user_id:
        raise Declined(Reason.NOT_YOUR_STORY)
    if story.status == Status.EXPIRED:
        _decide(session, story, What.CONFIRMED, Status.WAITING, user_id, now)
        outbox.enqueue(session, *verifiers.notices(session, team_id, now))
    return story


def withdraw(session: Session, team_id: str, user_id: str, story_id: int, why: str | None, now: datetime) -> Story:
    """The customer does not want it told any more: out of sight at once, everywhere. Any member may do that."""
    story = _find(session, team_id, story_id, to_decide=True)
    if story.status != Status.WITHDRAWN:
        decision = _decide(session, story, What.WITHDRAWN, Status.WITHDRAWN, user_id, now, why)
        if story.author_id != user_id:
            _tell_author(session, story, decision, now)
    return story


def expire(session: Session, team_id: str, story_id: int, now: datetime) -> Word | None:
    """A story's time is up: its author and the verifiers are asked whether it still holds. None where it is not."""
    story = _find(session, team_id, story_id, to_decide=True)
    if story.status == Status.VERIFIED and story.expires_at and story.expires_at <= now:
        _decide(session, story, What.EXPIRED, Status.EXPIRED, None, now)
        outbox.enqueue(session, *verifiers.notices(session, team_id, now))
    decision = _last(session, story)
    if story.status != Status.EXPIRED or decision is None:
        return None
    return Word(story, decision, _author(session, story))


def doubt(session: Session, team_id: str, customer: Customer | None, case: Case | None, by: str, now: datetime) -> None:
    """This customer is no longer with us: their story is out of sight until somebody has looked at it.

    It is found by who they are, by their name where nobody said that of it, and by the case that it was kept of.
    """
    theirs = []
    if customer:
        unlinked = col(Story.customer_id).is_(None) & (col(Story.whose_key) == customer.name_key)
        theirs += [col(Story.customer_id) == customer.id, unlinked]
    if case and case.gave_story:
        theirs += [col(Story.case_id) == case.id]
    if not theirs:
        return
    kept = session.exec(
        select(Story)
        .where(col(Story.team_id) == team_id, col(Story.status).in_(_MAY_BE_TOLD_YET), or_(*theirs))
        .with_for_update()
    ).all()
    for story in kept:
        decision = _decide(session, story, What.DOUBTED, Status.DOUBTED, by, now)
        if story.author_id != by:
            _tell_author(session, story, decision, now)
    if kept:
        outbox.enqueue(session, *verifiers.notices(session, team_id, now))


def forget(session: Session, story: Story, now: datetime) -> None:
    """Let a story go for good, with all that was decided of it: it is out of sight at once, everywhere."""
    team_id, story_id = story.team_id, story.id
    was_told = story.status == Status.VERIFIED
    if was_told:
        _out_of_sight(session, story, now)
    session.flush()
    session.execute(delete(Telling).where(col(Telling.team_id) == team_id, col(Telling.story_id) == story_id))
    session.execute(
        delete(StoryDecision).where(col(StoryDecision.team_id) == team_id, col(StoryDecision.story_id) == story_id)
    )
    outbox.send_again(session, team_id, verifiers.KIND, story.created_at, now)
    session.delete(story)
    session.flush()
    if was_told:
        _shelve_anew(session, team_id)


def decided(session: Session, team_id: str, story_ids: Sequence[int]) -> Sequence[int]:
    """The decisions on these stories, by their ids."""
    made = (col(StoryDecision.team_id) == team_id, col(StoryDecision.story_id).in_(story_ids))
    return [each or 0 for each in session.exec(select(StoryDecision.id).where(*made))]


def mine(session: Session, team_id: str, user_id: str, most: int) -> Sequence[Story]:
    """What this member has written, wherever it stands, latest first."""
    return session.exec(
        select(Story)
        .where(col(Story.team_id) == team_id, col(Story.author_id) == user_id)
        .order_by(col(Story.changed_at).desc(), col(Story.id).desc())
        .limit(most)
    ).all()


def decisions(
    session: Session, team_id: str, user_id: str, story_id: int, most: int
) -> tuple[Story, Sequence[StoryDecision]]:
    """Up to `most` of what was decided of a story, latest first.

    Raises `Declined` for anybody but its author, managers and verifiers.
    """
    story = _find(session, team_id, story_id)
    if story.author_id != user_id:
        verifiers.require(session, team_id, user_id)
    made = (col(StoryDecision.team_id) == team_id, col(StoryDecision.story_id) == story_id)
    return story, session.exec(
        select(StoryDecision).where(*made).order_by(col(StoryDecision.id).desc()).limit(most)
    ).all()


def word(session: Session, team_id: str, decision_id: int) -> Word | None:
    """What an author has to hear of a decision, while it is the last one."""
    decision = session.exec(
        select(StoryDecision).where(col(StoryDecision.team_id) == team_id, col(StoryDecision.id) == decision_id)
    ).first()
    story = _find(session, team_id, decision.story_id) if decision else None
    if decision is None or story is None or story.status != decision.what:
        return None
    return Word(story, decision, _author(session, story))


def _find(session: Session, team_id: str, story_id: int, *, to_decide: bool = False) -> Story:
    """A story; one `to_decide` on is nobody else's to decide on until this transaction ends."""
    that = select(Story).where(col(Story.team_id) == team_id, col(Story.id) == story_id)
    found = session.exec(that.with_for_update() if to_decide else that).first()
    if found is None:
        raise Declined(Reason.GONE)
    return found


def _keep(
    session: Session, stories: Sequence[Story], what: What, by: str | None, now: datetime
) -> Sequence[outbox.Due]:
    """Keep stories with what was decided first of each. Returns the outbox rows that bring them to the verifiers."""
    session.add_all(stories)
    session.flush()
    session.add_all([_decision(story, what, by, now) for story in stories])
    return [row for team_id in {story.team_id for story in stories} for row in verifiers.notices(session, team_id, now)]


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
    outbox.send_again(session, story.team_id, verifiers.KIND, now - verifiers.ASKED_AGAIN_AFTER, now)
    verifiers.follow(session, story.team_id, now)
    return decision


def _decision(story: Story, what: What, by: str | None, now: datetime, why: str | None = None) -> StoryDecision:
    told = {name: getattr(story, name) for name in (*LINES, "whose", "consent")}
    return StoryDecision(team_id=story.team_id, story_id=story.id or 0, what=what, by=by, at=now, why=why, told=told)


def _last(session: Session, story: Story) -> StoryDecision | None:
    made = (col(StoryDecision.team_id) == story.team_id, col(StoryDecision.story_id) == story.id)
    return session.exec(select(StoryDecision).where(*made).order_by(col(StoryDecision.id).desc()).limit(1)).first()


def _author(session: Session, story: Story) -> Member:
    return members.get(session, story.team_id, story.author_id)


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


def _out_of_sight(session: Session, story: Story, now: datetime) -> None:
    """Redraw every card and every answer in which a story stands."""
    cases = session.exec(
        select(Case)
        .join(
            OutboxRow,
            (col(OutboxRow.team_id) == col(Case.team_id))
            & (col(OutboxRow.subject_id) == col(Case.id))
            & (col(OutboxRow.user_id) == col(Case.rep_id))
            & (col(OutboxRow.kind) == CARD),
        )
        .where(
            col(Case.team_id) == story.team_id,
            col(Case.story_id) == story.id,
            col(Case.closed_at).is_(None) | col(Case.landed).is_(None),
            # What is being posted just now has been drawn already.
            col(OutboxRow.message_ts).is_not(None) | col(OutboxRow.claimed_by).is_not(None),
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
