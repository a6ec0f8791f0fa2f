"""Shapes of invoices over commissions."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from mercat.invoices.commissions.document import CommissionDocument
from mercat.invoices.commissions.models import CommissionInvoice
from mercat.invoices.commissions.months import PATTERN, Month
from mercat.invoices.document import Kind
from mercat.invoices.schemas import InvoiceRecord
from mercat.kit.money import Money
from mercat.kit.pagination import PageParams
from mercat.kit.shapes import Shape

MonthName = Annotated[str, StringConstraints(pattern=PATTERN)]


class CommissionInvoiceRead(Shape):
    """An invoice of the marketplace to a vendor, or a credit note; amounts as printed on it."""

    id: UUID
    kind: Kind = Field(examples=["invoice"])
    """`credit_note` if more was refunded to the vendor in the month than charged."""
    number: str = Field(examples=["MARKETPLACE-F2030-00017"])
    vendor_id: UUID
    month: str = Field(examples=["2030-01"])
    issued_at: datetime
    commission: Money
    """Without tax."""
    tax: Money
    total: Money

    @classmethod
    def of(cls, document: CommissionInvoice) -> Self:
        """Show a document."""
        return cls.model_validate(_shown(document))


class CommissionAtRate(Shape):
    """The net amount and tax of a document at one rate."""

    rate: str | None = Field(examples=["0.19"])
    """Null where there is no tax, or its rate was not kept."""
    commission: Money
    tax: Money


class CommissionInvoiceDetail(CommissionInvoiceRead):
    """A document with its rates of tax."""

    rates: list[CommissionAtRate]
    reverse_charge: bool
    """The vendor owes the tax on the marketplace's service by itself."""
    corrects: list[str] = Field(examples=[["MARKETPLACE-F2029-00012"]])
    """Numbers of earlier documents that list orders which were partly refunded here."""

    @classmethod
    def of(cls, document: CommissionInvoice) -> Self:
        """Show a document."""
        source = CommissionDocument.model_validate(document.document).source
        rates = [
            CommissionAtRate(
                rate=one.rate, commission=Money(one.net, document.currency), tax=Money(one.tax, document.currency)
            )
            for one in source.taxes()
        ]
        more = {"rates": rates, "reverse_charge": source.reverse_charge, "corrects": list(source.refers_to)}
        return cls.model_validate({**_shown(document), **more})


class CommissionListing(PageParams):
    """Which documents of a vendor, in which order, and which page of them."""

    sort: Literal["-month", "month", "number", "-number"] = "-month"
    """Order of the list: downward with a minus sign."""
    month: MonthName | None = Field(None, examples=["2030-01"])
    """Only documents for this month."""
    kind: Kind | None = None
    """Only invoices, or only credit notes."""


class AllCommissionsListing(CommissionListing):
    """Which documents, and which page of them."""

    vendor: UUID | None = None
    """Only documents of this vendor."""


class BillingCreate(Shape):
    """Bill a month that is over."""

    month: MonthName = Field(examples=["2030-01"])
    vendor_id: UUID | None = Field(None, examples=["0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c56"])
    """Only this vendor."""


class BillingRead(Shape):
    """What was asked for."""

    month: str = Field(examples=["2030-01"])
    vendor_id: UUID | None


def record_of(document: CommissionInvoice) -> InvoiceRecord:
    """Show what a document says about the person behind a vendor."""
    buyer = CommissionDocument.model_validate(document.document).source.buyer
    return InvoiceRecord.model_validate(
        {
            "kind": document.kind,
            "number": document.number,
            "issued_at": document.issued_at,
            "buyer_name": buyer.name,
            "buyer_address": list(buyer.lines),
            "kept_until": document.keep_until,
        }
    )


def _shown(document: CommissionInvoice) -> dict[str, object]:
    sign = -1 if document.kind == "credit_note" else 1
    commission, tax = (
        Money(sign * minor, document.currency) for minor in (document.commission_minor, document.tax_minor)
    )
    return {
        "id": document.id,
        "kind": document.kind,
        "number": document.number,
        "vendor_id": document.vendor_id,
        "month": str(Month(document.month)),
        "issued_at": document.issued_at,
        "commission": commission,
        "tax": tax,
        "total": commission + tax,
    }
