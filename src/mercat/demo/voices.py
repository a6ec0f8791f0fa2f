"""Letting the demo's buyers say what they think of what they got, and wish for more."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import lists, reviews
from mercat.demo import content


async def load_voices(session: AsyncSession, products: Mapping[str, UUID], buyer: UUID, today: datetime) -> int:
    """Write the reviews and the wishlist that `content` has, and return how many reviews; `products` are by handle."""
    said = content.reviews(today)
    await reviews.record_past(session, [_review(one, products, buyer, today) for one in said])
    wished = [
        lists.PastWish(products[wish.handle], wish.note, today - timedelta(days=n + 1))
        for n, wish in enumerate(content.wishes())
    ]
    await lists.record_past(session, buyer, "Wishlist", wished)
    return len(said)


def _review(
    said: content.ReviewContent, products: Mapping[str, UUID], buyer: UUID, today: datetime
) -> reviews.PastReview:
    person = content.PEOPLE[said.buyer_index]
    at = today - timedelta(days=said.days_ago, minutes=7 * said.buyer_index)
    return reviews.PastReview(
        product_id=products[said.handle],
        author_id=buyer if person.email == content.ACCOUNTS["buyer"].email else None,
        author_name=f"{person.first_name} {person.last_name}",
        rating=said.rating,
        title=said.title,
        body=said.body,
        verified=True,
        at=at,
        reply=said.reply,
        replied_at=at + timedelta(hours=9) if said.reply else None,
    )
