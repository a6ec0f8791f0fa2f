"""What mail says: the values of its template, by what happened."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from babel.dates import format_date, format_skeleton
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, i18n, invoices, orders, outbox, payments, payouts, reviews, saved_items, vendors
from mercat.auth.events import AccessChanged, EmailProofAsked, EmailVerified, PasswordResetAsked
from mercat.catalog import stock
from mercat.inventory.events import StockLow
from mercat.invoices import commissions
from mercat.invoices.commissions.events import CommissionInvoiceDrawn
from mercat.invoices.events import InvoiceDrawn
from mercat.kit import clock
from mercat.kit.config import ProcessSettings
from mercat.notifications import links
from mercat.notifications.config import MailSettings
from mercat.notifications.links import Link
from mercat.notifications.models import Mail
from mercat.notifications.order_values import ShownLine, ShownOrder, lines_of, multiline
from mercat.notifications.review_values import ShownReview
from mercat.notifications.rows import Content, Recipient
from mercat.orders import returns
from mercat.orders.events import OrderPlaced, OrderRefunded, VendorOrderCancelled, VendorOrderShipped
from mercat.orders.returns.events import ReturnApproved, ReturnRejected, ReturnRequested
from mercat.payments import refunds
from mercat.payments.events import PaymentFailed, RefundFailed
from mercat.payouts.events import PayoutAccountChanged, PayoutFailed, PayoutPaid
from mercat.reviews.events import ReviewAnswered, ReviewPublished
from mercat.saved_items.events import AlertTriggered
from mercat.vendors.events import MemberInvited

LEFT_ENTIRELY = (orders.Status.shipped, orders.Status.delivered, orders.Status.completed)
AT_THE_LATEST = timedelta(days=14)
"""Within this time a refund is on its card or account: banks name five to ten working days."""
MOST_LINES = 20
"""Variants that a mail names; a feed may have emptied thousands."""


class AboutVendor(Protocol):
    """An event about a vendor."""

    @property
    def vendor_id(self) -> UUID:
        """The vendor."""


async def nothing(_session: AsyncSession, _event: outbox.DomainEvent, _to: Recipient) -> Content:
    """Say what the template says, and the recipient's name."""
    return Content()


async def proof_link(_session: AsyncSession, event: EmailProofAsked, _to: Recipient) -> Content:
    """Return the link that proves an address."""
    purpose = auth.Purpose(event.purpose)
    path = "verify-email" if purpose is auth.Purpose.verify_email else "confirm-email"
    return Content(template=purpose.value, link=Link(path, purpose, event.token_id))


async def reset_link(_session: AsyncSession, event: PasswordResetAsked, _to: Recipient) -> Content:
    """Return the link that sets a new password."""
    return Content(link=Link("reset-password", auth.Purpose.reset_password, event.token_id))


async def access(_session: AsyncSession, event: AccessChanged, _to: Recipient) -> Content:
    """Name the change."""
    return Content(template=event.change)


async def welcome(session: AsyncSession, event: EmailVerified, _to: Recipient) -> Content | None:
    """Greet a person the first time that they prove their address; an index sees to it."""
    greeted = select(exists().where(Mail.user_id == event.user_id, Mail.kind == "welcome"))
    return None if await session.scalar(greeted) else Content({"home": ProcessSettings.read().public_url})


async def invitation(session: AsyncSession, event: MemberInvited, _to: Recipient) -> Content | None:
    """Return the link by which a person joins."""
    asked = await vendors.members.summons(session, event.invitation_id)
    link = Link("join-shop", auth.Purpose.vendor_invitation, event.token_id)
    return Content({"words": {"vendor": asked.vendor}}, link=link) if asked else None


async def about_vendor(session: AsyncSession, event: AboutVendor, _to: Recipient) -> Content:
    """Name the vendor, and the reason where the event has one."""
    vendor = await _vendor(session, event.vendor_id)
    return Content({"words": {"vendor": vendor, "reason": getattr(event, "reason", "")}})


async def order(_session: AsyncSession, _event: outbox.DomainEvent, to: Recipient) -> Content:
    """Return the whole order."""
    return _about_order(to)


async def unpaid_order(_session: AsyncSession, _event: OrderPlaced, to: Recipient) -> Content | None:
    """Say how to pay, to those who have to send the money; all others hear of the order when it is paid."""
    instructions = payments.instructions(to.bought.payment_method)
    if to.bought.payment_status != "pending" or not instructions:
        return None
    bank = multiline(payments.bank_details())
    return _about_order(to, {"instructions": instructions, "bank": bank, "due": to.bought.due})


async def failed_payment(_session: AsyncSession, _event: PaymentFailed, to: Recipient) -> Content | None:
    """Return the order, if it still awaits payment."""
    return _about_order(to) if to.bought.payment_status == "pending" else None


async def refund(session: AsyncSession, event: OrderRefunded, to: Recipient) -> Content:
    """Say how much goes back, and why; of money that could not be used also until when."""
    back = await orders.given_back(session, event.refund_id)
    values: dict[str, object] = {"amount": back.amount, "reason": i18n.translate(to.locale, back.reason)}
    if not back.surplus:
        return _about_order(to, values)
    values["until"] = format_date(clock.now() + AT_THE_LATEST, "long", locale=i18n.cldr(to.locale))
    values["lapsed"] = to.bought.status in (orders.Status.expired, orders.Status.cancelled)
    return _about_order(to, values, "payment_returned")


async def failed_refund(session: AsyncSession, event: RefundFailed, _to: Recipient) -> Content | None:
    """Say which refund has failed, and why: the buyer waits for the money."""
    refund = await refunds.read(session, event.refund_id)
    if refund.status != "failed":
        return None
    number = (await orders.read(session, refund.order_id)).number
    return Content({"amount": refund.amount, "order_number": number, "reason": refund.failure}, {"number": number})


async def shipment(_session: AsyncSession, event: VendorOrderShipped, to: Recipient) -> Content:
    """Return one shipment. If it is the only one and nothing remains to be shipped, the whole order is on its way."""
    sent = [one.id for vendor_order in to.bought.vendor_orders for one in vendor_order.shipments]
    whole = sent == [event.shipment_id] and to.bought.status in LEFT_ENTIRELY
    shown = ShownOrder.of(to.bought, to.locale, only=event.shipment_id, proven=to.proven)
    return _about_order(to, {"order": shown}, "order_shipped" if whole else "vendor_order_shipped")


async def cancelled_lines(_session: AsyncSession, event: VendorOrderCancelled, to: Recipient) -> Content:
    """Return what will not be sent."""
    vendor_order = next(one for one in to.bought.vendor_orders if one.id == event.vendor_order_id)
    return _about_order(to, {"lines": _lines(to.bought, dict.fromkeys(vendor_order.items))})


async def decided_return(session: AsyncSession, event: ReturnApproved | ReturnRejected, to: Recipient) -> Content:
    """Say whether the vendor takes something back, and where to send it."""
    asked = await returns.read(session, event.return_id)
    vendor_order = next(one for one in to.bought.vendor_orders if one.id == asked.vendor_order_id)
    values = {
        "lines": _lines(to.bought, {one.item_id: one.quantity for one in asked.items}),
        "note": asked.history[-1].note,
        "return_address": await _return_address(session, vendor_order.vendor.id, to.locale),
    }
    return _about_order(to, values, "return_rejected" if isinstance(event, ReturnRejected) else "return_approved")


async def invoice(session: AsyncSession, event: InvoiceDrawn, to: Recipient) -> Content:
    """Attach an invoice or a credit note."""
    document = await invoices.attachment_of(session, event.invoice_id)
    values = {"amount": document.total, "order_number": document.order_number, "vendor": document.supplier}
    subject = {"number": document.order_number, "document": document.number}
    values |= {"order_link": links.to_order(to.bought.id)}
    return Content(values, subject, document.kind, invoice_id=event.invoice_id)


async def lines_to_ship(_session: AsyncSession, _event: outbox.DomainEvent, to: Recipient) -> Content:
    """Tell a vendor what to send."""
    values = {"vendor": to.sold.vendor.name, "lines": _lines(to.bought, dict.fromkeys(to.sold.items)), "note": ""}
    return Content(values, {"number": to.bought.number})


async def asked_return(session: AsyncSession, event: ReturnRequested, to: Recipient) -> Content | None:
    """Tell a vendor about a requested return; a withdrawal needs no decision, its goods are on their way."""
    asked = await returns.read(session, event.return_id)
    if asked.status != "requested":
        return None
    lines = _lines(to.bought, {one.item_id: one.quantity for one in asked.items})
    return Content({"vendor": to.sold.vendor.name, "lines": lines, "note": asked.note}, {"number": to.bought.number})


async def alert(session: AsyncSession, event: AlertTriggered, to: Recipient) -> Content | None:
    """Say what is back or costs less."""
    found = await saved_items.in_mail(session, event.alert_id, locale=i18n.other_locale(to.locale))
    if found is None:
        return None
    return Content({"alert": found, "home": ProcessSettings.read().public_url}, {"product": found.product}, found.kind)


async def review(session: AsyncSession, event: ReviewPublished | ReviewAnswered, to: Recipient) -> Content | None:
    """Return a review and what was replied to it, unless it is not shown any more.

    Its author reads the product's name in their own language, its vendor as it was written.
    """
    locale = i18n.other_locale(to.locale) if isinstance(event, ReviewAnswered) else None
    found = await reviews.in_mail(session, event.review_id, locale=locale)
    if found is None or (isinstance(event, ReviewAnswered) and found.reply is None):
        return None
    vendor = await _vendor(session, found.vendor_id)
    values = {"review": ShownReview.of(found), "vendor": vendor}
    return Content(values, {"product": found.product, "vendor": vendor})


async def low_stock(session: AsyncSession, event: StockLow, _to: Recipient) -> Content | None:
    """Say what runs low; what was restocked meanwhile is left out."""
    low = await stock.running_low(session, event.vendor_id, event.variant_ids)
    if not low:
        return None
    vendor = await _vendor(session, event.vendor_id)
    values = {"vendor": vendor, "variants": low[:MOST_LINES], "more": max(len(low) - MOST_LINES, 0)}
    return Content(values, {"vendor": vendor})


async def payout(session: AsyncSession, event: PayoutPaid | PayoutFailed, _to: Recipient) -> Content:
    """Say how much goes where, and why it does not."""
    found = await payouts.read(session, event.payout_id)
    vendor = await _vendor(session, found.vendor_id)
    values = {"vendor": vendor, "amount": found.amount, "account": found.account, "reason": found.failure}
    return Content(values, {"vendor": vendor})


async def payout_account(session: AsyncSession, event: PayoutAccountChanged, _to: Recipient) -> Content:
    """Name the vendor whose money goes elsewhere."""
    return Content({"vendor": await _vendor(session, event.vendor_id)})


async def commission(session: AsyncSession, event: CommissionInvoiceDrawn, to: Recipient) -> Content:
    """Attach what the marketplace has billed."""
    document = await commissions.document_of(session, event.commission_invoice_id)
    month = format_skeleton("yMMMM", document.month.first, locale=i18n.cldr(to.locale))
    vendor = await _vendor(session, document.vendor_id)
    return Content(
        {"vendor": vendor, "amount": document.total, "month": month},
        {"document": document.number},
        f"commission_{document.kind}",
        commission_invoice_id=event.commission_invoice_id,
    )


def _about_order(to: Recipient, more: Mapping[str, object] | None = None, template: str | None = None) -> Content:
    values = {
        "order": ShownOrder.of(to.bought, to.locale, proven=to.proven),
        "order_link": links.to_order(to.bought.id),
    }
    return Content({**values, **(more or {})}, {"number": to.bought.number}, template)


def _lines(order: orders.OrderRead, quantities: Mapping[UUID, int | None]) -> list[ShownLine]:
    """Return lines of an order, with so many units each or all of them."""
    return [
        ShownLine(item.name, item.title, quantities[item.id] or item.quantity, item.line_total)
        for item in order.items
        if item.id in quantities
    ]


async def _return_address(session: AsyncSession, vendor_id: UUID, locale: str) -> Sequence[str]:
    """Return where returns go: to the marketplace, if it says so, or to the vendor's own address."""
    if central := MailSettings.read().return_address:
        return multiline(central)
    known = await vendors.onboarding.record_of(session, vendor_id)
    return lines_of(known.address, locale) if known.address else ()


async def _vendor(session: AsyncSession, vendor_id: UUID) -> str:
    return (await vendors.references(session, [vendor_id]))[vendor_id].name
