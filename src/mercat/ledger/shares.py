"""The balance of an order on a vendor's accounts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import driver
from mercat.kit.money import Money
from mercat.ledger.accounts import Account

LEFT = """
SELECT p.account, p.currency, sum(p.amount_minor)::bigint
FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id
WHERE e.order_id = %s AND p.party = %s AND p.account = ANY(%s)
GROUP BY p.account, p.currency HAVING sum(p.amount_minor) <> 0 ORDER BY p.account, p.currency
"""
TIMES = "SELECT count(*) FROM ledger_entries WHERE order_id = %s AND starts_with(cause, %s)"


async def left_in_order(
    session: AsyncSession, order_id: UUID, party: str, accounts: Sequence[Account]
) -> list[tuple[Account, Money]]:
    """Return the balances that all entries of an order leave on these accounts of a party, without zeros."""
    question = (order_id, party, [account.value for account in accounts])
    rows = await (await (await driver(session)).execute(LEFT, question)).fetchall()
    return [(Account(account), Money(minor, currency)) for account, currency, minor in rows]


async def times_booked(session: AsyncSession, order_id: UUID, cause: str) -> int:
    """Return how many entries of an order have a cause that begins so."""
    row = await (await (await driver(session)).execute(TIMES, (order_id, cause))).fetchone()
    return int(row[0]) if row else 0
