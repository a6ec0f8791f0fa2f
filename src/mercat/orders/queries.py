"""Reads of orders: who may see which, and what they show."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, vendors
from mercat.auth import Actor, Permission
from mercat.kit.database import driver
from mercat.kit.ids import parse_id
from mercat.kit.sorts import Sorts, numbered_page
from mercat.orders import rendering, rows
from mercat.orders.exceptions import OrderNotFound
from mercat.orders.models import Order, VendorOrder
from mercat.orders.rendering import Audience
from mercat.orders.schemas import (
    OrderListing,
    OrderRead,
)

SORTS = Sorts(Order.id, {"placed_at": Order.placed_at, "total": Order.books_total_minor})


def owns(actor: Actor, order: Order, cart_id: UUID | None) -> bool:
    """Whether the actor bought it: signed in as its buyer, or a guest with the token of the cart it came from."""
    if actor.user_id is not None and order.user_id == actor.user_id:
        return True
    return order.user_id is None and cart_id is not None and order.cart_id == cart_id


async def read(
    session: AsyncSession, order_id: UUID, *, for_staff: bool = False, for_vendors: bool = False
) -> OrderRead:
    """Return an order, all of it; to staff also which colleague did what. The caller has authorised.

    `for_vendors` returns what all its vendors sold, as they see it.
    """
    return (await _load(session, [order_id], Audience.vendor if for_vendors else Audience.of(staff=for_staff)))[0]


async def made_of(session: AsyncSession, cart_id: UUID) -> UUID | None:
    """Return the order that a cart became."""
    return await session.scalar(select(Order.id).where(Order.cart_id == cart_id))


async def read_many(session: AsyncSession, order_ids: Sequence[UUID]) -> list[OrderRead]:
    """Return these orders as their buyers see them, in this order. The caller has authorised."""
    return await _load(session, order_ids)


async def read_vendor_orders(session: AsyncSession, order_ids: Sequence[UUID], vendor_id: UUID) -> list[OrderRead]:
    """Return what one vendor sold in these orders, in this order. The caller has authorised."""
    return await _load(session, order_ids, Audience.vendor, only=[vendor_id])


async def buyer_of(session: AsyncSession, order_id: UUID) -> tuple[UUID | None, str]:
    """Return who ordered, None for a guest, and in which language; nothing is blanked before this transaction ends."""
    row = await session.execute(
        select(Order.user_id, Order.locale).where(Order.id == order_id).with_for_update(read=True)
    )
    user_id, locale = row.one()
    return user_id, locale


async def id_of(session: AsyncSession, id_or_number: str) -> UUID:
    """Return the id of an order by its id or its number; who may see it is another question.

    Raises:
        OrderNotFound: there is no order of this number.
    """
    found = parse_id(id_or_number)
    if found is None:
        found = await session.scalar(select(Order.id).where(Order.number == id_or_number.upper()))
    if found is None:
        raise OrderNotFound
    return found


async def read_for(session: AsyncSession, actor: Actor, order_id: UUID, *, cart_id: UUID | None = None) -> OrderRead:
    """Return an order as far as the actor may see it.

    Raises:
        OrderNotFound: there is none, or the actor may not see it.
    """
    order = await session.get(Order, order_id)
    if order is None:
        raise OrderNotFound
    staff = actor.can(Permission.orders_read)
    if staff or owns(actor, order, cart_id):
        return await read(session, order_id, for_staff=staff)
    vendor_ids = await vendors.ids_of_member(session, actor)
    found = await _load(session, [order_id], Audience.vendor, only=vendor_ids)
    if not found[0].vendor_orders:
        raise OrderNotFound
    return found[0]


async def page(
    session: AsyncSession, actor: Actor, listing: OrderListing, *, buyer: UUID | None = None
) -> tuple[list[OrderRead], int]:
    """Return a numbered page of the orders that the actor may see, and how many there are.

    With `buyer` only what that person bought; the caller has authorised.
    """
    vendor_ids = await _vendor_ids(session, actor, buyer)
    visible = _visible(actor, vendor_ids, listing, buyer)
    found, total = await numbered_page(session, SORTS.ordered(visible, listing.sort), listing.numbered)
    return await _load_for(session, actor, list(found.scalars()), vendor_ids), total


async def by_cursor(
    session: AsyncSession, actor: Actor, listing: OrderListing, *, buyer: UUID | None = None
) -> tuple[list[OrderRead], str | None]:
    """Return a page by cursor, and the cursor of the next one; see `page`."""
    vendor_ids = await _vendor_ids(session, actor, buyer)
    visible = _visible(actor, vendor_ids, listing, buyer)
    found, following = await SORTS.page_after(session, visible, listing.sort, listing)
    return await _load_for(session, actor, [order_id for (order_id,) in found], vendor_ids), following


async def _vendor_ids(session: AsyncSession, actor: Actor, buyer: UUID | None) -> list[UUID]:
    if buyer is not None or not actor.can(Permission.products_sell):
        return []
    return await vendors.ids_of_member(session, actor)


def _visible(actor: Actor, vendor_ids: Sequence[UUID], listing: OrderListing, buyer: UUID | None) -> Select[UUID]:
    statement = select(Order.id).where(_visible_to(actor, vendor_ids) if buyer is None else Order.user_id == buyer)
    return statement.where(Order.status.in_(listing.status)) if listing.status else statement


def _visible_to(actor: Actor, vendor_ids: Sequence[UUID]) -> ColumnElement[bool]:
    if actor.can(Permission.orders_read):
        return true()
    own = Order.user_id == actor.user_id
    if not vendor_ids:
        return own
    sold = exists().where(VendorOrder.order_id == Order.id, VendorOrder.vendor_id.in_(vendor_ids))
    return or_(own, sold)


async def _load_for(
    session: AsyncSession, actor: Actor, order_ids: Sequence[UUID], vendor_ids: Sequence[UUID]
) -> list[OrderRead]:
    """Return these orders in their order; of others' orders only what the actor's vendors sold."""
    staff = actor.can(Permission.orders_read)
    if staff or not vendor_ids:
        return await _load(session, order_ids, Audience.of(staff=staff))
    own = set(await session.scalars(select(Order.id).where(Order.id.in_(order_ids), Order.user_id == actor.user_id)))
    whole = {o.id: o for o in await _load(session, [i for i in order_ids if i in own])}
    others = [i for i in order_ids if i not in own]
    vendor_orders = {o.id: o for o in await _load(session, others, Audience.vendor, only=vendor_ids)}
    return [whole[i] if i in own else vendor_orders[i] for i in order_ids]


async def _load(
    session: AsyncSession,
    order_ids: Sequence[UUID],
    audience: Audience = Audience.buyer,
    *,
    only: Sequence[UUID] | None = None,
) -> list[OrderRead]:
    """Read whole orders in one round trip; with `only`, just what these vendors sold in them."""
    await session.flush()
    whole = await rows.load(await driver(session), order_ids)
    if only is not None:
        whole = [replace(one, vendor_orders=[v for v in one.vendor_orders if v.vendor_id in only]) for one in whole]
    references = [move.actor for one in whole for move in one.history] if audience is Audience.staff else []
    names = await auth.names_behind(session, references)
    found = {one.order.id: rendering.shown(one, audience, names) for one in whole}
    return [found[order_id] for order_id in order_ids if order_id in found]
