"""Numbers of documents: consecutive for each vendor and series, with no gap whatever happens.

The number is taken from the counter's row in the transaction that writes the document. A concurrent one waits for that
row; if the document is not committed, neither is the number. Nothing slow may happen in between: drawing is a job.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.invoices.config import InvoiceSettings

# Two vendors whose slugs begin alike, or one that took over another's: the later gets some of its id. One transaction
# that opens a series waits for another; if that was another vendor's of the same prefix, nothing is opened.
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


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was taken, and its position in its series."""

    series: str
    position: int
    written: str


async def open_series(session: AsyncSession, vendor_id: UUID, series: str) -> None:
    """Make sure that a vendor has such a series."""
    where = {"vendor_id": vendor_id, "series": series}
    for _ in range(TRIES):
        if await session.scalar(IS_OPEN, where) is not None:
            return
        await session.execute(OPEN_SERIES, where)


async def take(session: AsyncSession, vendor_id: UUID, series: str) -> Number:
    """Take the next number of an open series. Locks its counter until the transaction ends."""
    where = {"vendor_id": vendor_id, "series": series}
    prefix, position = (await session.execute(NEXT, where)).one()
    return Number(series, position, f"{prefix}{position:05d}")


def kept_until(issued_on: date) -> date:
    """Return the last day on which a document has to be kept as it is."""
    return date(issued_on.year + InvoiceSettings.read().invoices_kept_years, 12, 31)
