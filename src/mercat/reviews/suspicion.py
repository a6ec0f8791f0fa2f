"""What makes a review suspicious: it then waits for a moderator, and is not rejected for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import clock, spam
from mercat.kit.ids import made_at
from mercat.reviews.config import ReviewSettings
from mercat.reviews.models import Review

MANY, AT_ONCE = 5, timedelta(hours=1)
"""So many reviews by one account in so short a time."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known beside the words."""

    recent: int
    """Other reviews by the same account within `AT_ONCE`."""
    twin: bool
    """Whether another person wrote the same about a product, or its author did about another product."""
    member_since: datetime
    verified: bool


def signals(title: str, body: str, known: Circumstances) -> list[str]:
    """Return what is suspicious about a review, in alphabetical order; nothing, mostly."""
    written = f"{title}\n{body}"
    new_for = timedelta(hours=ReviewSettings.read().reviews_new_account_hours)
    found = {
        "capitals": spam.shouts(written),
        "link": spam.has_link(written),
        "many_at_once": known.recent >= MANY,
        "new_account": not known.verified and clock.now() - known.member_since < new_for,
        "same_text": known.twin,
    }
    return [name for name, is_so in found.items() if is_so]


async def circumstances(session: AsyncSession, review: Review) -> Circumstances:
    """Return what is known about a person's review, which need not be in the database yet."""
    author_id = review.author_id
    elsewhere, since = Review.product_id != review.product_id, clock.now() - AT_ONCE
    recent = await session.scalar(
        select(func.count()).where(Review.author_id == author_id, elsewhere, Review.created_at > since)
    )
    key = spam.text_key(review.body)
    same = exists().where(Review.text_key == key, or_(Review.author_id.is_distinct_from(author_id), elsewhere))
    twin = key is not None and bool(await session.scalar(select(same)))
    member_since = made_at(author_id) if author_id else clock.now()
    return Circumstances(recent or 0, twin, member_since, review.verified)
