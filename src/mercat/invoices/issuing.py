"""Giving out numbers: one after the other for each seller and series, with no gap whatever happens.

The number is taken from the counter's row in the transaction that writes the paper. Whoever comes next waits for that
row; if the paper is not committed, neither is the number. Nothing slow may happen in between: drawing is a job.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.invoices import jobs
from mercat.invoices.config import InvoiceSettings
from mercat.invoices.models import Invoice
from mercat.invoices.paper import Document, PaperSource
from mercat.kit import clock
from mercat.kit.ids import new_id

# Two shops whose slugs begin alike, or one that took over another's: the later gets a piece of its id. Whoever opens a
# series while another does waits for the other; if that was another shop's of the same prefix, nothing is opened.
OPEN_SERIES = text("""
INSERT INTO invoice_series (vendor_id, series, prefix)
SELECT v.id, :series, CASE WHEN EXISTS (SELECT FROM invoice_series WHERE prefix = p.plain) THEN p.own ELSE p.plain END
FROM vendors v CROSS JOIN LATERAL (
    SELECT upper(left(v.slug, 24)) || '-' || :series || '-' AS plain,
        upper(left(v.slug, 24)) || '-' || upper(right(v.id::text, 6)) || '-' || :series || '-' AS own) p
WHERE v.id = :vendor_id ON CONFLICT DO NOTHING
""")
TRIES = 3
IS_OPEN = text("SELECT 1 FROM invoice_series WHERE vendor_id = :vendor_id AND series = :series")
NEXT = text("""
UPDATE invoice_series SET last_position = last_position + 1 WHERE vendor_id = :vendor_id AND series = :series
RETURNING prefix, last_position
""")


async def issue(session: AsyncSession, source: PaperSource) -> UUID:
    """Issue a paper and queue its drawing; the one that is there already is returned. Locks the seller's counter.

    A transaction that issues several papers does so in the order of their sellers' ids.

    Raises:
        PaperDoesNotAddUpError: its parts are not its total; no number is taken.
    """
    source.taxes()
    there = await _issued(session, source)
    if there is not None:
        return there
    today = clock.now().date()
    series = f"{'C' if source.kind == 'credit_note' else ''}{today.year}"
    where = {"vendor_id": source.vendor_id, "series": series}
    await _open_series(session, where)
    try:
        async with session.begin_nested():
            prefix, position = (await session.execute(NEXT, where)).one()
            paper = _paper(source, series, position, f"{prefix}{position:05d}", today)
            session.add(paper)
            await session.flush()
    except IntegrityError:
        # somebody else issued it while we waited for the counter; the number went back with the savepoint
        there = await _issued(session, source)
        if there is None:
            raise
        return there
    await outbox.defer(session, jobs.draw_invoice, invoice_id=str(paper.id))
    return paper.id


async def _open_series(session: AsyncSession, where: dict[str, object]) -> None:
    for _ in range(TRIES):
        if await session.scalar(IS_OPEN, where) is not None:
            return
        await session.execute(OPEN_SERIES, where)


async def _issued(session: AsyncSession, source: PaperSource) -> UUID | None:
    of_part = (Invoice.vendor_order_id == source.vendor_order_id, Invoice.kind == source.kind)
    found = select(Invoice.id).where(*of_part, Invoice.refund_id.is_not_distinct_from(source.refund_id))
    return await session.scalar(found)


def _paper(source: PaperSource, series: str, position: int, number: str, today: date) -> Invoice:
    document = Document(number=number, issued_on=today.isoformat(), source=source)
    last = today.year + InvoiceSettings().invoices_kept_years
    return Invoice(
        id=new_id(),
        kind=source.kind,
        vendor_id=source.vendor_id,
        series=series,
        position=position,
        number=number,
        order_id=source.order_id,
        vendor_order_id=source.vendor_order_id,
        refund_id=source.refund_id,
        locale=source.locale,
        currency=source.currency,
        document=document.model_dump(mode="json"),
        issued_at=clock.now(),
        keep_until=date(last, 12, 31),
    )
