"""Exchanges: other variants for returned units, at the same price: no money moves, and no tax changes.

They are reserved from the approval on, and become lines of the order when the goods are received.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import catalog, inventory
from mercat.auth import Actor
from mercat.kit.money import Money
from mercat.orders import replacements
from mercat.orders.lifecycle import LEFT, Status
from mercat.orders.models import Order, OrderItem, VendorOrder
from mercat.orders.refunds import refund_requests
from mercat.orders.replacements import Replacement
from mercat.orders.returns.exceptions import NotReturnable, UnevenExchange
from mercat.orders.returns.models import Return, ReturnItem


async def require_even(session: AsyncSession, order: Order, exchange_variants: Mapping[UUID, UUID]) -> None:
    """Reject variants, by line of the order, that are not simply another of the same product.

    The line's price counts, per unit and before discounts; of a line that replaces another, that of the other one.

    Raises:
        UnevenExchange: another product or vendor, another price by now, or not on sale.
    """
    if not exchange_variants:
        return
    lines = (await session.scalars(select(OrderItem).where(OrderItem.order_id == order.id))).all()
    sold = replacements.as_sold(lines)
    found = await catalog.variants(session, list(exchange_variants.values()))
    uneven = [
        str(variant_id)
        for item_id, variant_id in exchange_variants.items()
        if not _even(found.get(variant_id), sold[item_id], order.currency)
    ]
    if uneven:
        raise UnevenExchange(variants=uneven)


async def wanted(session: AsyncSession, sent_back: Return) -> dict[UUID, int]:
    """Return how many units of which variants a return brings its buyer; none are written into the order yet."""
    counted: Counter[UUID] = Counter()
    for item, variant_id in await _open(session, sent_back):
        counted[variant_id] += item.quantity
    return dict(counted)


async def promise(session: AsyncSession, actor: Actor, order: Order, sent_back: Return) -> None:
    """Reserve what a locked return, approved now, brings its buyer. Locks the stock levels.

    Raises:
        NotReturnable: all of the money was refunded meanwhile.
        InsufficientStock: there are fewer units.
    """
    units = await wanted(session, sent_back)
    if not units:
        return
    status = await _stands(session, sent_back)
    if status not in LEFT:
        raise NotReturnable(status=status.value)
    country = order.shipping_address.get("country")
    await inventory.reserve(session, order.id, units, actor=actor.reference, country=country)
    await inventory.confirm(session, order.id)


async def replace(session: AsyncSession, actor: Actor, order: Order, sent_back: Return) -> dict[UUID, int]:
    """Write the replacements of a locked, received return into its order, to be shipped.

    Returns:
        What is not replaced, by variant: its units were refunded since the approval. Its stock is still reserved;
        `release` it last, for the lock of the levels.
    """
    items = await _open(session, sent_back)
    left = await refund_requests.left_of_lines(session, order) if items else {}
    goes_on = await _stands(session, sent_back) in LEFT
    variant_ids = [variant_id for _, variant_id in items]
    projections = await catalog.variants(session, variant_ids, locale=order.text_locale)
    fallen_away: Counter[UUID] = Counter()
    for item, variant_id in items:
        if goes_on and variant_id in projections and item.quantity <= left[item.order_item_id]:
            new = Replacement(item.order_item_id, projections[variant_id], item.quantity)
            item.replacement_id = await replacements.write(session, actor, order, new)
        else:
            fallen_away[variant_id] += item.quantity
    await session.flush()
    return dict(fallen_away)


async def release(session: AsyncSession, actor: Actor, order: Order, units: Mapping[UUID, int]) -> None:
    """Release reserved units, as far as they are reserved: an order that was refunded in full reserves none."""
    held = await inventory.promised(session, order.id) if units else {}
    free = {variant: min(count, held[variant]) for variant, count in units.items() if variant in held}
    if free:
        await inventory.release(session, order.id, actor=actor.reference, units=free)


def _even(variant: catalog.VariantProjection | None, sold: OrderItem, currency: str) -> bool:
    return (
        variant is not None
        and variant.on_sale
        and variant.product_id == sold.product_id
        and variant.price == Money(sold.unit_price_minor, currency)
    )


async def _open(session: AsyncSession, sent_back: Return) -> Sequence[tuple[ReturnItem, UUID]]:
    of_return = ReturnItem.return_id == sent_back.id, ReturnItem.replacement_id.is_(None), ReturnItem.quantity > 0
    rows = await session.scalars(select(ReturnItem).where(*of_return).order_by(ReturnItem.order_item_id))
    return [(item, item.exchange_variant_id) for item in rows if item.exchange_variant_id is not None]


async def _stands(session: AsyncSession, sent_back: Return) -> Status:
    vendor_order = await session.get_one(VendorOrder, sent_back.vendor_order_id, populate_existing=True)
    return Status(vendor_order.status)
