"""Letting the demo's buyers say what they think of what they got, and save more for later."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from operator import attrgetter
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import reviews, saved_items
from mercat.demo.content import Content, Review


async def load_voices(
    session: AsyncSession, content: Content, products: Mapping[str, UUID], buyer: UUID, today: datetime
) -> None:
    """Write the reviews and the wishlist of `content`; `products` are ids by slug."""
    said = [_review(content, one, products[one.product], buyer, today) for one in content.reviews]
    await reviews.record_past(session, sorted(said, key=attrgetter("at")))
    wished = [
        saved_items.PastWishlistItem(products[item.product], item.note, today - timedelta(days=n + 1))
        for n, item in enumerate(content.wishlist)
    ]
    await saved_items.record_past(session, buyer, "Wishlist", wished)


def _review(content: Content, said: Review, product: UUID, buyer: UUID, today: datetime) -> reviews.PastReview:
    order = content.orders[said.order]
    person = content.people[order.buyer]
    at = today - timedelta(days=max(1, order.age(today) - said.days_after), minutes=7 * order.buyer)
    return reviews.PastReview(
        product_id=product,
        author_id=None if order.buyer else buyer,
        author_name=person.name,
        rating=said.rating,
        title=said.title,
        body=said.body,
        verified=True,
        at=at,
        reply=said.reply,
        replied_at=at + timedelta(hours=9) if said.reply else None,
        signals=said.signals,
    )
