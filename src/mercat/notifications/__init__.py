"""Telling people what happened.

Owns: mail, from being written to having left.
Calls: reviews, lists, payouts, invoices, orders, catalog, payments, vendors, auth, audit, i18n, outbox.
Publishes: nothing.
Listens: to most of what happens; its `reactions` are in `worker.REACTIONS`.
"""

from mercat.notifications import jobs, preview
from mercat.notifications.config import MailSettings
from mercat.notifications.outgoing import MailStatus, OutgoingMail, outgoing, retry
from mercat.notifications.personal import MailRecord, forget, record_of

__all__ = [
    "MailRecord",
    "MailSettings",
    "MailStatus",
    "OutgoingMail",
    "forget",
    "jobs",
    "outgoing",
    "preview",
    "record_of",
    "retry",
]
