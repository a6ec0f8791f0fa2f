"""Telling people what happened.

Owns: mail, from being written to having left.
Calls: reviews, lists, payouts, invoices, orders, catalog, payments, vendors, auth, audit, i18n, outbox.
Publishes: nothing.
Listens: to most of what happens; `table.MAILS` says which mail each event leads to.
"""

from mercat.notifications import jobs, preview
from mercat.notifications.config import MailSettings
from mercat.notifications.outgoing import MailStatus, OutgoingMail, outgoing, retry
from mercat.notifications.personal import MailRecord, forget, record_of
from mercat.notifications.table import handlers

__all__ = [
    "MailRecord",
    "MailSettings",
    "MailStatus",
    "OutgoingMail",
    "forget",
    "handlers",
    "jobs",
    "outgoing",
    "preview",
    "record_of",
    "retry",
]
