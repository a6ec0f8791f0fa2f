"""Wishlists that were kept elsewhere: brought in as they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.ids import new_id
from mercat.lists.models import Wish, Wishlist


@dataclass(frozen=True, slots=True)
class PastWish:
    """Something that somebody put on a list."""

    product_id: UUID
    note: str
    at: datetime


async def record_past(session: AsyncSession, user_id: UUID, name: str, wishes: Sequence[PastWish]) -> None:
    """Write somebody's first list, which is their default."""
    found = Wishlist(id=new_id(), user_id=user_id, name=name, is_default=True)
    session.add(found)
    await session.flush()
    session.add_all(
        Wish(id=new_id(), list_id=found.id, product_id=wish.product_id, note=wish.note, created_at=wish.at)
        for wish in wishes
    )
    await session.flush()
