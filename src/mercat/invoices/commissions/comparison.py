"""Comparison of commission documents with the books: what they say, and what no document says."""

from typing import LiteralString

from mercat.invoices.commissions.months import Month
from mercat.kit.database import Database, driver
from mercat.kit.money import Money
from mercat.payments import Difference, Findings

UNBILLED: LiteralString = """
SELECT v.slug, to_char(e.posted_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, p.currency, sum(p.amount_minor)::bigint
FROM ledger_postings p JOIN ledger_entries e ON e.id = p.entry_id JOIN vendors v ON v.id = p.party::uuid
WHERE p.account = 'commission' AND e.kind <> 'vendor_order.cleared' AND e.posted_at < %s
    AND NOT EXISTS (SELECT FROM commission_invoice_entries l WHERE l.entry_id = e.id AND l.vendor_id = v.id)
GROUP BY 1, 2, 3 ORDER BY 2, 1, 3
"""
DIFFERENT: LiteralString = """
SELECT i.number, i.currency, i.commission_minor + i.tax_minor, coalesce(sum(p.amount_minor), 0)::bigint
FROM commission_invoices i
LEFT JOIN commission_invoice_entries l ON l.commission_invoice_id = i.id
LEFT JOIN ledger_postings p ON p.entry_id = l.entry_id AND p.account = 'commission' AND p.party = i.vendor_id::text
GROUP BY i.id HAVING coalesce(sum(p.amount_minor), 0) <> i.commission_minor + i.tax_minor ORDER BY i.number
"""


async def compare(database: Database, *, before: Month) -> Findings:
    """Find commission from before a month that is on no invoice, and invoices that differ from the books."""
    found = Findings()
    async with database.transaction() as session:
        connection = await driver(session)
        await connection.execute("SET LOCAL statement_timeout TO '5min'")  # the books from their beginning
        unbilled = await (await connection.execute(UNBILLED, (before.begin,))).fetchall()
        different = await (await connection.execute(DIFFERENT)).fetchall()
    found.differences += [
        Difference("commission_not_billed", f"{slug}, {month}", str(Money(minor, currency)), "no invoice")
        for slug, month, currency, minor in unbilled
    ]
    found.differences += [
        Difference("commission_invoice", number, str(Money(booked, currency)), str(Money(said, currency)))
        for number, currency, said, booked in different
    ]
    return found
