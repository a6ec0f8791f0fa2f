"""Events of documents."""

from typing import ClassVar
from uuid import UUID

from mercat.outbox import DomainEvent


class InvoiceDrawn(DomainEvent):
    """The PDF of an invoice or a credit note exists for the first time."""

    name: ClassVar[str] = "invoices.invoice_drawn"
    invoice_id: UUID
    order_id: UUID
