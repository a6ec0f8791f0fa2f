"""What makes a review suspicious: it then waits for a moderator, and is not rejected for it."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import clock
from mercat.kit.ids import made_at
from mercat.reviews.config import ReviewSettings
from mercat.reviews.models import Review

MANY, AT_ONCE = 5, timedelta(hours=1)
"""So many reviews by one account in so short a time."""
LETTERS, SHOUTED = 20, 0.7
"""Of a text with so many letters, the share of capitals from which on it shouts."""
LONG_ENOUGH = 20
"""Shorter texts may well be the same: "Great, thank you!"."""
LINK = re.compile(
    r"https?:|www\.|\b[\w-]{2,}\.(?:com|net|org|info|biz|shop|store|site|online|xyz|top|ru|cn|io|ly|de|fr|uk|co|me)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known beside the words."""

    recent: int
    """Other reviews by the same account within `AT_ONCE`."""
    twin: bool
    """Whether another person wrote the same about a product, or its author did about another product."""
    member_since: datetime
    verified: bool


def text_key(body: str) -> bytes | None:
    """Return the key by which texts are compared: the words, whatever their case and what is between them."""
    words = " ".join(re.findall(r"\w+", body.casefold()))
    return sha256(words.encode()).digest() if len(words) >= LONG_ENOUGH else None


def signals(title: str, body: str, known: Circumstances) -> list[str]:
    """Return what is suspicious about a review, in alphabetical order; nothing, mostly."""
    written = f"{title}\n{body}"
    new_for = timedelta(hours=ReviewSettings.read().reviews_new_account_hours)
    found = {
        "capitals": _shouts(written),
        "link": LINK.search(written) is not None,
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
    key = text_key(review.body)
    same = exists().where(Review.text_key == key, or_(Review.author_id.is_distinct_from(author_id), elsewhere))
    twin = key is not None and bool(await session.scalar(select(same)))
    member_since = made_at(author_id) if author_id else clock.now()
    return Circumstances(recent or 0, twin, member_since, review.verified)


def _shouts(text: str) -> bool:
    capitals, small = sum(c.isupper() for c in text), sum(c.islower() for c in text)
    return capitals + small >= LETTERS and capitals > SHOUTED * (capitals + small)
