"""Personal data in orders.

An order belongs to the marketplace's books and stays; whose it was and where it went is erased.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import idempotency
from mercat.orders import queries
from mercat.orders.lifecycle import Status
from mercat.orders.models import Order, OrderHistory, Shipment, VendorOrder
from mercat.orders.schemas import OrderRead

OPEN = (Status.pending, Status.paid, Status.processing, Status.shipped)
"""Money or goods are still under way."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """A person with an account; `email`, if they have proven it, is what they bought with as a guest."""

    user_id: UUID
    email: str | None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was blanked, and what it was placed from and by."""

    order_ids: Sequence[UUID]
    cart_ids: Sequence[UUID]
    emails: Sequence[str]
    shipment_ids: Sequence[UUID]


async def unfinished(session: AsyncSession, buyer: Buyer) -> list[str]:
    """Return the numbers of a person's orders of which money or goods are still under way."""
    wanted = select(Order.number).where(bought_by(buyer), Order.status.in_(OPEN)).order_by(Order.placed_at)
    return list(await session.scalars(wanted))


async def record_of(session: AsyncSession, buyer: Buyer) -> list[OrderRead]:
    """Return all of a person's orders as they see them, the oldest first."""
    ids = await session.scalars(select(Order.id).where(bought_by(buyer)).order_by(Order.placed_at, Order.id))
    return await queries.read_many(session, list(ids))


async def forget(session: AsyncSession, buyer: Buyer) -> Forgotten:
    """Blank personal data in a person's orders. Lines, sums, dates and the countries stay."""
    rows = await session.execute(
        select(Order.id, Order.cart_id, Order.email).where(bought_by(buyer)).order_by(Order.id).with_for_update()
    )
    found = list(rows)
    ids = [row.id for row in found]

    def country_of(address: ColumnElement[object]) -> ColumnElement[object]:
        return func.jsonb_build_object("country", address)

    await session.execute(
        update(Order)
        .where(Order.id.in_(ids))
        .values(
            email="",
            guest_key=None,
            shipping_address=country_of(Order.shipping_address["country"]),
            billing_address=country_of(Order.billing_address["country"]),
        )
    )
    await session.execute(update(OrderHistory).where(OrderHistory.order_id.in_(ids)).values(note=""))
    vendor_orders = (
        update(VendorOrder).where(VendorOrder.order_id.in_(ids)).values(tracking=None).returning(VendorOrder.id)
    )
    vendor_order_ids = list(await session.scalars(vendor_orders))
    shipments = update(Shipment).where(Shipment.vendor_order_id.in_(vendor_order_ids))
    blanked = shipments.values(tracking=None, tracking_url=None).returning(Shipment.id)
    shipment_ids = list(await session.scalars(blanked))
    await idempotency.forget(session, [answers_about(vendor_order_id) for vendor_order_id in vendor_order_ids])
    carts = [row.cart_id for row in found if row.cart_id]
    return Forgotten(ids, carts, sorted({row.email for row in found}), shipment_ids)


def answers_about(vendor_order_id: UUID) -> str:
    """Return what principals of stored answers about a vendor order begin with: they hold where it goes."""
    return f"vendor order {vendor_order_id}"


def bought_by(buyer: Buyer) -> ColumnElement[bool]:
    """Return the condition that an order is theirs."""
    own = Order.user_id == buyer.user_id
    if buyer.email is None:
        return own
    return or_(own, and_(Order.user_id.is_(None), func.lower(Order.email) == buyer.email.lower()))
