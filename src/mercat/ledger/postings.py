"""Adding to the books."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import clock
from mercat.kit.database import driver
from mercat.kit.exchange_rates import FrozenRate
from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.ledger.accounts import Account

# one statement, so that the trigger sees all of an entry's postings at once
POST = """
WITH entry AS (
    INSERT INTO ledger_entries (id, cause, kind, order_id, payment_id, posted_at)
    VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (cause) DO NOTHING RETURNING id
)
INSERT INTO ledger_postings (entry_id, account, party, currency, amount_minor, original_currency, original_minor)
SELECT entry.id, p.account, p.party, p.currency, p.amount, p.original_currency, p.original
FROM entry, unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::bigint[])
    AS p(account, party, currency, amount, original_currency, original)
"""
CONVERTED = """
SELECT p.account, p.party, sum(p.original_minor)::bigint, sum(p.amount_minor)::bigint
FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id
WHERE e.order_id = %s AND p.original_currency = %s AND p.currency = %s GROUP BY p.account, p.party
"""


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount on an account: a debit if positive, a credit if negative. `party` is whose account it is.

    `books` is what the amount is worth in the books where that does not follow from the entry's rate.
    """

    account: Account
    amount: Money
    party: str = ""
    books: Money | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A movement of money. `cause` is unique for ever: `payment.captured:<id>`.

    `rate` is that of its order: amounts in the buyer's currency are converted by it, others are booked as they are.
    """

    cause: str
    postings: Sequence[Posting]
    order_id: UUID | None = None
    payment_id: UUID | None = None
    rate: FrozenRate | None = None

    @property
    def kind(self) -> str:
        """What sort of movement it is: the cause without its id."""
        return self.cause.partition(":")[0]


class UnbalancedEntryError(ValueError):
    """Debits and credits differ: a mistake of ours, which the database would refuse as well."""


async def post(session: AsyncSession, entry: Entry) -> bool:
    """Book a movement in the caller's transaction. The same cause again books nothing.

    Postings of nothing are left out; an entry of nothing else is not written. With a rate the order is locked.

    Returns:
        Whether it was booked now.

    Raises:
        UnbalancedEntryError: the postings do not add up to zero in every currency.
    """
    postings = [posting for posting in entry.postings if posting.amount.minor]
    sums = _sums(posting.amount for posting in postings)
    if any(sums.values()):
        raise UnbalancedEntryError(f"{entry.cause}: {sums}")
    if not postings:
        return False
    await session.flush()
    rows = await _in_books(session, entry, postings)
    head = (new_id(), entry.cause, entry.kind, entry.order_id, entry.payment_id, clock.now())
    columns = (
        [row.account.value for row in rows],
        [row.party for row in rows],
        [(row.books or row.amount).currency for row in rows],
        [(row.books or row.amount).minor for row in rows],
        [row.amount.currency if row.books else None for row in rows],
        [row.amount.minor if row.books else None for row in rows],
    )
    done = await (await driver(session)).execute(POST, (*head, *columns), prepare=True)
    return done.rowcount > 0


async def _in_books(session: AsyncSession, entry: Entry, postings: Sequence[Posting]) -> list[Posting]:
    """Return the postings with their values in the books; a statement where there is a rate, none otherwise."""
    if entry.rate is None:
        return balanced(postings)
    asked = (entry.order_id, entry.rate.currency, entry.rate.books)
    rows = await (await (await driver(session)).execute(CONVERTED, asked, prepare=True)).fetchall()
    stands = {(Account(account), party): (original, worth) for account, party, original, worth in rows}
    return balanced(converted(postings, entry.rate, stands))


def converted(
    postings: Sequence[Posting], rate: FrozenRate, stands: Mapping[tuple[Account, str], tuple[int, int]]
) -> list[Posting]:
    """Return postings with what they are worth in the books; `stands` are the sums before, converted and original.

    On each account of an order stands what its sum in the buyer's currency is worth, after every entry: what is settled
    there is settled in the books, however many steps that took.
    """
    found, sums = [], dict(stands)
    for one in postings:
        if one.amount.currency == rate.currency:
            key = (one.account, one.party)
            before, worth = sums.get(key, (0, 0))
            original = before + one.amount.minor
            now = one.books or rate.to_books(Money(original, rate.currency)) - Money(worth, rate.books)
            sums[key] = (original, worth + now.minor)
            found.append(replace(one, books=now))
        else:
            found.append(one)
    return found


def balanced(postings: Sequence[Posting]) -> list[Posting]:
    """Return postings that balance in the books, too: with one for what rounding has left over."""
    left = _sums(one.books or one.amount for one in postings)
    return [
        *postings,
        *(Posting(Account.exchange_differences, Money(-minor, code)) for code, minor in left.items() if minor),
    ]


def _sums(amounts: Iterable[Money]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, 0) + amount.minor
    return sums
