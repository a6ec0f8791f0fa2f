"""Vendors' replies to reviews of their products."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.kit import clock
from mercat.kit.conditional import Fields, etag_of, require_match
from mercat.reviews import queries, ratings
from mercat.reviews.events import ReviewAnswered
from mercat.reviews.exceptions import ReviewNotFound
from mercat.reviews.models import Review
from mercat.reviews.schemas import VendorReview
from mercat.vendors import VendorContext

ANSWERED: Fields = {"rating", "title", "body", "reply"}
"""What a reply is based on: votes do not matter."""


async def reply(
    session: AsyncSession, context: VendorContext, review_id: UUID, body: str, *, if_match: str | None = None
) -> VendorReview:
    """Reply to a review, or say something else than before.

    Raises:
        ReviewNotFound: there is no visible one, or it is about another vendor's product.
        PreconditionFailed: its words or its reply were changed since.
    """
    review = await _of_vendor(session, context, review_id)
    if if_match is not None:
        require_match(if_match, etag_of(await queries.read_for_vendor(session, review), ANSWERED))
    before = review.reply
    review.reply, review.replied_at = body, clock.now()
    await session.flush()
    said = {"reply": audit.Change(before, body)}
    await audit.record(session, context.actor, "review.answered", review.id, personal=said)
    if before is None:
        await outbox.publish(session, ReviewAnswered(review_id=review.id))
    return await queries.read_for_vendor(session, review)


async def take_reply_back(session: AsyncSession, context: VendorContext, review_id: UUID) -> None:
    """Delete the vendor's reply; without one nothing changes.

    Raises:
        ReviewNotFound: there is no visible one, or it is about another vendor's product.
    """
    review = await _of_vendor(session, context, review_id)
    if review.reply is None:
        return
    gone = {"reply": audit.Change(review.reply, None)}
    review.reply = review.replied_at = None
    await session.flush()
    await audit.record(session, context.actor, "review.reply_removed", review.id, personal=gone)


async def _of_vendor(session: AsyncSession, context: VendorContext, review_id: UUID) -> Review:
    review = await ratings.published_for_update(session, review_id)
    if review.vendor_id != context.vendor_id:
        raise ReviewNotFound
    return review
