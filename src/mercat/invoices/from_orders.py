"""The only module that knows both orders and documents."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.invoices.document import DocumentLine, DocumentSource
from mercat.invoices.parties import Supplier, buyer_of, supplier_of
from mercat.kit.exchange_rates import FrozenRate
from mercat.orders import OrderItemRead, OrderRead, VendorOrderRead

NAMELESS_VARIANT = "Default"


async def sources_of(session: AsyncSession, order: OrderRead, locale: str) -> Sequence[DocumentSource]:
    """Return what the invoices of an order are made from, one of each vendor, by the vendors' ids."""
    return [
        _source(order, vendor_order, locale, await supplier_of(session, vendor_order.vendor.id, locale))
        for vendor_order in sorted(order.vendor_orders, key=lambda vendor_order: vendor_order.vendor.id)
    ]


def _source(order: OrderRead, vendor_order: VendorOrderRead, locale: str, supplier: Supplier) -> DocumentSource:
    items = [item for item in order.items if item.id in set(vendor_order.items) and item.replaces is None]
    lines = tuple(_line(item) for item in items)
    source = DocumentSource(
        kind="invoice",
        vendor_id=vendor_order.vendor.id,
        order_id=order.id,
        vendor_order_id=vendor_order.id,
        order_number=order.number,
        ordered_on=order.placed_at.date().isoformat(),
        locale=locale,
        currency=order.currency,
        supplier=supplier.party,
        issuer=supplier.issuer,
        buyer=buyer_of(order.billing_address, locale),
        lines=lines,
        shipping=_shipping(vendor_order, lines, order.shipping_method_name),
        prices_include_tax=order.prices_include_tax,
        total=vendor_order.total.minor,
    )
    rate = _rate(order)
    return source if rate is None else source.converted(rate)


def _rate(order: OrderRead) -> FrozenRate | None:
    if order.exchange is None:
        return None
    said = order.exchange
    return FrozenRate(said.total.currency, order.currency, Decimal(said.rate), said.dated, said.source)


def _line(item: OrderItemRead) -> DocumentLine:
    return DocumentLine(
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


def _shipping(vendor_order: VendorOrderRead, lines: Sequence[DocumentLine], method: str) -> DocumentLine | None:
    """Return shipping as a line with the name of its method, taxed like the goods if those have one rate."""
    if not vendor_order.shipping.minor:
        return None
    rates = {line.rate for line in lines}
    discount = vendor_order.discount.minor - sum(line.discount for line in lines)
    return DocumentLine(
        role="shipping",
        detail=method,
        unit_price=vendor_order.shipping.minor,
        discount=discount,
        amount=vendor_order.shipping.minor - discount,
        tax=vendor_order.shipping_tax.minor,
        rate=rates.pop() if len(rates) == 1 and vendor_order.shipping_tax.minor else None,
    )
