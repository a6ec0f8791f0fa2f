"""All mail, one row each: which event leads to which template, recipients and values.

A new mail is a row here and a template of the row's name, as HTML and as text. Those of
`messages` have their sentences there.
"""

from collections.abc import Mapping
from typing import Any

from mercat import outbox
from mercat.auth import Permission
from mercat.auth.events import (
    ACCESS_CHANGES,
    AccessChanged,
    EmailChanged,
    EmailClaimedAgain,
    EmailProofAsked,
    EmailVerified,
    PasswordChanged,
    PasswordResetAsked,
)  # fmt: skip
from mercat.inventory.events import StockLow
from mercat.invoices.commissions.events import CommissionInvoiceDrawn
from mercat.invoices.events import InvoiceDrawn
from mercat.notifications import contents, recipients
from mercat.notifications.rows import Row, messages
from mercat.orders.events import (
    OrderCancelled,
    OrderExpired,
    OrderPaid,
    OrderPlaced,
    OrderRefunded,
    OrderShipped,
    VendorOrderCancelled,
    VendorOrderShipped,
)  # fmt: skip
from mercat.orders.returns.events import ReturnApproved, ReturnRejected, ReturnRequested
from mercat.payments.events import PaymentFailed, RefundFailed
from mercat.payouts.events import PayoutAccountChanged, PayoutFailed, PayoutPaid
from mercat.reviews.events import ReviewAnswered, ReviewPublished
from mercat.saved_items.events import AlertTriggered
from mercat.vendors import VendorPermission
from mercat.vendors.events import MemberInvited, VendorApproved, VendorReinstated, VendorRejected, VendorSuspended

SHIPPED = "Your order {number} is on its way"

MAILS: tuple[Row[Any], ...] = (
    # accounts
    Row(EmailProofAsked, "send_verification_link", messages("verify_email", "change_email"),
        recipients.address_to_prove, contents.proof_link),
    Row(PasswordResetAsked, "send_reset_link", messages("reset_password"), recipients.account, contents.reset_link),
    Row(EmailChanged, "notify_former_address", messages("email_changed"), recipients.former_address, contents.nothing),
    Row(EmailClaimedAgain, "notify_address_claimed", messages("email_claimed_again"),
        recipients.account, contents.nothing),
    Row(PasswordChanged, "notify_password_changed", messages("password_changed"), recipients.account, contents.nothing),
    Row(AccessChanged, "notify_access_changed", messages(*ACCESS_CHANGES), recipients.account, contents.access),
    Row(EmailVerified, "welcome", {"welcome": "Welcome to {marketplace}"}, recipients.account, contents.welcome),
    # buyers
    Row(OrderPlaced, "confirm_order", {"order_placed": "Your order {number}"}, recipients.buyer, contents.unpaid_order),
    Row(OrderPaid, "notify_order_paid", {"order_paid": "Your order {number} is confirmed"},
        recipients.buyer, contents.order),
    Row(PaymentFailed, "notify_payment_failed",
        {"payment_failed": "The payment of your order {number} did not go through"},
        recipients.buyer, contents.failed_payment),
    Row(OrderCancelled, "notify_order_cancelled", {"order_cancelled": "Your order {number} was cancelled"},
        recipients.buyer, contents.order),
    Row(OrderExpired, "notify_order_expired", {"order_expired": "Your order {number} has expired"},
        recipients.buyer, contents.order),
    Row(OrderRefunded, "notify_order_refunded", {
        "order_refunded": "Money back for your order {number}",
        "payment_returned": "Your payment for order {number} goes back",
    }, recipients.buyer, contents.refund),
    Row(OrderShipped, "notify_order_shipped", {"order_shipped": SHIPPED}, recipients.buyer, contents.order),
    Row(VendorOrderShipped, "notify_vendor_order_shipped",
        {"vendor_order_shipped": "A shipment of your order {number} is on its way", "order_shipped": SHIPPED},
        recipients.buyer, contents.shipment),
    Row(VendorOrderCancelled, "notify_vendor_order_cancelled",
        {"vendor_order_cancelled": "A part of your order {number} was cancelled"},
        recipients.buyer, contents.cancelled_lines),
    Row((ReturnApproved, ReturnRejected), "notify_return_decided", {
        "return_approved": "You can send your return of order {number}",
        "return_rejected": "About your return of order {number}",
    }, recipients.buyer, contents.decided_return),
    Row(InvoiceDrawn, "send_invoice", {
        "invoice": "Invoice {document} for your order {number}",
        "credit_note": "Credit note {document} for your order {number}",
    }, recipients.buyer_of_invoice, contents.invoice),
    Row(AlertTriggered, "notify_alert",
        {"back_in_stock": "{product} is back", "price_drop": "{product} costs less now"},
        recipients.waiting, contents.alert),
    Row(ReviewAnswered, "notify_review_answered", {"review_answered": "{vendor} has replied to your review"},
        recipients.author, contents.review),
    # operators
    Row(RefundFailed, "notify_refund_failed", {"refund_failed": "A refund for order {number} has failed"},
        recipients.operators(Permission.orders_refund), contents.failed_refund),
    # vendors
    Row(OrderPaid, "notify_vendors_of_order", {"new_order": "New order {number}"},
        recipients.vendors_of_order, contents.lines_to_ship),
    Row(ReturnRequested, "notify_vendor_of_return",
        {"new_return": "A return of order {number} waits for your decision"},
        recipients.vendor_of_return, contents.asked_return),
    Row(ReviewPublished, "notify_review_published", {"new_review": "A new review of {product}"},
        recipients.vendor_of_review, contents.review),
    Row(StockLow, "notify_stock_low", {"low_stock": "Stock runs low at {vendor}"},
        recipients.vendor(VendorPermission.stock), contents.low_stock),
    Row(PayoutPaid, "notify_payout_paid", {"payout_paid": "A payout for {vendor}"},
        recipients.vendor_of_payout, contents.payout),
    Row(PayoutFailed, "notify_payout_failed", {"payout_failed": "A payout for {vendor} has failed"},
        recipients.vendor_of_payout, contents.payout),
    Row(PayoutAccountChanged, "notify_payout_account_changed", messages("payout_account_changed"),
        recipients.vendor(VendorPermission.payouts), contents.payout_account),
    Row(CommissionInvoiceDrawn, "send_commission_invoice", {
        "commission_invoice": "Invoice {document} over commission",
        "commission_credit_note": "Credit note {document} over commission",
    }, recipients.vendor_of_commission, contents.commission),
    Row(MemberInvited, "invite_member", messages("vendor_invitation"), recipients.invited, contents.invitation),
    Row(VendorApproved, "notify_vendor_approved", messages("vendor_approved"),
        recipients.owners, contents.about_vendor),
    Row(VendorRejected, "notify_vendor_rejected", messages("vendor_rejected"),
        recipients.owners, contents.about_vendor),
    Row(VendorSuspended, "notify_vendor_suspended", messages("vendor_suspended"),
        recipients.owners, contents.about_vendor),
    Row(VendorReinstated, "notify_vendor_reinstated", messages("vendor_reinstated"),
        recipients.owners, contents.about_vendor),
)  # fmt: skip

SUBJECTS: Mapping[str, str] = {template: subject for row in MAILS for template, subject in row.templates.items()}
"""Template -> its subject in English."""


def handlers() -> dict[type[outbox.DomainEvent], tuple[outbox.Handler[Any], ...]]:
    """Return what the worker runs for each event."""
    found: dict[type[outbox.DomainEvent], tuple[outbox.Handler[Any], ...]] = {}
    for row in MAILS:
        handler = row.handler()
        for event in row.events if isinstance(row.events, tuple) else (row.events,):
            found[event] = (*found.get(event, ()), handler)
    return found
