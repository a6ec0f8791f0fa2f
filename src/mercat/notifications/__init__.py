"""Telling people what happened.

Owns: mail, from being written to having left.
Calls: invoices, payouts, orders, payments, vendors, auth, audit, i18n, outbox.
Publishes: nothing.
Listens: OrderPlaced, OrderPaid, OrderShipped, OrderCancelled, OrderExpired, OrderRefunded, PaymentFailed, InvoiceDrawn,
    EmailProofAsked, EmailVerified, EmailChanged, EmailClaimedAgain, PasswordResetAsked, PasswordChanged, AccessChanged,
    PayoutPaid, PayoutFailed, PayoutAccountChanged.
"""

from mercat.notifications import jobs, preview
from mercat.notifications.config import MailSettings
from mercat.notifications.handlers import (
    send_proof_link,
    send_reset_link,
    tell_former_address,
    tell_of_access,
    tell_of_claim,
    tell_of_password,
    welcome,
)
from mercat.notifications.order_handlers import (
    confirm_order,
    send_paper,
    tell_of_cancelling,
    tell_of_expiry,
    tell_of_failure,
    tell_of_payment,
    tell_of_refund,
    tell_of_shipping,
)
from mercat.notifications.outgoing import MailStatus, OutgoingMail, outgoing, retry
from mercat.notifications.payout_handlers import tell_of_failed_payout, tell_of_payout, tell_of_payout_account
from mercat.notifications.personal import MailRecord, forget, record_of

__all__ = [
    "MailRecord",
    "MailSettings",
    "MailStatus",
    "OutgoingMail",
    "confirm_order",
    "forget",
    "jobs",
    "outgoing",
    "preview",
    "record_of",
    "retry",
    "send_paper",
    "send_proof_link",
    "send_reset_link",
    "tell_former_address",
    "tell_of_access",
    "tell_of_cancelling",
    "tell_of_claim",
    "tell_of_expiry",
    "tell_of_failed_payout",
    "tell_of_failure",
    "tell_of_password",
    "tell_of_payment",
    "tell_of_payout",
    "tell_of_payout_account",
    "tell_of_refund",
    "tell_of_shipping",
    "welcome",
]
