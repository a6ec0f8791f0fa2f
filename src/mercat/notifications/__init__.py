"""Telling people what happened.

Owns: mail, from being written to having left.
Calls: reviews, lists, catalog, invoices, orders, payments, vendors, auth, audit, i18n, outbox.
Publishes: nothing.
Listens: to most of what happens to orders, their parts, payments, papers, returns, reviews, alerts, shops and accounts;
    see `worker.REACTIONS`.
"""

from mercat.notifications import jobs, preview
from mercat.notifications.alert_handlers import tell_of_alert
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
from mercat.notifications.part_handlers import answer_return, tell_of_parcel, tell_of_part_cancelled
from mercat.notifications.personal import MailRecord, forget, record_of
from mercat.notifications.review_handlers import tell_author_of_reply, tell_shop_of_review
from mercat.notifications.shop_handlers import (
    invite_member,
    tell_of_approval,
    tell_of_reinstatement,
    tell_of_rejection,
    tell_of_suspension,
)
from mercat.notifications.stock_handlers import tell_of_low_stock

__all__ = [
    "MailRecord",
    "MailSettings",
    "MailStatus",
    "OutgoingMail",
    "answer_return",
    "confirm_order",
    "forget",
    "invite_member",
    "jobs",
    "outgoing",
    "preview",
    "record_of",
    "retry",
    "send_paper",
    "send_proof_link",
    "send_reset_link",
    "tell_author_of_reply",
    "tell_former_address",
    "tell_of_access",
    "tell_of_alert",
    "tell_of_approval",
    "tell_of_cancelling",
    "tell_of_claim",
    "tell_of_expiry",
    "tell_of_failure",
    "tell_of_low_stock",
    "tell_of_parcel",
    "tell_of_part_cancelled",
    "tell_of_password",
    "tell_of_payment",
    "tell_of_refund",
    "tell_of_reinstatement",
    "tell_of_rejection",
    "tell_of_shipping",
    "tell_of_suspension",
    "tell_shop_of_review",
    "welcome",
]
