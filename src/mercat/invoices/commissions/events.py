"""Events of commission invoices."""

from typing import ClassVar
from uuid import UUID

from mercat.outbox import DomainEvent


class CommissionInvoiceDrawn(DomainEvent):
    """The PDF of an invoice, or of a credit note, exists for the first time."""

    name: ClassVar[str] = "invoices.commission_invoice_drawn"
    commission_invoice_id: UUID
