"""A vendor's statement: the entries of its money, line by line, with the balance after each.

The balance is all that the marketplace owes the vendor and has not begun to send: cleared or not, so that clearing has
no line. The opening balance is what is owed now without everything since, so that no statement reads the books from
their beginning. One statement of SQL reads all of it, as of one moment.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import driver
from mercat.kit.ids import parse_id
from mercat.kit.money import Money
from mercat.kit.pagination import BadCursor, decode_cursor, encode_cursor
from mercat.payouts.books import OWED
from mercat.payouts.schemas import StatementLine, StatementPage, StatementPeriod, StatementWanted

BATCH = 1000
TYPES = {
    "order.paid": "order",
    "refund.paid": "refund",
    "refund.reversed": "refund",
    "payout.requested": "payout",
    "payout.failed": "payout",
    "adjustment": "adjustment",
}
"""The names of entries on a statement; the marketplace's commission has lines of its own."""

# by the vendor's own postings, which are few among all entries of the time. Postings are numbered as time goes:
# none of the period has a lower number than the first of an hour before, for no transaction takes that long
LINES: LiteralString = """
WITH start AS MATERIALIZED (
    SELECT min(id) AS id FROM ledger_postings WHERE entry_id = (
        SELECT id FROM ledger_entries WHERE posted_at >= %(since)s - interval '1 hour' ORDER BY posted_at, id LIMIT 1)
), mine AS MATERIALIZED (
    SELECT entry_id, account, amount_minor FROM ledger_postings
    WHERE party = %(party)s AND id >= (SELECT id FROM start) AND account = ANY(%(accounts)s)
        AND currency = %(currency)s
), since AS MATERIALIZED (
    SELECT e.posted_at, e.id, (m.account = 'commission')::int AS is_commission, e.kind, e.cause, e.order_id,
        -sum(m.amount_minor)::bigint AS amount
    FROM mine m JOIN ledger_entries e ON e.id = m.entry_id
    WHERE e.posted_at >= %(since)s AND e.kind <> 'vendor_order.cleared'
    GROUP BY e.posted_at, e.id, m.account = 'commission'
), owed AS (
    SELECT -coalesce(sum(amount_minor), 0)::bigint AS now FROM (
        SELECT account, currency, amount_minor FROM ledger_totals WHERE party = %(party)s
        UNION ALL
        SELECT account, currency, amount_minor FROM ledger_postings
        WHERE party = %(party)s AND id > (SELECT folded_id FROM ledger_marks)
    ) AS every WHERE account = ANY(%(accounts)s) AND currency = %(currency)s
), opening AS (
    SELECT owed.now - coalesce((SELECT sum(amount) FROM since), 0)::bigint AS minor FROM owed
), lines AS (
    SELECT *, sum(amount) OVER (ORDER BY posted_at, id, is_commission)::bigint AS so_far FROM since
    WHERE posted_at < %(until)s
), page AS (
    SELECT * FROM lines WHERE (posted_at, id, is_commission) > (%(after_at)s, %(after_id)s, %(after_is_commission)s)
    ORDER BY posted_at, id, is_commission LIMIT %(limit)s
)
SELECT opening.minor, opening.minor + coalesce((SELECT sum(amount) FROM lines), 0)::bigint, page.posted_at, page.id,
    page.is_commission, page.kind, page.cause, page.amount, opening.minor + page.so_far, o.number, a.reason
FROM opening LEFT JOIN page ON true LEFT JOIN orders o ON o.id = page.order_id
LEFT JOIN adjustments a ON page.kind = 'adjustment' AND a.id = split_part(page.cause, ':', 2)::uuid
ORDER BY page.posted_at, page.id, page.is_commission
"""
NOBODY = UUID(int=0)
CURSOR = "statement"


@dataclass(frozen=True, slots=True)
class StatementSection:
    """Some lines of a statement, and the balance before its first line and after its last."""

    opening: Money
    closing: Money
    lines: Sequence[StatementLine]


async def page(session: AsyncSession, vendor_id: UUID, wanted: StatementWanted) -> StatementPage:
    """Return a page of a vendor's statement, the oldest line first."""
    question = _question(vendor_id, wanted, limit=wanted.limit + 1)
    if wanted.cursor:
        question |= _position(wanted.cursor)
    rows = await (await (await driver(session)).execute(LINES, question)).fetchall()
    shown = [row for row in rows if row[2] is not None]
    more = None
    if len(shown) > wanted.limit:
        last = shown[wanted.limit - 1]
        more = encode_cursor(CURSOR, last[2].isoformat(), str(last[3]), last[4])
    return StatementPage(
        currency=wanted.currency,
        opening=Money(rows[0][0], wanted.currency),
        closing=Money(rows[0][1], wanted.currency),
        items=[_line(row, wanted.currency) for row in shown[: wanted.limit]],
        next_cursor=more,
    )


async def parts(
    connection: psycopg.AsyncConnection[TupleRow], vendor_id: UUID, wanted: StatementPeriod
) -> AsyncGenerator[StatementSection, None]:
    """Yield all of a statement, in batches of lines; one batch at least."""
    async with connection.cursor(name="statement") as cursor:
        await cursor.execute(LINES, _question(vendor_id, wanted, limit=None))
        while rows := await cursor.fetchmany(BATCH):
            opening, closing = (Money(minor, wanted.currency) for minor in rows[0][:2])
            yield StatementSection(
                opening, closing, [_line(row, wanted.currency) for row in rows if row[2] is not None]
            )


def _question(vendor_id: UUID, wanted: StatementPeriod, *, limit: int | None) -> dict[str, Any]:
    return {
        "party": str(vendor_id),
        "accounts": [account.value for account in OWED],
        "currency": wanted.currency,
        "since": wanted.begin,
        "until": wanted.end,
        "after_at": wanted.begin,
        "after_id": NOBODY,
        "after_is_commission": 0,
        "limit": limit,
    }


def _position(cursor: str) -> dict[str, Any]:
    at, entry, is_commission = decode_cursor(cursor, CURSOR, str, str, int)
    entry_id = parse_id(str(entry))
    try:
        moment = datetime.fromisoformat(str(at))
    except ValueError:
        raise BadCursor from None
    if entry_id is None or moment.tzinfo is None or is_commission not in {0, 1}:
        raise BadCursor
    return {"after_at": moment, "after_id": entry_id, "after_is_commission": is_commission}


def _line(row: TupleRow, currency: str) -> StatementLine:
    _, _, at, _, is_commission, kind, cause, amount, balance, number, reason = row
    return StatementLine(
        at=at,
        type="commission" if is_commission else str(TYPES.get(kind, kind)),
        reference=number or cause.partition(":")[2],
        note=reason or ("failed" if kind == "payout.failed" else ""),
        amount=Money(amount, currency),
        balance=Money(balance, currency),
    )
