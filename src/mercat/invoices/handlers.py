"""Reactions to what happened to orders."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import i18n, orders, outbox
from mercat.invoices.credit_notes import Returned, ReturnedLine, ReturnedVendorOrder, credit, credited
from mercat.invoices.from_orders import sources_of
from mercat.invoices.issuance import issue
from mercat.orders.events import OrderPaid, OrderRefunded


@outbox.handler("invoices.invoice_order")
async def invoice_order(session: AsyncSession, _event_id: UUID, event: OrderPaid) -> None:
    """Issue an invoice for each vendor order; an existing one stays the only one."""
    await _invoice(session, event.order_id)


@outbox.handler("invoices.credit_order")
async def credit_order(session: AsyncSession, _event_id: UUID, event: OrderRefunded) -> None:
    """Issue a credit note for each vendor order of a refund; the invoice comes first, whichever event did.

    A refund that failed after its credit note was issued is repeated without a second one: the first covers it.
    """
    back = await orders.given_back(session, event.refund_id)
    if not back.shares:  # it was refunded before there was anything to invoice
        return
    await _invoice(session, event.order_id)
    locale = i18n.written((await orders.buyer_of(session, event.order_id))[1])
    order = await orders.read(session, event.order_id)
    sold = orders.originals({item.id: item.replaces for item in order.items})
    lines: dict[UUID, list[ReturnedLine]] = defaultdict(list)
    for share in back.shares:
        if not share.amount.minor:  # units that cost nothing, or of which all was refunded before
            continue
        lines[share.vendor_order_id].append(
            ReturnedLine(
                amount=share.amount.minor,
                tax=share.tax.minor,
                item_id=sold[share.item_id] if share.item_id else None,
                quantity=share.quantity or 1,
                role="item" if share.quantity else "shipping" if share.bucket == "shipping" else "reduction",
            )
        )
    refunded = {vendor_order.id: vendor_order.refunded.minor for vendor_order in order.vendor_orders}
    covered = await credited(session, list(lines), besides=event.refund_id)
    vendor_orders = tuple(
        ReturnedVendorOrder(vendor_order_id, tuple(found))
        for vendor_order_id, found in lines.items()
        if covered.get(vendor_order_id, 0) < refunded[vendor_order_id]
    )
    if vendor_orders:
        await credit(session, Returned(event.refund_id, i18n.translate(locale, back.reason), vendor_orders))


async def invoice_past(session: AsyncSession, order_id: UUID) -> None:
    """Issue the invoices of a backfilled order, without publishing events."""
    await _invoice(session, order_id, told=False)


async def _invoice(session: AsyncSession, order_id: UUID, *, told: bool = True) -> None:
    locale = i18n.written((await orders.buyer_of(session, order_id))[1])
    for source in await sources_of(session, await orders.read(session, order_id), locale):
        await issue(session, source, told=told)
