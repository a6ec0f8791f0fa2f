"""Reads of invoices over commissions."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from mercat.invoices.commissions.document import CommissionDocument
from mercat.invoices.commissions.exceptions import CommissionInvoiceNotFound
from mercat.invoices.commissions.models import CommissionInvoice, CommissionInvoiceFile
from mercat.invoices.commissions.months import Month
from mercat.invoices.commissions.pdf import draw
from mercat.invoices.commissions.schemas import CommissionInvoiceRead, CommissionListing, record_of
from mercat.invoices.document import filename
from mercat.invoices.schemas import InvoiceRecord
from mercat.kit.money import Money
from mercat.kit.sorts import Sorts, numbered_page


@dataclass(frozen=True, slots=True)
class IssuedCommission:
    """A document to be mailed."""

    kind: str
    number: str
    vendor_id: UUID
    month: Month
    total: Money
    filename: str
    content: bytes


SORTS = Sorts(CommissionInvoice.id, {"month": CommissionInvoice.month, "number": CommissionInvoice.number})


async def read(session: AsyncSession, document_id: UUID, *, vendor_id: UUID | None = None) -> CommissionInvoice:
    """Return a document, only if it is this vendor's when one is named; the caller has authorised.

    Raises:
        CommissionInvoiceNotFound: there is none, or it is another vendor's.
    """
    document = await session.get(CommissionInvoice, document_id)
    if document is None or vendor_id not in (None, document.vendor_id):
        raise CommissionInvoiceNotFound
    return document


async def page(
    session: AsyncSession, listing: CommissionListing, vendor_id: UUID | None
) -> tuple[list[CommissionInvoiceRead], int]:
    """Return a page of documents of one vendor or of all, and how many there are."""
    wanted = select(CommissionInvoice).options(defer(CommissionInvoice.document))
    if vendor_id is not None:
        wanted = wanted.where(CommissionInvoice.vendor_id == vendor_id)
    if listing.month is not None:
        wanted = wanted.where(CommissionInvoice.month == Month.parse(listing.month).first)
    if listing.kind is not None:
        wanted = wanted.where(CommissionInvoice.kind == listing.kind)
    rows, total = await numbered_page(session, SORTS.ordered(wanted, listing.sort), listing)
    return [CommissionInvoiceRead.of(document) for document in rows.scalars()], total


async def of_ids(session: AsyncSession, ids: Sequence[UUID]) -> list[CommissionInvoiceRead]:
    """Return documents in the order of their numbers; the caller has authorised."""
    wanted = select(CommissionInvoice).options(defer(CommissionInvoice.document))
    rows = await session.scalars(wanted.where(CommissionInvoice.id.in_(ids)).order_by(CommissionInvoice.number))
    return [CommissionInvoiceRead.of(document) for document in rows]


async def file_of(session: AsyncSession, document: CommissionInvoice) -> bytes:
    """Return the PDF of a document; drawn now if the job has not done it yet, which makes the same bytes."""
    kept = await session.get(CommissionInvoiceFile, document.id)
    if kept is not None:
        return kept.content
    return await asyncio.to_thread(draw, CommissionDocument.model_validate(document.document))


async def document_of(session: AsyncSession, document_id: UUID) -> IssuedCommission:
    """Return a document with its file, for the mail to a vendor's members.

    Raises:
        CommissionInvoiceNotFound: there is none.
    """
    document = await read(session, document_id)
    return IssuedCommission(
        kind=document.kind,
        number=document.number,
        vendor_id=document.vendor_id,
        month=Month(document.month),
        total=Money(abs(document.commission_minor + document.tax_minor), document.currency),
        filename=filename(document.kind, document.number),
        content=await file_of(session, document),
    )


async def records_of(session: AsyncSession, vendor_ids: Sequence[UUID]) -> list[InvoiceRecord]:
    """Return what documents say about the person behind these vendors."""
    mine = select(CommissionInvoice).where(CommissionInvoice.vendor_id.in_(vendor_ids))
    return [record_of(document) for document in await session.scalars(mine.order_by(CommissionInvoice.id))]
