"""Statuses of reviews, and their effect on products: the only module that counts ratings."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import catalog, outbox
from mercat.catalog import RatingChange
from mercat.kit import clock
from mercat.reviews.events import ReviewPublished
from mercat.reviews.exceptions import ReviewNotFound
from mercat.reviews.lifecycle import Status
from mercat.reviews.models import Review

NOTHING = RatingChange(0, 0)


async def for_update(session: AsyncSession, review_id: UUID) -> Review:
    """Return a review, locked and as it is now.

    Raises:
        ReviewNotFound: there is none.
    """
    locked = select(Review).where(Review.id == review_id).with_for_update()
    review = await session.scalar(locked.execution_options(populate_existing=True))
    if review is None or review.status == Status.withdrawn:
        raise ReviewNotFound
    return review


async def published_for_update(session: AsyncSession, review_id: UUID) -> Review:
    """Return a review that everybody sees, locked.

    Raises:
        ReviewNotFound: there is none.
    """
    review = await for_update(session, review_id)
    if review.status != Status.published:
        raise ReviewNotFound
    return review


def counted(review: Review) -> RatingChange:
    """Return what a review in its status adds to the ratings of its product."""
    return RatingChange(1, review.rating) if review.status == Status.published else NOTHING


def difference(before: RatingChange, after: RatingChange) -> RatingChange:
    """Return what is to be added for a review that counted so before and counts so now."""
    return RatingChange(after.count - before.count, after.stars - before.stars)


async def settle(session: AsyncSession, review: Review, before: RatingChange = NOTHING) -> None:
    """Count a locked review by its current status, and publish one that is visible for the first time.

    Locks the product. `before` is what it counted before it was changed.
    """
    first = review.status == Status.published and review.published_at is None
    if first:
        review.published_at = clock.now()
    await session.flush()
    await catalog.rate(session, {review.product_id: difference(before, counted(review))})
    if first:
        await outbox.publish(session, ReviewPublished(review_id=review.id))
