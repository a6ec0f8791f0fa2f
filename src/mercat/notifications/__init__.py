"""Telling people what happened.

Owns: mail, from being written to having left; operators' own texts of it.
Calls: reviews, saved_items, invoices, payouts, orders, payments, catalog, inventory, vendors, auth, audit, addresses,
    outbox, i18n.
Publishes: nothing.
Listens: AccessChanged, AlertTriggered, CommissionInvoiceDrawn, EmailChanged, EmailClaimedAgain, EmailProofAsked,
    EmailVerified, InvoiceDrawn, MemberInvited, OrderCancelled, OrderExpired, OrderPaid, OrderPlaced, OrderRefunded,
    OrderShipped, PasswordChanged, PasswordResetAsked, PaymentFailed, PayoutAccountChanged, PayoutFailed, PayoutPaid,
    RefundFailed, ReturnApproved, ReturnRejected, ReturnRequested, ReviewAnswered, ReviewPublished, StockLow,
    VendorApproved, VendorOrderCancelled, VendorOrderShipped, VendorReinstated, VendorRejected, VendorSuspended.
"""

from mercat.notifications import jobs, mail_templates, preview
from mercat.notifications.backfill import RefusedMail, record_refused
from mercat.notifications.config import MailSettings
from mercat.notifications.mail_queue import MailStatus, OutgoingMail, outgoing, retry
from mercat.notifications.personal import MailRecord, forget, record_of
from mercat.notifications.table import handlers

__all__ = [
    "MailRecord",
    "MailSettings",
    "MailStatus",
    "OutgoingMail",
    "RefusedMail",
    "forget",
    "handlers",
    "jobs",
    "mail_templates",
    "outgoing",
    "preview",
    "record_of",
    "record_refused",
    "retry",
]
