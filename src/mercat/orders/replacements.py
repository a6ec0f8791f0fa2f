"""Replacement lines: units that are sent for returned units, without money.

They cost nothing, so that an order's sums stay what they are. If they are refunded after all, the money is that of the
line that was sold originally.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, catalog
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.orders.models import Order, OrderItem


@dataclass(frozen=True, slots=True)
class Replacement:
    """Units of a variant, read in the language of the order, for as many returned units of a line."""

    item_id: UUID
    variant: catalog.VariantProjection
    quantity: int


def as_sold(lines: Iterable[OrderItem]) -> Mapping[UUID, OrderItem]:
    """Return for each line of an order the one that was sold: itself, or what it replaces in the end."""
    known = {line.id: line for line in lines}
    first = originals({line.id: line.replaces_id for line in known.values()})
    return {item_id: known[original] for item_id, original in first.items()}


def originals(replaces: Mapping[UUID, UUID | None]) -> Mapping[UUID, UUID]:
    """Return the line that each one replaces in the end, itself where it replaces none."""

    def first(item_id: UUID) -> UUID:
        former = replaces[item_id]
        return item_id if former is None else first(former)

    return {item_id: first(item_id) for item_id in replaces}


def replaced(lines: Iterable[OrderItem]) -> Counter[UUID]:
    """Return how many units of lines of an order were replaced by others, or are about to be."""
    counted: Counter[UUID] = Counter()
    for line in lines:
        if line.replaces_id is not None:
            counted[line.replaces_id] += line.quantity
    return counted


async def write(session: AsyncSession, actor: Actor, order: Order, new: Replacement) -> UUID:
    """Write a line that replaces units of another one of a locked order; returns it. The stock is reserved already."""
    former = await session.get_one(OrderItem, new.item_id)
    last = await session.scalar(select(func.max(OrderItem.position)).where(OrderItem.order_id == order.id))
    line = OrderItem(
        id=new_id(),
        order_id=order.id,
        vendor_order_id=former.vendor_order_id,
        position=(last or 0) + 1,
        product_id=new.variant.product_id,
        variant_id=new.variant.id,
        sku=new.variant.sku,
        name=new.variant.name,
        title=new.variant.title,
        translated_name=new.variant.translated_name,
        translated_title=new.variant.translated_title,
        image_url=new.variant.image_url,
        quantity=new.quantity,
        unit_price_minor=0,
        line_total_minor=0,
        replaces_id=former.id,
    )
    session.add(line)
    order.updated_at = clock.now()
    await session.flush()
    written = {"order_id": order.id, "replaces": former.id, "variant_id": new.variant.id, "quantity": new.quantity}
    await audit.record(session, actor, "order_item.replaced", line.id, changes=audit.difference({}, written))
    return line.id
