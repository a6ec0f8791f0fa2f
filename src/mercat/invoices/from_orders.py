"""The one place that knows both orders and papers."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.invoices.paper import PaperLine, PaperSource
from mercat.invoices.parties import Supplier, buyer_of, supplier_of
from mercat.orders import OrderItemRead, OrderRead, VendorOrderRead

NAMELESS_VARIANT = "Default"


async def sources_of(session: AsyncSession, order: OrderRead, locale: str) -> Sequence[PaperSource]:
    """Return what the invoices of an order are made from, one of each vendor, by the vendors' ids."""
    return [
        _source(order, part, locale, await supplier_of(session, part.vendor.id, locale))
        for part in sorted(order.vendor_orders, key=lambda part: part.vendor.id)
    ]


def _source(order: OrderRead, part: VendorOrderRead, locale: str, supplier: Supplier) -> PaperSource:
    items = [item for item in order.items if item.id in set(part.items) and item.replaces is None]
    lines = tuple(_line(item) for item in items)
    return PaperSource(
        kind="invoice",
        vendor_id=part.vendor.id,
        order_id=order.id,
        vendor_order_id=part.id,
        order_number=order.number,
        ordered_on=order.placed_at.date().isoformat(),
        locale=locale,
        currency=order.currency,
        seller=supplier.seller,
        issuer=supplier.issuer,
        buyer=buyer_of(order.billing_address, locale),
        lines=lines,
        shipping=_shipping(part, lines),
        prices_include_tax=order.prices_include_tax,
        total=part.total.minor,
    )


def _line(item: OrderItemRead) -> PaperLine:
    return PaperLine(
        item_id=item.id,
        name=item.name,
        detail="" if item.title == NAMELESS_VARIANT else item.title,
        quantity=item.quantity,
        unit_price=item.unit_price.minor,
        discount=item.discount.minor,
        amount=item.line_total.minor - item.discount.minor,
        tax=item.tax.minor,
        rate=None if Decimal(item.tax_rate) == 0 else item.tax_rate,
    )


def _shipping(part: VendorOrderRead, lines: Sequence[PaperLine]) -> PaperLine | None:
    """Return shipping as a line, taxed like the goods if those have one rate."""
    if not part.shipping.minor:
        return None
    rates = {line.rate for line in lines}
    discount = part.discount.minor - sum(line.discount for line in lines)
    return PaperLine(
        role="shipping",
        unit_price=part.shipping.minor,
        discount=discount,
        amount=part.shipping.minor - discount,
        tax=part.shipping_tax.minor,
        rate=rates.pop() if len(rates) == 1 and part.shipping_tax.minor else None,
    )
