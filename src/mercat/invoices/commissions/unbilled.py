"""Commission in the books: the entries of a month that are on no document yet, and those that are on one.

An entry that moved a vendor's commission is one that posted on its account `commission`, except those by which an
order clears, which only move a debt. How much of it is tax is what `commission_income` leaves of that.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.invoices.commissions.months import Month
from mercat.kit.database import driver

BATCH = 1000
WORDS: LiteralString = """
SELECT e.id, e.posted_at, e.kind, e.order_id, o.number, v.commission_tax_rate,
    (-coalesce(sum(m.amount_minor) FILTER (WHERE m.account = 'sales'), 0))::bigint,
    (-coalesce(sum(m.amount_minor) FILTER (WHERE m.account = 'commission_income'), 0))::bigint,
    coalesce(sum(m.amount_minor) FILTER (WHERE m.account IN ('commission', 'commission_income')), 0)::bigint
"""
ABOUT: LiteralString = """
LEFT JOIN orders o ON o.id = e.order_id
LEFT JOIN vendor_orders v ON v.order_id = e.order_id AND v.vendor_id = %(vendor_id)s
"""
IN_ORDER: LiteralString = """
GROUP BY e.id, e.posted_at, e.kind, e.order_id, o.number, v.commission_tax_rate
HAVING count(*) FILTER (WHERE m.account <> 'sales') > 0 ORDER BY e.posted_at, e.id
"""
# an entry of a month whose document exists already goes onto the next one. That should not happen, since a month
# is closed before its documents are issued; the clock of a machine that was wrong by hours could make it
OPEN: LiteralString = f"""
WITH start AS MATERIALIZED (
    SELECT min(id) AS id FROM ledger_postings WHERE entry_id = (
        SELECT id FROM ledger_entries WHERE posted_at >= %(begin)s - interval '62 days' ORDER BY posted_at, id LIMIT 1)
), mine AS MATERIALIZED (
    SELECT entry_id, account, amount_minor FROM ledger_postings
    WHERE party = %(party)s AND id >= (SELECT id FROM start) AND currency = %(currency)s
        AND account IN ('sales', 'commission', 'commission_income')
)
{WORDS} FROM mine m JOIN ledger_entries e ON e.id = m.entry_id {ABOUT}
WHERE e.kind <> 'vendor_order.cleared' AND e.posted_at < %(end)s
    AND (e.posted_at >= %(begin)s OR EXISTS (
        SELECT FROM commission_invoices i WHERE i.vendor_id = %(vendor_id)s AND i.currency = %(currency)s
            AND i.month = date_trunc('month', e.posted_at AT TIME ZONE 'UTC')::date))
    AND NOT EXISTS (
        SELECT FROM commission_invoice_entries l WHERE l.entry_id = e.id AND l.vendor_id = %(vendor_id)s)
{IN_ORDER}
"""  # noqa: S608 - of constants above
OF_DOCUMENT: LiteralString = f"""
{WORDS} FROM commission_invoice_entries l JOIN ledger_entries e ON e.id = l.entry_id
JOIN ledger_postings m ON m.entry_id = e.id AND m.party = %(party)s AND m.currency = %(currency)s
    AND m.account IN ('sales', 'commission', 'commission_income') {ABOUT}
WHERE l.commission_invoice_id = %(document)s
{IN_ORDER}
"""
WANTING: LiteralString = """
SELECT DISTINCT p.party::uuid, p.currency
FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id AND p.account = 'commission'
WHERE e.posted_at >= %(begin)s AND e.posted_at < %(end)s AND e.kind <> 'vendor_order.cleared'
    AND (%(vendor_id)s::uuid IS NULL OR p.party = %(vendor_id)s::uuid::text)
    AND NOT EXISTS (
        SELECT FROM commission_invoice_entries l WHERE l.entry_id = e.id AND l.vendor_id = p.party::uuid)
ORDER BY 1, 2
"""
CORRECTED: LiteralString = """
SELECT DISTINCT i.issued_at, i.number FROM ledger_entries e
JOIN commission_invoice_entries l ON l.entry_id = e.id AND l.vendor_id = %s
JOIN commission_invoices i ON i.id = l.commission_invoice_id
WHERE e.order_id = ANY(%s) AND e.kind NOT IN ('refund.paid', 'refund.reversed') ORDER BY i.issued_at, i.number
"""


@dataclass(frozen=True, slots=True)
class Charge:
    """An entry of the books as far as a vendor's commission goes; positive is what the vendor is charged."""

    entry_id: UUID
    at: datetime
    what: Literal["sale", "refund"]
    order_id: UUID | None
    order_number: str
    rate: Decimal | None
    base: int
    commission: int
    tax: int


async def wanting(session: AsyncSession, month: Month, vendor_id: UUID | None = None) -> list[tuple[UUID, str]]:
    """Return (vendor, currency) of which something in a month is on no document."""
    question = {"begin": month.begin, "end": month.end, "vendor_id": vendor_id}
    rows = await (await (await driver(session)).execute(WANTING, question)).fetchall()
    return [(vendor, currency) for vendor, currency in rows]


async def of_month(session: AsyncSession, vendor_id: UUID, month: Month, currency: str) -> list[Charge]:
    """Return what of a vendor's month is on no document yet, in the order of time."""
    question = {
        "party": str(vendor_id),
        "vendor_id": vendor_id,
        "currency": currency,
        "begin": month.begin,
        "end": month.end,
    }
    rows = await (await (await driver(session)).execute(OPEN, question)).fetchall()
    return [_charge(row) for row in rows]


async def corrected(session: AsyncSession, vendor_id: UUID, charges: Sequence[Charge]) -> tuple[str, ...]:
    """Return the numbers of the documents that list the orders which were partly refunded."""
    order_ids = list({charge.order_id for charge in charges if charge.what == "refund" and charge.order_id})
    rows = await (await (await driver(session)).execute(CORRECTED, (vendor_id, order_ids))).fetchall()
    return tuple(number for _, number in rows)


async def of_document(
    connection: psycopg.AsyncConnection[TupleRow], document_id: UUID, vendor_id: UUID, currency: str
) -> AsyncGenerator[list[Charge], None]:
    """Yield the entries of a document, in batches."""
    question = {"document": document_id, "party": str(vendor_id), "vendor_id": vendor_id, "currency": currency}
    async with connection.cursor(name="charges") as cursor:
        await cursor.execute(OF_DOCUMENT, question)
        while rows := await cursor.fetchmany(BATCH):
            yield [_charge(row) for row in rows]


def _charge(row: TupleRow) -> Charge:
    entry_id, at, kind, order_id, number, rate, base, commission, tax = row
    what: Literal["sale", "refund"] = "refund" if kind.startswith("refund.") else "sale"
    return Charge(entry_id, at, what, order_id, number or "", rate, base, commission, tax)
