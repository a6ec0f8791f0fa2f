"""What reviews know about a person. Their words go with them, and averages follow: words say more than a name does."""

from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import catalog
from mercat.reviews import photo_rows, queries, ratings
from mercat.reviews.models import Review, ReviewReport, ReviewVote
from mercat.reviews.schemas import ReviewRecord
from mercat.reviews.schemas import ReviewReport as ReportedReview


async def record_of(session: AsyncSession, user_id: UUID) -> ReviewRecord:
    """Return a person's reviews, also withdrawn ones, their votes, and their reports."""
    written = await session.scalars(select(Review).where(Review.author_id == user_id).order_by(Review.id))
    helpful = await session.scalars(
        select(ReviewVote.review_id).where(ReviewVote.user_id == user_id).order_by(ReviewVote.review_id)
    )
    reported = await session.scalars(
        select(ReviewReport).where(ReviewReport.user_id == user_id).order_by(ReviewReport.review_id)
    )
    return ReviewRecord(
        written=await queries.owned(session, list(written)),
        found_helpful=list(helpful),
        reported=[ReportedReview.model_validate(row, from_attributes=True) for row in reported],
    )


async def forget(session: AsyncSession, user_id: UUID) -> list[UUID]:
    """Delete what a person wrote, showed, voted and reported, and count anew; returns the reviews that are gone.

    Locks all reviews it touches in key order, then their products; the caller has locked the account.
    """
    voted = select(ReviewVote.review_id).where(ReviewVote.user_id == user_id)
    reported = select(ReviewReport.review_id).where(ReviewReport.user_id == user_id)
    touched = or_(Review.author_id == user_id, Review.id.in_(voted), Review.id.in_(reported))
    found = await session.scalars(
        select(Review).where(touched).order_by(Review.id).with_for_update().execution_options(populate_existing=True)
    )
    own = [review for review in found if review.author_id == user_id]
    await session.execute(
        update(Review)
        .where(Review.id.in_(voted))
        .values(helpful_count=Review.helpful_count - 1, updated_at=Review.updated_at)
    )
    await session.execute(
        update(Review)
        .where(Review.id.in_(reported))
        .values(report_count=func.greatest(Review.report_count - 1, 0), updated_at=Review.updated_at)
    )
    await session.execute(delete(ReviewVote).where(ReviewVote.user_id == user_id))
    await session.execute(delete(ReviewReport).where(ReviewReport.user_id == user_id))
    await photo_rows.let_go(session, [review.id for review in own])
    await session.execute(delete(Review).where(Review.author_id == user_id))
    # one review a product: the constraint sees to it
    gone = {review.product_id: ratings.difference(ratings.counted(review), ratings.NOTHING) for review in own}
    await catalog.rate(session, gone)
    return [review.id for review in own]
