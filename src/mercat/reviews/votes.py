"""Readers' votes and reports: a review was helpful, or a moderator should check it."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth import Actor
from mercat.reviews import queries, ratings
from mercat.reviews.exceptions import OwnReview
from mercat.reviews.models import Review, ReviewReport, ReviewVote
from mercat.reviews.schemas import ReportCreate, ReviewRead
from mercat.reviews.service import author_of


async def find_helpful(session: AsyncSession, actor: Actor, review_id: UUID) -> ReviewRead:
    """Vote for a review; a second vote changes nothing.

    Raises:
        ReviewNotFound: there is none that everybody sees.
        OwnReview: it is one's own.
    """
    reader, review = await _read_by(session, actor, review_id)
    vote = insert(ReviewVote).values(review_id=review.id, user_id=reader).on_conflict_do_nothing()
    voted = await session.scalar(vote.returning(ReviewVote.review_id))
    review.helpful_count += voted is not None
    await session.flush()
    return await queries.read(session, review)


async def find_helpful_no_more(session: AsyncSession, actor: Actor, review_id: UUID) -> ReviewRead:
    """Take one's vote back; without one nothing changes.

    Raises:
        ReviewNotFound: there is none that everybody sees.
    """
    reader = await author_of(session, actor)
    review = await ratings.published_for_update(session, review_id)
    gone = delete(ReviewVote).where(ReviewVote.review_id == review.id, ReviewVote.user_id == reader)
    taken = await session.scalar(gone.returning(ReviewVote.review_id))
    review.helpful_count -= taken is not None
    await session.flush()
    return await queries.read(session, review)


async def report(session: AsyncSession, actor: Actor, review_id: UUID, new: ReportCreate) -> None:
    """Ask a moderator to look at a review; once per person.

    Raises:
        ReviewNotFound: there is none that everybody sees.
        OwnReview: it is one's own.
    """
    reader, review = await _read_by(session, actor, review_id)
    said = insert(ReviewReport).values(review_id=review.id, user_id=reader, reason=new.reason, note=new.note)
    told = await session.scalar(said.on_conflict_do_nothing().returning(ReviewReport.review_id))
    if told is None:
        return
    review.report_count += 1
    await session.flush()
    reported = audit.difference({}, {"report": new.reason})
    await audit.record(session, actor, "review.reported", review.id, changes=reported)


async def _read_by(session: AsyncSession, actor: Actor, review_id: UUID) -> tuple[UUID, Review]:
    """Return the reader, and another person's review, locked."""
    reader = await author_of(session, actor)
    review = await ratings.published_for_update(session, review_id)
    if review.author_id == reader:
        raise OwnReview
    return reader, review
