"""Verbs of those who keep wishlists. The list is locked before what is on it."""

import secrets
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import cart
from mercat.auth import Actor
from mercat.cart import CartRead, Holder
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.saved_items.exceptions import (
    AlreadyWished,
    TooManyWishlists,
    WishlistFull,
    WishlistItemNotFound,
    WishlistNotFound,
)
from mercat.saved_items.models import Wishlist, WishlistItem
from mercat.saved_items.product_state import counting_keeper, keeper, thing_on_sale
from mercat.saved_items.schemas import ListId, WishlistItemCreate, WishlistUpdate

MOST_WISHLISTS, MOST_WISHLIST_ITEMS = 50, 500
FIRST_NAME = "Wishlist"
DEFAULT = Wishlist.is_default


async def begin(session: AsyncSession, actor: Actor, name: str) -> UUID:
    """Begin a list, and return which. The first one is the default.

    Raises:
        TooManyWishlists: there are enough.
    """
    user_id = await counting_keeper(session, actor)
    kept = await session.scalar(select(func.count()).where(Wishlist.user_id == user_id))
    if (kept or 0) >= MOST_WISHLISTS:
        raise TooManyWishlists(limit=MOST_WISHLISTS)
    found = await _make_default(session, user_id, name)
    if found is None:
        found = new_id()
        session.add(Wishlist(id=found, user_id=user_id, name=name))
        await session.flush()
    return found


async def change(session: AsyncSession, actor: Actor, list_id: ListId, changes: WishlistUpdate) -> UUID:
    """Rename a list, or make it the default; returns which it is.

    Raises:
        WishlistNotFound: there is none, or it is another person's.
    """
    user_id = await keeper(session, actor)
    if changes.is_default:  # all of them, in key order: two that become the default follow each other
        await session.execute(
            select(Wishlist.id).where(Wishlist.user_id == user_id).order_by(Wishlist.id).with_for_update()
        )
    found = await _for_update(session, user_id, list_id)
    if changes.is_default and not found.is_default:
        await session.execute(update(Wishlist).where(Wishlist.user_id == user_id, DEFAULT).values(is_default=False))
        found.is_default = True
    if changes.name is not None:
        found.name = changes.name
    await session.flush()
    return found.id


async def drop(session: AsyncSession, actor: Actor, list_id: ListId) -> None:
    """Delete a list with all of its items. If it was the default, the oldest other one is.

    Raises:
        WishlistNotFound: there is none, or it is another person's.
    """
    user_id = await keeper(session, actor)
    await session.execute(
        select(Wishlist.id).where(Wishlist.user_id == user_id).order_by(Wishlist.id).with_for_update()
    )
    found = await _for_update(session, user_id, list_id)
    was_default = found.is_default
    await session.delete(found)
    await session.flush()
    if was_default:
        oldest = select(Wishlist.id).where(Wishlist.user_id == user_id).order_by(Wishlist.id).limit(1).scalar_subquery()
        await session.execute(update(Wishlist).where(Wishlist.id == oldest).values(is_default=True))


async def item(session: AsyncSession, actor: Actor, list_id: ListId, new: WishlistItemCreate) -> UUID:
    """Put something that is on sale on a list, and return which; `default` begins a list if there is none.

    Raises:
        WishlistNotFound, ProductNotFound, VariantNotFound: there is none.
        AlreadyWished, WishlistFull: what the names say.
    """
    user_id = await keeper(session, actor)
    await thing_on_sale(session, new.product_id, new.variant_id)
    found = await _for_update(session, user_id, list_id, begin=True)
    held = await session.scalar(select(func.count()).where(WishlistItem.list_id == found.id))
    if (held or 0) >= MOST_WISHLIST_ITEMS:
        raise WishlistFull(limit=MOST_WISHLIST_ITEMS)
    statement = insert(WishlistItem).values(id=new_id(), list_id=found.id, **new.model_dump(), created_at=clock.now())
    if await session.scalar(statement.on_conflict_do_nothing().returning(WishlistItem.id)) is None:
        raise AlreadyWished
    return found.id


async def note(session: AsyncSession, actor: Actor, list_id: ListId, wishlist_item_id: UUID, words: str) -> UUID:
    """Write another note to something on a list, and return which.

    Raises:
        WishlistNotFound, WishlistItemNotFound: there is none.
    """
    user_id = await keeper(session, actor)
    found = await _own_item(session, user_id, list_id, wishlist_item_id)
    found.note = words
    await session.flush()
    return found.list_id


async def unwish(session: AsyncSession, actor: Actor, list_id: ListId, wishlist_item_id: UUID) -> None:
    """Remove an item from a list.

    Raises:
        WishlistNotFound, WishlistItemNotFound: there is none.
    """
    found = await _own_item(session, await keeper(session, actor), list_id, wishlist_item_id)
    await session.delete(found)
    await session.flush()


async def to_cart(
    session: AsyncSession, actor: Actor, list_id: ListId, wishlist_item_id: UUID, *, locale: str | None = None
) -> CartRead:
    """Put a unit of an item into the cart and remove it from the list: both, or neither. Returns the cart.

    Raises:
        WishlistNotFound, WishlistItemNotFound: there is none.
        ChooseVariant: it is a product of several variants.
        NotForSale, CartFull, LineFull, InsufficientStock: see `cart.add`.
    """
    user_id = await keeper(session, actor)
    found = await _own_item(session, user_id, list_id, wishlist_item_id)
    wanted = (
        cart.CartAdd(product_id=found.product_id, quantity=1)
        if found.variant_id is None
        else cart.CartAdd(variant_id=found.variant_id, quantity=1)
    )
    filled = await cart.add(session, Holder(user_id, None), wanted, locale=locale)
    await session.execute(delete(WishlistItem).where(WishlistItem.id == found.id))
    return filled


async def share(session: AsyncSession, actor: Actor, list_id: ListId) -> str:
    """Share a list by a new link; a former link ends. Returns the secret of the link.

    Raises:
        WishlistNotFound: there is none, or it is another person's.
    """
    found = await _for_update(session, await keeper(session, actor), list_id)
    token = secrets.token_urlsafe(24)
    found.share_hash, found.shared_at = hash_of(token), clock.now()
    await session.flush()
    return token


async def unshare(session: AsyncSession, actor: Actor, list_id: ListId) -> None:
    """Stop sharing a list.

    Raises:
        WishlistNotFound: there is none, or it is another person's.
    """
    found = await _for_update(session, await keeper(session, actor), list_id)
    found.share_hash = found.shared_at = None
    await session.flush()


def hash_of(token: str) -> bytes:
    """Hash the secret of a link; it has full entropy, for which a fast hash is enough."""
    return sha256(b"wishlist" + token.encode()).digest()


async def _make_default(session: AsyncSession, user_id: UUID, name: str) -> UUID | None:
    """Begin the default list, unless there is one: the index lets one of two win."""
    statement = insert(Wishlist).values(id=new_id(), user_id=user_id, name=name, is_default=True)
    made: UUID | None = await session.scalar(
        statement.on_conflict_do_nothing(index_elements=["user_id"], index_where=text("is_default")).returning(
            Wishlist.id
        )
    )
    return made


async def _for_update(session: AsyncSession, user_id: UUID, list_id: ListId, *, begin: bool = False) -> Wishlist:
    if begin and list_id == "default":
        await _make_default(session, user_id, FIRST_NAME)
    wanted = DEFAULT if list_id == "default" else Wishlist.id == list_id
    found = await session.scalar(
        select(Wishlist)
        .where(Wishlist.user_id == user_id, wanted)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise WishlistNotFound
    return found


async def _own_item(session: AsyncSession, user_id: UUID, list_id: ListId, wishlist_item_id: UUID) -> WishlistItem:
    on = await _for_update(session, user_id, list_id)
    found = await session.scalar(
        select(WishlistItem).where(WishlistItem.id == wishlist_item_id, WishlistItem.list_id == on.id)
    )
    if found is None:
        raise WishlistItemNotFound
    return found
