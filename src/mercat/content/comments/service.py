"""Verbs of those who comment, report and moderate. Locks in the house's order: the account, then the comment."""

from uuid import UUID

from sqlalchemy import delete as delete_rows
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, auth
from mercat.auth import Actor
from mercat.content import posts
from mercat.content.comments import queries, suspicion
from mercat.content.comments.exceptions import CommentChanged, CommentNotFound, IllegalCommentMove, OwnComment
from mercat.content.comments.lifecycle import TRANSITIONS, Status, after_edit
from mercat.content.comments.models import Comment, CommentReport
from mercat.content.comments.schemas import (
    CommentApproval,
    CommentRefusal,
    CommentReportCreate,
    CommentWrite,
    ModeratedComment,
    OwnCommentRead,
)
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.kit.problems import Unauthenticated

DECIDED = {Status.published: "approved", Status.rejected: "rejected", Status.hidden: "hidden"}


async def write(session: AsyncSession, actor: Actor, post_id: UUID, new: CommentWrite) -> OwnCommentRead:
    """Comment on a post: published at once, unless something about it is suspicious.

    Raises:
        PostNotFound: there is none that everybody sees.
    """
    author_id = await _account(session, actor)
    await posts.require_published(session, post_id)
    now = clock.now()
    comment = Comment(id=new_id(), post_id=post_id, author_id=author_id, body=new.body, created_at=now, updated_at=now)
    waits = await suspicion.screen(session, comment)
    comment.status = Status.pending if waits else Status.published
    session.add(comment)
    await session.flush()
    changes = audit.difference({}, {"post_id": str(post_id), "status": comment.status})
    words = audit.difference({}, {"body": comment.body})
    await audit.record(session, actor, "comment.written", comment.id, changes=changes, personal=words)
    return await _own(session, comment)


async def change(session: AsyncSession, actor: Actor, comment_id: UUID, new: CommentWrite) -> OwnCommentRead:
    """Say something else. New words are looked at like those of a new comment; what was refused waits again.

    Raises:
        CommentNotFound: there is none, or it is another person's.
    """
    comment = await _own_for_update(session, await _account(session, actor), comment_id)
    was = {"body": comment.body, "status": comment.status}
    comment.body = new.body
    waits = await suspicion.screen(session, comment)
    comment.status = after_edit(Status(comment.status), suspicious=waits)
    comment.edited_at = clock.now()
    await session.flush()
    words = audit.difference({"body": was["body"]}, {"body": comment.body})
    moved = audit.difference({"status": was["status"]}, {"status": comment.status})
    await audit.record(session, actor, "comment.changed", comment.id, changes=moved, personal=words)
    return await _own(session, comment)


async def delete(session: AsyncSession, actor: Actor, comment_id: UUID) -> None:
    """Delete one's own comment, for good.

    Raises:
        CommentNotFound: there is none, or it is another person's.
    """
    comment = await _own_for_update(session, await _account(session, actor), comment_id)
    was = {"post_id": str(comment.post_id), "status": comment.status}
    await session.execute(delete_rows(Comment).where(Comment.id == comment.id))
    await audit.record(session, actor, "comment.deleted", comment_id, changes=audit.difference(was, {}))


async def report(session: AsyncSession, actor: Actor, comment_id: UUID, new: CommentReportCreate) -> None:
    """Ask a moderator to look at a comment; once per person.

    Raises:
        CommentNotFound: there is none that everybody sees.
        OwnComment: it is one's own.
    """
    reader = await _account(session, actor)
    comment = await queries.for_update(session, comment_id)
    if comment.status != Status.published:
        raise CommentNotFound
    if comment.author_id == reader:
        raise OwnComment
    said = insert(CommentReport).values(comment_id=comment.id, user_id=reader, reason=new.reason, note=new.note)
    told = await session.scalar(said.on_conflict_do_nothing().returning(CommentReport.comment_id))
    if told is None:
        return
    comment.report_count += 1
    await session.flush()
    reported = audit.difference({}, {"report": new.reason})
    await audit.record(session, actor, "comment.reported", comment.id, changes=reported)


async def decide(
    session: AsyncSession, actor: Actor, comment_id: UUID, target: Status, said: CommentApproval | CommentRefusal
) -> ModeratedComment:
    """Move a comment, and settle what was reported about it.

    Raises:
        CommentNotFound: there is none.
        CommentChanged: it is not as the moderator saw it.
        IllegalCommentMove: its life does not go that way.
    """
    comment = await queries.for_update(session, comment_id)
    [shown] = await queries.moderated(session, [comment])
    if said.version is not None and said.version != shown.version:
        raise CommentChanged
    origin = Status(comment.status)
    if target not in TRANSITIONS[origin]:
        raise IllegalCommentMove(current=origin.value, wanted=target.value)
    was = {"status": origin.value, "report_count": comment.report_count}
    comment.status, comment.reason, comment.report_count = target, said.reason, 0
    await session.flush()
    changes = audit.difference(was, {"status": target.value, "report_count": 0})
    words = {"reason": audit.Change(None, said.reason)} if said.reason else {}
    await audit.record(session, actor, f"comment.{DECIDED[target]}", comment.id, changes=changes, personal=words)
    [decided] = await queries.moderated(session, [comment])
    return decided


async def _account(session: AsyncSession, actor: Actor) -> UUID:
    """Return the account that writes; it is not erased before this transaction has ended."""
    if actor.user_id is None or await auth.hold(session, actor.user_id) is None:
        raise Unauthenticated
    return actor.user_id


async def _own_for_update(session: AsyncSession, author_id: UUID, comment_id: UUID) -> Comment:
    comment = await queries.for_update(session, comment_id)
    if comment.author_id != author_id:
        raise CommentNotFound
    return comment


async def _own(session: AsyncSession, comment: Comment) -> OwnCommentRead:
    [own] = await queries.owned(session, [comment])
    return own
