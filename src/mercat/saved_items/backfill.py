"""Wishlists that were kept elsewhere: brought in as they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.ids import new_id
from mercat.saved_items.models import Wishlist, WishlistItem


@dataclass(frozen=True, slots=True)
class PastWishlistItem:
    """An item of a person's wishlist."""

    product_id: UUID
    note: str
    at: datetime


async def record_past(session: AsyncSession, user_id: UUID, name: str, items: Sequence[PastWishlistItem]) -> None:
    """Write a person's first wishlist, which is their default."""
    found = Wishlist(id=new_id(), user_id=user_id, name=name, is_default=True)
    session.add(found)
    await session.flush()
    session.add_all(
        WishlistItem(id=new_id(), list_id=found.id, product_id=item.product_id, note=item.note, created_at=item.at)
        for item in items
    )
    await session.flush()
