"""Reactions to what happened to orders: mail that buyers should get.

A buyer gets one confirmation. Who has to send the money by themselves is told how when the order is placed, and again
when it has come; everybody else hears of the order when it is paid, which is at once, or of what became of it instead.
Who was erased meanwhile gets nothing.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from babel.dates import format_date
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import i18n, invoices, orders, outbox, payments
from mercat.invoices.events import InvoiceDrawn
from mercat.kit import clock
from mercat.notifications.showing import ShownOrder
from mercat.notifications.writing import Draft, write
from mercat.orders.events import OrderCancelled, OrderExpired, OrderPaid, OrderPlaced, OrderRefunded, OrderShipped
from mercat.payments.events import PaymentFailed

AT_THE_LATEST = timedelta(days=14)
"""Within this time money that goes back is on its card or account: banks name five to ten working days."""


@outbox.handler("notifications.confirm_order")
async def confirm_order(session: AsyncSession, event_id: UUID, event: OrderPlaced) -> None:
    """Tell a buyer who has to send the money how to do it; all others are told by `tell_of_payment`."""
    buyer = await orders.buyer_of(session, event.order_id)
    order = await orders.read(session, event.order_id)
    instructions = payments.instructions(order.payment_method)
    if order.payment_status == "pending" and instructions:
        await _write(session, event_id, draft_for(order, "order_placed", buyer, {"instructions": instructions}))


@outbox.handler("notifications.notify_order_paid")
async def tell_of_payment(session: AsyncSession, event_id: UUID, event: OrderPaid) -> None:
    """Confirm an order whose money has come."""
    buyer = await orders.buyer_of(session, event.order_id)
    order = await orders.read(session, event.order_id)
    await _write(session, event_id, draft_for(order, "order_paid", buyer))


@outbox.handler("notifications.notify_order_shipped")
async def tell_of_shipping(session: AsyncSession, event_id: UUID, event: OrderShipped) -> None:
    """Tell the buyer which parcels are coming, and under which numbers."""
    buyer = await orders.buyer_of(session, event.order_id)
    order = await orders.read(session, event.order_id)
    await _write(session, event_id, draft_for(order, "order_shipped", buyer))


@outbox.handler("notifications.notify_order_cancelled")
async def tell_of_cancelling(session: AsyncSession, event_id: UUID, event: OrderCancelled) -> None:
    """Tell the buyer that nothing will be sent."""
    buyer = await orders.buyer_of(session, event.order_id)
    order = await orders.read(session, event.order_id)
    await _write(session, event_id, draft_for(order, "order_cancelled", buyer))


@outbox.handler("notifications.notify_order_expired")
async def tell_of_expiry(session: AsyncSession, event_id: UUID, event: OrderExpired) -> None:
    """Tell the buyer that the order waited too long for the money."""
    buyer = await orders.buyer_of(session, event.order_id)
    order = await orders.read(session, event.order_id)
    await _write(session, event_id, draft_for(order, "order_expired", buyer))


@outbox.handler("notifications.notify_order_refunded")
async def tell_of_refund(session: AsyncSession, event_id: UUID, event: OrderRefunded) -> None:
    """Tell the buyer how much is on its way back, and where it could not be used, why and until when."""
    buyer = await orders.buyer_of(session, event.order_id)
    order = await orders.read(session, event.order_id)
    back = await orders.given_back(session, event.refund_id)
    more: dict[str, Any] = {"amount": back.amount, "reason": i18n.translate(buyer[1], back.reason)}
    if back.surplus:
        more["until"] = format_date(clock.now() + AT_THE_LATEST, "long", locale=buyer[1])
        more["lapsed"] = order.status in (orders.Status.expired, orders.Status.cancelled)
    kind = "payment_returned" if back.surplus else "order_refunded"
    await _write(session, event_id, draft_for(order, kind, buyer, more))


@outbox.handler("notifications.notify_payment_failed")
async def tell_of_failure(session: AsyncSession, event_id: UUID, event: PaymentFailed) -> None:
    """Tell the buyer that money which was on its way did not come."""
    buyer = await orders.buyer_of(session, event.order_id)
    order = await orders.read(session, event.order_id)
    if order.payment_status == "pending":
        await _write(session, event_id, draft_for(order, "payment_failed", buyer))


@outbox.handler("notifications.send_invoice")
async def send_paper(session: AsyncSession, event_id: UUID, event: InvoiceDrawn) -> None:
    """Send the buyer an invoice or a credit note as soon as its file is there."""
    paper = await invoices.attachment_of(session, event.invoice_id)
    user_id, locale = await orders.buyer_of(session, paper.order_id)
    order = await orders.read(session, paper.order_id)
    draft = Draft(
        kind=paper.kind,
        recipient=order.email,
        locale=locale,
        subject={"number": paper.order_number, "paper": paper.number},
        values={"amount": paper.total, "order_number": paper.order_number, "seller": paper.seller},
        user_id=user_id,
        invoice_id=event.invoice_id,
    )
    await _write(session, event_id, draft)


def draft_for(
    order: orders.OrderRead, kind: str, buyer: tuple[UUID | None, str], more: Mapping[str, Any] | None = None
) -> Draft:
    """Return what is to be written to an order's buyer, who is (account, language)."""
    user_id, locale = buyer
    return Draft(
        kind=kind,
        recipient=order.email,
        locale=locale,
        subject={"number": order.number},
        values={"order": ShownOrder.of(order), **(more or {})},
        user_id=user_id,
    )


async def _write(session: AsyncSession, event_id: UUID, draft: Draft) -> None:
    if draft.recipient:
        await write(session, event_id, draft)
