"""Issuance of the documents of orders: numbered, frozen, and written once."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.invoices import jobs, numbers
from mercat.invoices.document import Document, DocumentSource
from mercat.invoices.models import Invoice
from mercat.kit import clock
from mercat.kit.ids import new_id


async def issue(session: AsyncSession, source: DocumentSource, *, told: bool = True) -> UUID:
    """Issue a document and queue its drawing; an existing one is returned. Locks the vendor's counter.

    Unless `told`, no event says that it was drawn.

    A transaction that issues several documents does so in the order of their vendors' ids.

    Raises:
        DocumentDoesNotAddUpError: its lines are not its total; no number is taken.
    """
    source.taxes()
    there = await _issued(session, source)
    if there is not None:
        return there
    today = clock.now().date()
    series = f"{'C' if source.kind == 'credit_note' else ''}{today.year}"
    await numbers.open_series(session, source.vendor_id, series)
    try:
        async with session.begin_nested():
            document = _document(source, await numbers.take(session, source.vendor_id, series), today)
            session.add(document)
            await session.flush()
    except IntegrityError:
        # another transaction issued it while this one waited for the counter; the savepoint returned the number
        there = await _issued(session, source)
        if there is None:
            raise
        return there
    if told:
        await outbox.defer(session, jobs.draw_invoice, invoice_id=str(document.id))
    else:
        await outbox.defer(session, jobs.draw_past_invoice, invoice_id=str(document.id))
    return document.id


async def _issued(session: AsyncSession, source: DocumentSource) -> UUID | None:
    of_vendor_order = (Invoice.vendor_order_id == source.vendor_order_id, Invoice.kind == source.kind)
    found = select(Invoice.id).where(*of_vendor_order, Invoice.refund_id.is_not_distinct_from(source.refund_id))
    return await session.scalar(found)


def _document(source: DocumentSource, number: numbers.Number, today: date) -> Invoice:
    document = Document(number=number.written, issued_on=today.isoformat(), source=source)
    return Invoice(
        id=new_id(),
        kind=source.kind,
        vendor_id=source.vendor_id,
        series=number.series,
        position=number.position,
        number=number.written,
        order_id=source.order_id,
        vendor_order_id=source.vendor_order_id,
        refund_id=source.refund_id,
        locale=source.locale,
        currency=source.currency,
        document=document.model_dump(mode="json"),
        issued_at=clock.now(),
        keep_until=numbers.kept_until(today),
    )
