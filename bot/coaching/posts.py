"""What the bot says in a channel for a member: a view, a question, or that they have what somebody wrote."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.coaching import customers
from bot.storage import outbox
from bot.storage.models import Case, Customer, Member, Post

KIND = "post"
HEARD = "heard"
QUESTION = "question"
CLAIM = "claim"


@dataclass(frozen=True)
class Posted:
    """A post with what it is about; the customer is there only where they agreed to be named."""

    post: Post
    case: Case
    author: Member | None
    name: str | None


def write(
    session: Session,
    case: Case,
    kind: str,
    channel: str,
    words: str,
    now: datetime,
    *,
    named: bool = False,
    thread: str | None = None,
) -> outbox.Due:
    """Keep what is to be said, in a `thread` where there is one, and the outbox row that will say it at once."""
    post = Post(
        team_id=case.team_id,
        case_id=case.id or 0,
        kind=kind,
        channel=channel,
        words=words,
        author_id=case.rep_id,
        named=named,
        thread_ts=thread,
        created_at=now,
    )
    session.add(post)
    session.flush()
    return outbox.Due(case.team_id, f"{KIND}:{post.id}", KIND, case.rep_id, now, post.id)


def find(session: Session, team_id: str, post_id: int) -> Posted | None:
    """A post, if it is there."""
    found = session.exec(
        select(Post, Case, Customer, Member)
        .join(Case, (col(Case.team_id) == col(Post.team_id)) & (col(Case.id) == col(Post.case_id)))
        .outerjoin(Customer, customers.of_case())
        .outerjoin(Member, (col(Member.team_id) == col(Post.team_id)) & (col(Member.user_id) == col(Post.author_id)))
        .where(col(Post.team_id) == team_id, col(Post.id) == post_id)
    ).first()
    if found is None:
        return None
    post, case, customer, author = found
    return Posted(post, case, author, customers.name_of(case, customer) if post.named else None)
