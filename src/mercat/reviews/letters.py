"""What mail about reviews says."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import catalog
from mercat.reviews import queries
from mercat.reviews.lifecycle import Status
from mercat.reviews.models import Review


@dataclass(frozen=True, slots=True)
class ReviewInMail:
    """A review that everybody sees, as mail tells of it."""

    vendor_id: UUID
    author_id: UUID | None
    author: str
    product: str
    rating: int
    title: str
    body: str
    reply: str | None


async def in_mail(session: AsyncSession, review_id: UUID) -> ReviewInMail | None:
    """Return what mail says of a review, which stays so until this transaction ends; None if nobody sees it by now."""
    wanted = select(Review).where(Review.id == review_id, Review.status == Status.published)
    review = await session.scalar(wanted.with_for_update(read=True))
    if review is None:
        return None
    shown = await queries.read(session, review)
    product = (await catalog.glances(session, [review.product_id]))[review.product_id]
    return ReviewInMail(
        vendor_id=review.vendor_id,
        author_id=review.author_id,
        author=shown.author,
        product=product.name,
        rating=review.rating,
        title=review.title,
        body=review.body,
        reply=review.reply,
    )
