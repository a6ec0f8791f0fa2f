"""Reactions to what happened to reviews: mail to the shop's people, and to whoever wrote one.

Who was erased meanwhile gets nothing, and nobody hears of a review that is not seen any more.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, outbox, reviews, vendors
from mercat.notifications.showing_reviews import ShownReview
from mercat.notifications.writing import Draft, write
from mercat.reviews.events import ReviewAnswered, ReviewPublished


@outbox.handler("notifications.notify_review_published")
async def tell_shop_of_review(session: AsyncSession, event_id: UUID, event: ReviewPublished) -> None:
    """Tell the shop's people who answer reviews that there is a new one."""
    review = await reviews.in_mail(session, event.review_id)
    if review is None:
        return
    for user_id in await vendors.people_on_duty(session, review.vendor_id, vendors.Duty.reviews):
        await _write(session, event_id, "new_review", user_id, review)


@outbox.handler("notifications.notify_review_answered")
async def tell_author_of_reply(session: AsyncSession, event_id: UUID, event: ReviewAnswered) -> None:
    """Tell whoever wrote a review what the shop says to it."""
    review = await reviews.in_mail(session, event.review_id)
    if review is not None and review.author_id is not None and review.reply is not None:
        await _write(session, event_id, "review_answered", review.author_id, review)


async def _write(session: AsyncSession, event_id: UUID, kind: str, reader: UUID, review: reviews.ReviewInMail) -> None:
    card = await auth.hold(session, reader)
    if card is None:
        return
    shop = (await vendors.cards(session, [review.vendor_id]))[review.vendor_id].name
    draft = Draft(
        kind=kind,
        recipient=card.email,
        locale=card.locale,
        subject={"product": review.product, "shop_name": shop},
        values={"name": card.name, "review": ShownReview.of(review), "seller": shop},
        user_id=card.id,
    )
    await write(session, event_id, draft)
