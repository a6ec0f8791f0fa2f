"""What comments know about a person. Their words go with them: words say more than a name does."""

from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.content.comments import queries
from mercat.content.comments.models import Comment, CommentReport
from mercat.content.comments.schemas import CommentRecord, ReportedComment


async def record_of(session: AsyncSession, user_id: UUID) -> CommentRecord:
    """Return a person's comments, also those that nobody else sees, and their reports."""
    written = await session.scalars(select(Comment).where(Comment.author_id == user_id).order_by(Comment.id))
    reported = await session.scalars(
        select(CommentReport).where(CommentReport.user_id == user_id).order_by(CommentReport.comment_id)
    )
    return CommentRecord(
        written=await queries.owned(session, list(written)),
        reported=[ReportedComment.model_validate(row, from_attributes=True) for row in reported],
    )


async def forget(session: AsyncSession, user_id: UUID) -> list[UUID]:
    """Delete what a person said and reported; returns the comments that are gone. The caller has locked the account."""
    reported = select(CommentReport.comment_id).where(CommentReport.user_id == user_id)
    await session.execute(select(Comment.id).where(Comment.id.in_(reported)).order_by(Comment.id).with_for_update())
    fewer = update(Comment).where(Comment.id.in_(reported))
    await session.execute(
        fewer.values(report_count=func.greatest(Comment.report_count - 1, 0), updated_at=Comment.updated_at)
    )
    await session.execute(delete(CommentReport).where(CommentReport.user_id == user_id))
    return list(await session.scalars(delete(Comment).where(Comment.author_id == user_id).returning(Comment.id)))
