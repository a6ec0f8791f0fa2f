"""Shapes of documents."""

from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from mercat.invoices.document import Document, DocumentSource, Kind, Party
from mercat.invoices.models import Invoice
from mercat.kit.money import Money
from mercat.kit.pagination import PageParams
from mercat.kit.shapes import Shape


class InvoiceExchange(Shape):
    """What a document in another currency than that of the books is worth there, by the rate of its order."""

    rate: str = Field(examples=["1.0842"])
    """Units of the document's currency for one of the books', with everything that was added to it."""
    dated: date
    """The day of the rate."""
    source: str = Field(examples=["ecb"])
    tax: Money
    """The tax of the document, in the books' currency."""
    total: Money
    """Its total, in the books' currency."""

    @classmethod
    def of(cls, source: DocumentSource) -> Self | None:
        """Show it; none in the currency of the books."""
        worth = source.exchange
        if worth is None:
            return None
        return cls(
            rate=worth.rate,
            dated=date.fromisoformat(worth.dated),
            source=worth.source,
            tax=Money(worth.tax, worth.currency),
            total=Money(worth.total, worth.currency),
        )


class InvoiceRead(Shape):
    """An invoice or a credit note; `url` is where its PDF is."""

    id: UUID
    kind: Kind = Field(examples=["invoice"])
    number: str = Field(examples=["NORTH-KILN-2030-00017"])
    order_id: UUID
    vendor_id: UUID
    issued_at: datetime
    total: Money
    exchange: InvoiceExchange | None
    """Null if it is in the currency of the books."""
    url: str = Field(examples=["/api/v1/invoices/0190a6f2-7c7e-7d3a-9c3b-3f1f0a1b2c3d/pdf"])

    @classmethod
    def of(cls, document: Invoice) -> Self:
        """Show a document."""
        source = Document.model_validate(document.document).source
        return cls(
            id=document.id,
            kind=source.kind,
            number=document.number,
            order_id=document.order_id,
            vendor_id=document.vendor_id,
            issued_at=document.issued_at,
            total=Money(source.total, document.currency),
            exchange=InvoiceExchange.of(source),
            url=f"/api/v1/invoices/{document.id}/pdf",
        )


class InvoiceRecord(Shape):
    """What a document says about its buyer."""

    kind: Literal["invoice", "credit_note"]
    number: str = Field(examples=["NORTH-KILN-2030-00017"])
    issued_at: datetime
    buyer_name: str = Field(examples=["Ada Lovelace"])
    buyer_address: list[str] = Field(examples=[["12 St James's Square", "SW1Y 4JH London"]])
    kept_until: date

    @classmethod
    def of(cls, document: Invoice) -> Self:
        """Show what a document says about its buyer."""
        buyer: Party = Document.model_validate(document.document).source.buyer
        return cls.model_validate(
            {
                "kind": document.kind,
                "number": document.number,
                "issued_at": document.issued_at,
                "buyer_name": buyer.name,
                "buyer_address": list(buyer.lines),
                "kept_until": document.keep_until,
            }
        )


class InvoiceListing(PageParams):
    """Which documents, in which order, and which page of them."""

    sort: Literal["-issued_at", "issued_at", "number", "-number"] = "-issued_at"
    """Order of the list: downward with a minus sign."""
    vendor: UUID | None = None
    """Only documents of this vendor."""
    from_: date | None = Field(None, alias="from", examples=["2030-01-01"])
    """Issued on this day (UTC) or later."""
    to: date | None = Field(None, examples=["2030-01-31"])
    """Issued on this day (UTC) or earlier."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ and self.to and self.from_ > self.to:
            raise PydanticCustomError("date_range", "from is not after to")
        return self
