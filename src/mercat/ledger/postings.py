"""Adding to the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import clock
from mercat.kit.database import driver
from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.ledger.accounts import Account

# one statement, so that the trigger sees all of an entry's postings at once
POST = """
WITH entry AS (
    INSERT INTO ledger_entries (id, cause, kind, order_id, payment_id, posted_at)
    VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (cause) DO NOTHING RETURNING id
)
INSERT INTO ledger_postings (entry_id, account, party, currency, amount_minor)
SELECT entry.id, p.account, p.party, p.currency, p.amount
FROM entry, unnest(%s::text[], %s::text[], %s::text[], %s::bigint[]) AS p(account, party, currency, amount)
"""


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount on an account: a debit if positive, a credit if negative. `party` is whose account it is."""

    account: Account
    amount: Money
    party: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A movement of money. `cause` is unique for ever: `payment.captured:<id>`."""

    cause: str
    postings: Sequence[Posting]
    order_id: UUID | None = None
    payment_id: UUID | None = None

    @property
    def kind(self) -> str:
        """What sort of movement it is: the cause without its id."""
        return self.cause.partition(":")[0]


class UnbalancedEntryError(ValueError):
    """Debits and credits differ: a mistake of ours, which the database would refuse as well."""


async def post(session: AsyncSession, entry: Entry) -> bool:
    """Book a movement in the caller's transaction. The same cause again books nothing.

    Postings of nothing are left out; an entry of nothing else is not written.

    Returns:
        Whether it was booked now.

    Raises:
        UnbalancedEntryError: the postings do not add up to zero in every currency.
    """
    postings = [posting for posting in entry.postings if posting.amount.minor]
    sums: dict[str, int] = {}
    for posting in postings:
        sums[posting.amount.currency] = sums.get(posting.amount.currency, 0) + posting.amount.minor
    if any(sums.values()):
        raise UnbalancedEntryError(f"{entry.cause}: {sums}")
    if not postings:
        return False
    await session.flush()
    head = (new_id(), entry.cause, entry.kind, entry.order_id, entry.payment_id, clock.now())
    columns = (
        [posting.account.value for posting in postings],
        [posting.party for posting in postings],
        [posting.amount.currency for posting in postings],
        [posting.amount.minor for posting in postings],
    )
    done = await (await driver(session)).execute(POST, (*head, *columns), prepare=True)
    return done.rowcount > 0
