"""Reads of wishlists: one's own, and those whose link one has."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.lists.exceptions import WishlistNotFound
from mercat.lists.looking import shelf
from mercat.lists.models import Wish, Wishlist
from mercat.lists.schemas import ListId, SharedWish, SharedWishlist, WishlistRead, WishlistSummary, WishRead


async def of_person(session: AsyncSession, user_id: UUID | None) -> list[WishlistSummary]:
    """Return somebody's lists, the default first, then the oldest."""
    items = select(func.count()).where(Wish.list_id == Wishlist.id).scalar_subquery()
    rows = await session.execute(
        select(Wishlist, items).where(Wishlist.user_id == user_id).order_by(Wishlist.is_default.desc(), Wishlist.id)
    )
    return [_summary(found, count) for found, count in rows]


async def read(session: AsyncSession, user_id: UUID | None, list_id: ListId) -> WishlistRead:
    """Return one of somebody's lists.

    Raises:
        WishlistNotFound: there is none, or it is somebody else's.
    """
    wanted = Wishlist.is_default if list_id == "default" else Wishlist.id == list_id
    found = await session.scalar(
        select(Wishlist).where(Wishlist.user_id == user_id, wanted).execution_options(populate_existing=True)
    )
    if found is None:
        raise WishlistNotFound
    return (await whole(session, [found]))[0]


async def shared(session: AsyncSession, share_hash: bytes) -> SharedWishlist:
    """Return the list that a link leads to. It says neither whose it is nor what its owner noted.

    Raises:
        WishlistNotFound: none, or not any more.
    """
    found = await session.scalar(select(Wishlist).where(Wishlist.share_hash == share_hash))
    if found is None:
        raise WishlistNotFound
    shown = (await whole(session, [found]))[0]
    return SharedWishlist(
        name=shown.name, items=[SharedWish(product=item.product, variant=item.variant) for item in shown.items]
    )


async def whole(session: AsyncSession, lists: Sequence[Wishlist]) -> list[WishlistRead]:
    """Return lists with what is on them, the newest first."""
    rows = await session.scalars(
        select(Wish)
        .where(Wish.list_id.in_([one.id for one in lists]))
        .order_by(Wish.created_at.desc(), Wish.id.desc())
        .execution_options(populate_existing=True)
    )
    wishes = list(rows)
    now = await shelf(session, [wish.product_id for wish in wishes], [wish.variant_id for wish in wishes])
    items: dict[UUID, list[WishRead]] = {one.id: [] for one in lists}
    for wish in wishes:
        shown = WishRead(
            id=wish.id,
            product=now.product(wish.product_id),
            variant=now.variant(wish.variant_id),
            note=wish.note,
            created_at=wish.created_at,
        )
        items[wish.list_id].append(shown)
    return [WishlistRead(**dict(_summary(one, len(items[one.id]))), items=items[one.id]) for one in lists]


def _summary(found: Wishlist, count: int) -> WishlistSummary:
    return WishlistSummary(
        id=found.id,
        name=found.name,
        is_default=found.is_default,
        item_count=count,
        shared_at=found.shared_at,
        created_at=found.created_at,
    )
