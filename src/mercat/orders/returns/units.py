"""Which units of an order were returned, may be returned, and what is refunded with them. The order is locked."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.orders import replacements, shipments
from mercat.orders.exceptions import OrderItemNotFound, TooManyUnits
from mercat.orders.models import Order, OrderItem, RefundLine, VendorOrder
from mercat.orders.returns.exceptions import SeveralVendors
from mercat.orders.returns.lifecycle import CLOSED_WITHOUT_RETURN, Reason, Status
from mercat.orders.returns.models import Return, ReturnItem
from mercat.payments import refunds


async def require_known(session: AsyncSession, order: Order, wanted: Mapping[UUID, int]) -> None:
    """Reject lines that are not the order's.

    Raises:
        OrderItemNotFound: one of them is not.
    """
    known = set(await session.scalars(select(OrderItem.id).where(OrderItem.order_id == order.id)))
    if unknown := [str(item_id) for item_id in wanted if item_id not in known]:
        raise OrderItemNotFound(items=unknown)


async def require_left(session: AsyncSession, order: Order, wanted: Mapping[UUID, int]) -> None:
    """Reject more units than were bought and are neither returned, nor about to be, nor refunded without a return.

    Of replacement lines only shipped units can be returned.

    Raises:
        TooManyUnits: fewer units of a line remain.
    """
    rows = await session.execute(select(OrderItem.id, OrderItem.quantity).where(OrderItem.order_id == order.id))
    left = Counter(dict(rows.all()))
    unsent = await shipments.unsent_lines(session, order.id)
    left.subtract({line.item_id: line.quantity for line in unsent if line.replaces is not None})
    left.subtract(await _returned(session, order.id))
    left.subtract(await _refunded_otherwise(session, order.id))
    if any(quantity > left[item_id] for item_id, quantity in wanted.items()):
        raise TooManyUnits


async def vendor_order_of(session: AsyncSession, wanted: Mapping[UUID, int]) -> VendorOrder:
    """Return the vendor order of these lines; they are the order's.

    Raises:
        SeveralVendors: more than one.
    """
    of_lines = select(OrderItem.vendor_order_id).where(OrderItem.id.in_(wanted))
    vendor_orders = (await session.scalars(select(VendorOrder).where(VendorOrder.id.in_(of_lines)))).all()
    if len(vendor_orders) > 1:
        raise SeveralVendors
    return vendor_orders[0]


async def of_return(session: AsyncSession, return_id: UUID) -> dict[UUID, int]:
    """Return the units of a return by line."""
    rows = await session.execute(
        select(ReturnItem.order_item_id, ReturnItem.quantity).where(
            ReturnItem.return_id == return_id, ReturnItem.quantity > 0
        )
    )
    return dict(rows.all())


async def count(session: AsyncSession, return_id: UUID, received: Mapping[UUID, int]) -> None:
    """Write down that fewer units were received than a locked return announced; the rest can be returned another time.

    Raises:
        OrderItemNotFound: a line that the return does not have.
        TooManyUnits: more of a line than were announced, or none of any.
    """
    lines = {line.order_item_id: line for line in await session.scalars(of_lines(return_id))}
    if unknown := [str(item_id) for item_id in received if item_id not in lines]:
        raise OrderItemNotFound(items=unknown)
    if any(received.get(item_id, 0) > line.quantity for item_id, line in lines.items()) or not any(received.values()):
        raise TooManyUnits
    for item_id, line in lines.items():
        here = received.get(item_id, 0)
        if here < line.quantity:
            line.asked_quantity, line.quantity = line.quantity, here
    await session.flush()


def of_lines(return_id: UUID) -> Select[ReturnItem]:
    """Return the statement for the lines of a return."""
    return select(ReturnItem).where(ReturnItem.return_id == return_id).order_by(ReturnItem.order_item_id)


async def paid_back(session: AsyncSession, return_id: UUID) -> dict[UUID, int]:
    """Return the units by line of a received return that are refunded: those that nothing replaces."""
    rows = await session.execute(
        select(ReturnItem.order_item_id, ReturnItem.quantity).where(
            ReturnItem.return_id == return_id, ReturnItem.quantity > 0, ReturnItem.replacement_id.is_(None)
        )
    )
    return dict(rows.all())


async def by_variant(session: AsyncSession, units: Mapping[UUID, int]) -> dict[UUID, int]:
    """Return units of lines as units of variants."""
    rows = await session.execute(select(OrderItem.id, OrderItem.variant_id).where(OrderItem.id.in_(units)))
    counted: Counter[UUID] = Counter()
    for item_id, variant_id in rows:
        counted[variant_id] += units[item_id]
    return dict(counted)


async def vendor_orders_withdrawn(
    session: AsyncSession, order: Order, units: Mapping[UUID, int], *, besides: UUID | None = None
) -> frozenset[UUID]:
    """Return the vendor orders of which every unit has been withdrawn with these: those of the return `besides`.

    Exchanged units cannot be withdrawn; what replaced them can.
    Their shipping is refunded too: what the buyer paid for it, which is never less than the law's standard delivery.
    """
    withdrawn = Counter(units)
    rows = await session.execute(
        select(ReturnItem.order_item_id, func.sum(ReturnItem.quantity))
        .join(Return, Return.id == ReturnItem.return_id)
        .where(
            Return.order_id == order.id,
            Return.id.is_distinct_from(besides),
            Return.reason == Reason.withdrawal,
            Return.status.in_((Status.received, Status.refunded)),
        )
        .group_by(ReturnItem.order_item_id)
    )
    withdrawn.update(dict(rows.all()))
    lines = (await session.scalars(select(OrderItem).where(OrderItem.order_id == order.id))).all()
    exchanged = replacements.replaced(lines)
    kept = {line.vendor_order_id for line in lines if withdrawn[line.id] < line.quantity - exchanged[line.id]}
    return frozenset({line.vendor_order_id for line in lines} - kept)


async def _returned(session: AsyncSession, order_id: UUID) -> dict[UUID, int]:
    rows = await session.execute(
        select(ReturnItem.order_item_id, func.sum(ReturnItem.quantity))
        .join(Return, Return.id == ReturnItem.return_id)
        .where(Return.order_id == order_id, Return.status.not_in(CLOSED_WITHOUT_RETURN))
        .group_by(ReturnItem.order_item_id)
    )
    return dict(rows.all())


async def _refunded_otherwise(session: AsyncSession, order_id: UUID) -> dict[UUID, int]:
    of_returns = select(Return.refund_id).where(Return.order_id == order_id, Return.refund_id.is_not(None))
    rows = await session.execute(
        select(RefundLine.order_item_id, func.sum(RefundLine.quantity))
        .join(OrderItem, OrderItem.id == RefundLine.order_item_id)
        .where(
            OrderItem.order_id == order_id,
            RefundLine.refund_id.not_in(of_returns),
            refunds.counts_as_refunded(RefundLine.refund_id),
        )
        .group_by(RefundLine.order_item_id)
    )
    return {item_id: quantity for item_id, quantity in rows if item_id is not None}
