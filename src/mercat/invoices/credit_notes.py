"""Credit notes: what is refunded of an invoice, with everything else as the invoice says it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.invoices.document import Document, DocumentLine, DocumentSource, Role
from mercat.invoices.exceptions import InvoiceNotFound
from mercat.invoices.issuance import issue
from mercat.invoices.models import Invoice


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """The refund of a line, of shipping, or of neither; minor units, `amount` includes the `tax`."""

    amount: int
    tax: int
    item_id: UUID | None = None
    quantity: int = 1
    role: Role = "item"


@dataclass(frozen=True, slots=True)
class ReturnedVendorOrder:
    """The refund of a vendor order."""

    vendor_order_id: UUID
    lines: tuple[ReturnedLine, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """A refund that has succeeded, as far as documents are concerned."""

    refund_id: UUID
    reason: str
    vendor_orders: tuple[ReturnedVendorOrder, ...]


async def credit(session: AsyncSession, returned: Returned) -> Sequence[UUID]:
    """Issue a credit note for each vendor order of a refund; existing ones are returned. Locks the counters.

    Raises:
        InvoiceNotFound: there is no invoice to correct.
    """
    of_vendor_orders = Invoice.vendor_order_id.in_(
        [vendor_order.vendor_order_id for vendor_order in returned.vendor_orders]
    )
    rows = await session.scalars(
        select(Invoice).where(of_vendor_orders, Invoice.kind == "invoice").order_by(Invoice.vendor_id)
    )
    vendor_orders: Mapping[UUID, ReturnedVendorOrder] = {
        vendor_order.vendor_order_id: vendor_order for vendor_order in returned.vendor_orders
    }
    invoices = list(rows)
    if len(invoices) != len(vendor_orders):
        raise InvoiceNotFound
    return [
        await issue(session, _source(document, vendor_orders[document.vendor_order_id], returned))
        for document in invoices
    ]


async def credited(session: AsyncSession, vendor_order_ids: Collection[UUID], *, besides: UUID) -> dict[UUID, int]:
    """Return how much credit notes say of each vendor order, in minor units, without that of one refund."""
    total = cast(Invoice.document["source"]["total"].astext, BigInteger)
    rows = await session.execute(
        select(Invoice.vendor_order_id, func.sum(total))
        .where(
            Invoice.vendor_order_id.in_(vendor_order_ids), Invoice.kind == "credit_note", Invoice.refund_id != besides
        )
        .group_by(Invoice.vendor_order_id)
    )
    return {vendor_order_id: int(minor) for vendor_order_id, minor in rows}


def _source(document: Invoice, vendor_order: ReturnedVendorOrder, returned: Returned) -> DocumentSource:
    invoice = Document.model_validate(document.document).source
    note = invoice.model_copy(
        update={
            "kind": "credit_note",
            "refund_id": returned.refund_id,
            "refers_to": document.number,
            "lines": _lines(invoice, vendor_order),
            "shipping": None,
            "prices_include_tax": True,
            "total": sum(line.amount for line in vendor_order.lines),
            "reason": returned.reason,
        }
    )
    rate = invoice.frozen_rate()
    return note if rate is None else note.converted(rate)


def _lines(invoice: DocumentSource, vendor_order: ReturnedVendorOrder) -> tuple[DocumentLine, ...]:
    """Return the lines of a credit note; price reductions of several lines with one rate of tax are one line."""
    lines = []
    reductions: dict[str | None, DocumentLine] = {}
    for returned in vendor_order.lines:
        line = _line(invoice, returned)
        if line.role != "reduction":
            lines.append(line)
        elif (before := reductions.get(line.rate)) is None:
            reductions[line.rate] = line
        else:
            amount, tax = before.amount + line.amount, before.tax + line.tax
            reductions[line.rate] = before.model_copy(update={"unit_price": amount, "amount": amount, "tax": tax})
    return (*lines, *reductions.values())


def _line(invoice: DocumentSource, line: ReturnedLine) -> DocumentLine:
    sold = next((one for one in invoice.lines if line.item_id and one.item_id == line.item_id), None)
    item = sold if line.role == "item" else None
    charged = sold or (invoice.shipping if line.role == "shipping" else None)
    detailed = charged if line.role in {"item", "shipping"} else None
    return DocumentLine(
        item_id=item.item_id if item else None,
        role="item" if item else "shipping" if line.role == "shipping" else "reduction",
        name=item.name if item else "",
        detail=detailed.detail if detailed else "",
        quantity=line.quantity,
        unit_price=line.amount // line.quantity,
        amount=line.amount,
        tax=line.tax,
        rate=charged.rate if charged else invoice.one_rate(),
    )
