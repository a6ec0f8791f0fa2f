"""Reads of documents, and who may see which."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import orders
from mercat.auth import Actor
from mercat.invoices.document import Document, filename
from mercat.invoices.exceptions import InvoiceNotFound
from mercat.invoices.models import Invoice, InvoiceFile
from mercat.invoices.pdf import draw
from mercat.invoices.schemas import InvoiceListing, InvoiceRead, InvoiceRecord
from mercat.kit.money import Money
from mercat.kit.sorts import Sorts, numbered_page

SORTS = Sorts(Invoice.id, {"issued_at": Invoice.issued_at, "number": Invoice.number})


async def read(session: AsyncSession, invoice_id: UUID) -> Invoice:
    """Return a document; the caller has authorised.

    Raises:
        InvoiceNotFound: there is none.
    """
    document = await session.get(Invoice, invoice_id)
    if document is None:
        raise InvoiceNotFound
    return document


async def of_order(
    session: AsyncSession, actor: Actor, order_id: UUID, *, cart_id: UUID | None = None
) -> list[InvoiceRead]:
    """Return the documents of an order as far as the actor may see the order: a vendor its own, others all.

    Raises:
        OrderNotFound: there is none, or the actor may not see it.
    """
    order = await orders.read_for(session, actor, order_id, cart_id=cart_id)
    vendor_orders = [vendor_order.id for vendor_order in order.vendor_orders]
    rows = await session.scalars(select(Invoice).where(Invoice.vendor_order_id.in_(vendor_orders)).order_by(Invoice.id))
    return [InvoiceRead.of(document) for document in rows]


async def visible(session: AsyncSession, actor: Actor, invoice_id: UUID, *, cart_id: UUID | None = None) -> Invoice:
    """Return a document to an actor who may see its vendor order.

    Raises:
        InvoiceNotFound: there is none, or the actor may not see it.
    """
    document = await read(session, invoice_id)
    try:
        seen = await of_order(session, actor, document.order_id, cart_id=cart_id)
    except orders.OrderNotFound:
        raise InvoiceNotFound from None
    if invoice_id not in {one.id for one in seen}:
        raise InvoiceNotFound
    return document


async def page(session: AsyncSession, listing: InvoiceListing) -> tuple[list[InvoiceRead], int]:
    """Return a page of all documents, and how many there are. The caller has authorised."""
    wanted = select(Invoice)
    if listing.vendor:
        wanted = wanted.where(Invoice.vendor_id == listing.vendor)
    if listing.from_:
        wanted = wanted.where(Invoice.issued_at >= datetime.combine(listing.from_, time(), UTC))
    if listing.to:
        wanted = wanted.where(Invoice.issued_at < datetime.combine(listing.to, time(), UTC) + timedelta(days=1))
    rows, total = await numbered_page(session, SORTS.ordered(wanted, listing.sort), listing)
    return [InvoiceRead.of(document) for document in rows.scalars()], total


async def file_of(session: AsyncSession, document: Invoice) -> bytes:
    """Return the PDF of a document; drawn now if the job has not done it yet, which makes the same bytes."""
    kept = await session.get(InvoiceFile, document.id)
    if kept is not None:
        return kept.content
    return await asyncio.to_thread(draw, Document.model_validate(document.document))


async def record_of(session: AsyncSession, order_ids: Sequence[UUID]) -> list[InvoiceRecord]:
    """Return what the documents of a person's orders say about them."""
    rows = await session.scalars(select(Invoice).where(Invoice.order_id.in_(order_ids)).order_by(Invoice.id))
    return [InvoiceRecord.of(document) for document in rows]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document to be mailed."""

    kind: str
    number: str
    order_id: UUID
    order_number: str
    supplier: str
    total: Money
    filename: str
    content: bytes


async def attachment_of(session: AsyncSession, invoice_id: UUID) -> Attachment:
    """Return a document with its file, for the mail to its buyer.

    Raises:
        InvoiceNotFound: there is none.
    """
    document = await read(session, invoice_id)
    source = Document.model_validate(document.document).source
    return Attachment(
        kind=document.kind,
        number=document.number,
        order_id=document.order_id,
        order_number=source.order_number,
        supplier=source.supplier.name,
        total=Money(source.total, document.currency),
        filename=filename(document.kind, document.number),
        content=await file_of(session, document),
    )


async def newest(session: AsyncSession, order_ids: Collection[UUID]) -> UUID:
    """Return the invoice of these orders that was issued last."""
    latest = select(Invoice.id).where(Invoice.order_id.in_(order_ids)).order_by(Invoice.issued_at.desc()).limit(1)
    return (await session.scalars(latest)).one()
