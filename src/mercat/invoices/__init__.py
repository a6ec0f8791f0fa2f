"""Invoices and credit notes: numbered without gaps, frozen when they are issued, drawn as PDF.

Owns: invoices, their series and files.
Calls: orders, cart, payments, ledger, vendors, auth, audit, addresses, outbox, i18n.
Publishes: CommissionInvoiceDrawn, InvoiceDrawn.
Listens: OrderPaid, OrderRefunded.
"""

from mercat.invoices import jobs
from mercat.invoices.exceptions import InvoiceNotFound
from mercat.invoices.handlers import credit_order, invoice_order, invoice_past
from mercat.invoices.queries import attachment_of, newest, record_of
from mercat.invoices.router import orders_router, router
from mercat.invoices.schemas import InvoiceRecord

__all__ = [
    "InvoiceNotFound",
    "InvoiceRecord",
    "attachment_of",
    "credit_order",
    "invoice_order",
    "invoice_past",
    "jobs",
    "newest",
    "orders_router",
    "record_of",
    "router",
]
