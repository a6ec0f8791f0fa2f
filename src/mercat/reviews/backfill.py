"""Reviews that were written elsewhere or long ago: written as they were, without publishing events."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import catalog
from mercat.catalog import RatingChange
from mercat.kit.ids import new_id
from mercat.kit.spam import text_key
from mercat.reviews.lifecycle import Status
from mercat.reviews.models import Review


@dataclass(frozen=True, slots=True)
class PastReview:
    """A review that is published already. Without an `author_id` it keeps its author's original name.

    With `signals` it is not out: a moderator looks at it first.
    """

    product_id: UUID
    author_id: UUID | None
    author_name: str
    rating: int
    title: str
    body: str
    verified: bool
    at: datetime
    reply: str | None = None
    replied_at: datetime | None = None
    signals: tuple[str, ...] = ()


async def record_past(session: AsyncSession, past: Sequence[PastReview]) -> None:
    """Write reviews and count them. Publishes nothing. Reviews of unknown products are left out."""
    products = await catalog.references(session, {review.product_id for review in past})
    given: dict[UUID, RatingChange] = defaultdict(lambda: RatingChange(0, 0))
    for review in past:
        product = products.get(review.product_id)
        if product is None:
            continue
        session.add(_row(review, product.vendor_id))
        if not review.signals:
            before = given[product.id]
            given[product.id] = RatingChange(before.count + 1, before.stars + review.rating)
    await catalog.rate(session, given)


def _row(review: PastReview, vendor_id: UUID) -> Review:
    return Review(
        id=new_id(),
        product_id=review.product_id,
        vendor_id=vendor_id,
        author_id=review.author_id,
        author_name="" if review.author_id else review.author_name,
        rating=review.rating,
        title=review.title,
        body=review.body,
        text_key=text_key(review.body),
        verified=review.verified,
        status=Status.pending if review.signals else Status.published,
        signals=list(review.signals),
        reply=review.reply,
        replied_at=review.replied_at,
        created_at=review.at,
        updated_at=review.replied_at or review.at,
        published_at=None if review.signals else review.at,
    )
