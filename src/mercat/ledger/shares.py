"""The balance of an order on a vendor's accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.database import driver
from mercat.kit.money import Money
from mercat.ledger.accounts import Account
from mercat.ledger.postings import Posting

LEFT = """
SELECT p.account, p.currency, sum(p.amount_minor)::bigint, p.original_currency, sum(p.original_minor)::bigint
FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id
WHERE e.order_id = %s AND p.party = %s AND p.account = ANY(%s)
GROUP BY p.account, p.currency, p.original_currency
HAVING sum(p.amount_minor) <> 0 OR sum(p.original_minor) <> 0 ORDER BY p.account, p.currency
"""
TIMES = "SELECT count(*) FROM ledger_entries WHERE order_id = %s AND starts_with(cause, %s)"


@dataclass(frozen=True, slots=True)
class Left:
    """A balance in the books, and what it is in the buyer's currency if it was converted."""

    account: Account
    books: Money
    original: Money | None

    def on(self, account: Account, party: str, sign: int) -> Posting:
        """Return it as a posting, as it is or with the opposite sign."""
        if self.original is None:
            return Posting(account, self.books * sign, party)
        return Posting(account, self.original * sign, party, books=self.books * sign)


def added_up(left: Sequence[Left]) -> list[Left]:
    """Return balances without regard to their accounts: one for each currency that they are in and come from."""
    sums: dict[tuple[str, str | None], Left] = {}
    for one in left:
        kind = one.books.currency, one.original.currency if one.original else None
        before = sums.get(kind)
        if before is not None:
            original = one.original + before.original if one.original and before.original else None
            one = Left(before.account, one.books + before.books, original)  # noqa: PLW2901 - added to what was before
        sums[kind] = one
    return list(sums.values())


async def left_in_order(session: AsyncSession, order_id: UUID, party: str, accounts: Sequence[Account]) -> list[Left]:
    """Return the balances that all entries of an order leave on these accounts of a party, without zeros."""
    question = (order_id, party, [account.value for account in accounts])
    rows = await (await (await driver(session)).execute(LEFT, question)).fetchall()
    return [
        Left(Account(account), Money(minor, currency), None if foreign is None else Money(original, foreign))
        for account, currency, minor, foreign, original in rows
    ]


async def times_booked(session: AsyncSession, order_id: UUID, cause: str) -> int:
    """Return how many entries of an order have a cause that begins so."""
    row = await (await (await driver(session)).execute(TIMES, (order_id, cause))).fetchone()
    return int(row[0]) if row else 0
