"""What mail about reviews says."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, catalog
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


async def in_mail(session: AsyncSession, review_id: UUID, *, locale: str | None = None) -> ReviewInMail | None:
    """Return what mail says of a review; None if it is not visible any more. Its author is not erased meanwhile.

    `locale` is the language of the product's name, None for that of the source. The account is held before the review
    is read, as it is by everybody who locks both.
    """
    author_id = await session.scalar(select(Review.author_id).where(Review.id == review_id))
    if author_id is not None and await auth.hold(session, author_id) is None:
        return None
    review = await session.scalar(select(Review).where(Review.id == review_id, Review.status == Status.published))
    if review is None:
        return None
    shown = await queries.read(session, review)
    product = (await catalog.references(session, [review.product_id], locale=locale))[review.product_id]
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
