"""Reads of wishlists: one's own, and those whose link one has."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.saved_items.choice import AS_KEPT, Choice
from mercat.saved_items.exceptions import WishlistNotFound
from mercat.saved_items.models import Wishlist, WishlistItem
from mercat.saved_items.product_state import shelf
from mercat.saved_items.schemas import (
    ListId,
    SharedWishlist,
    SharedWishlistItem,
    WishlistItemRead,
    WishlistRead,
    WishlistSummary,
)


async def of_person(session: AsyncSession, user_id: UUID | None) -> list[WishlistSummary]:
    """Return a person's lists, the default first, then the oldest."""
    items = select(func.count()).where(WishlistItem.list_id == Wishlist.id).scalar_subquery()
    rows = await session.execute(
        select(Wishlist, items).where(Wishlist.user_id == user_id).order_by(Wishlist.is_default.desc(), Wishlist.id)
    )
    return [_summary(found, count) for found, count in rows]


async def read(session: AsyncSession, user_id: UUID | None, list_id: ListId, choice: Choice = AS_KEPT) -> WishlistRead:
    """Return one of a person's lists, with prices and names as they read them.

    Raises:
        WishlistNotFound: there is none, or it is another person's.
    """
    wanted = Wishlist.is_default if list_id == "default" else Wishlist.id == list_id
    found = await session.scalar(
        select(Wishlist).where(Wishlist.user_id == user_id, wanted).execution_options(populate_existing=True)
    )
    if found is None:
        raise WishlistNotFound
    return (await whole(session, [found], choice))[0]


async def shared(session: AsyncSession, share_hash: bytes, choice: Choice = AS_KEPT) -> SharedWishlist:
    """Return the list that a link leads to. It says neither whose it is nor what its owner noted.

    Raises:
        WishlistNotFound: none, or not any more.
    """
    found = await session.scalar(select(Wishlist).where(Wishlist.share_hash == share_hash))
    if found is None:
        raise WishlistNotFound
    shown = (await whole(session, [found], choice))[0]
    return SharedWishlist(
        name=shown.name, items=[SharedWishlistItem(product=item.product, variant=item.variant) for item in shown.items]
    )


async def whole(session: AsyncSession, wishlists: Sequence[Wishlist], choice: Choice = AS_KEPT) -> list[WishlistRead]:
    """Return lists with what is on them, the newest first."""
    rows = await session.scalars(
        select(WishlistItem)
        .where(WishlistItem.list_id.in_([one.id for one in wishlists]))
        .order_by(WishlistItem.created_at.desc(), WishlistItem.id.desc())
        .execution_options(populate_existing=True)
    )
    items = list(rows)
    products, variants = [item.product_id for item in items], [item.variant_id for item in items]
    now = await shelf(session, products, variants, choice)
    shown_items: dict[UUID, list[WishlistItemRead]] = {one.id: [] for one in wishlists}
    for item in items:
        shown = WishlistItemRead(
            id=item.id,
            product=now.product(item.product_id),
            variant=now.variant(item.variant_id),
            note=item.note,
            created_at=item.created_at,
        )
        shown_items[item.list_id].append(shown)
    return [
        WishlistRead(**dict(_summary(one, len(shown_items[one.id]))), items=shown_items[one.id]) for one in wishlists
    ]


def _summary(found: Wishlist, count: int) -> WishlistSummary:
    return WishlistSummary(
        id=found.id,
        name=found.name,
        is_default=found.is_default,
        item_count=count,
        shared_at=found.shared_at,
        created_at=found.created_at,
    )
