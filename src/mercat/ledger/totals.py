"""Balances of accounts, at once and exact, however long the books are.

Totals of everything up to one posting are kept; what came after is added when somebody asks, in the same statement.
Postings get their numbers before their transactions commit, and those do not end in order. So a mark is chosen first,
together with the number of a transaction that began to write later than any which wrote before the mark. It is reached
when no transaction that old is open: then everything up to it is there, and nothing more can come.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import clock
from mercat.kit.database import driver
from mercat.kit.money import Money
from mercat.ledger.accounts import Account

CERTAIN_AFTER = timedelta(hours=1)
"""How long after a moment it may at the earliest be certain that nothing more comes from before it."""
MOST = 200_000
"""Postings that are folded at a time."""

# asked for before this transaction has a number of its own: whoever wrote up to here has an older one. An entry's
# transaction has its number before its postings have theirs, since the entry is written first
LAST = "SELECT last_value FROM ledger_postings_id_seq WHERE is_called"
MARKS = """
SELECT folded_id, next_id, next_xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
    next_xid >= pg_current_xact_id()::text::bigint
FROM ledger_marks FOR UPDATE
"""
CHOOSE = "UPDATE ledger_marks SET next_id = %s, next_xid = pg_current_xact_id()::text::bigint"
FOLD = """
INSERT INTO ledger_totals AS t (party, account, currency, amount_minor)
SELECT party, account, currency, sum(amount_minor)::bigint FROM ledger_postings WHERE id > %s AND id <= %s
GROUP BY party, account, currency ORDER BY party, account, currency
ON CONFLICT (party, account, currency) DO UPDATE SET amount_minor = t.amount_minor + excluded.amount_minor
"""
ADVANCE = "UPDATE ledger_marks SET folded_id = next_id, next_xid = NULL"
# numbers of postings grow as time goes: what was booked before a moment has none that is higher than the first one of
# an hour later, for nobody takes that long from looking at the clock to writing
CLOSED = """
SELECT folded_id >= coalesce((
    SELECT min(id) - 1 FROM ledger_postings WHERE entry_id = (
        SELECT id FROM ledger_entries WHERE posted_at >= %(later)s ORDER BY posted_at, id LIMIT 1)
), (SELECT last_value FROM ledger_postings_id_seq WHERE is_called), 0) FROM ledger_marks
"""
STANDING = """
SELECT account, currency, sum(amount_minor)::bigint FROM (
    SELECT account, currency, amount_minor FROM ledger_totals WHERE party = %(party)s
    UNION ALL
    SELECT account, currency, amount_minor FROM ledger_postings
    WHERE party = %(party)s AND id > (SELECT folded_id FROM ledger_marks)
) AS every WHERE account = ANY(%(accounts)s) GROUP BY account, currency ORDER BY currency, account
"""


async def standing(session: AsyncSession, party: str, accounts: Sequence[Account]) -> dict[tuple[Account, str], Money]:
    """Return the balances of these accounts of a party, by account and currency: debits positive, credits negative."""
    question = {"party": party, "accounts": [account.value for account in accounts]}
    rows = await (await (await driver(session)).execute(STANDING, question)).fetchall()
    return {(Account(account), currency): Money(minor, currency) for account, currency, minor in rows}


async def fold(session: AsyncSession) -> bool:
    """Take what is certain to be complete into the kept totals, or choose up to where the next call may.

    Nothing else may have been done in this transaction.

    Returns:
        Whether something was folded.
    """
    connection = await driver(session)
    last = await (await connection.execute(LAST)).fetchone()
    marks = await (await connection.execute(MARKS)).fetchone()
    if last is None or marks is None:
        return False
    folded_id, next_id, reached, foreign = marks
    if reached:
        await connection.execute(FOLD, (folded_id, next_id))
        await connection.execute(ADVANCE)
    elif (reached is None or foreign) and last[
        0
    ] > folded_id:  # foreign: the number is of another server, a restored one
        await connection.execute(CHOOSE, (min(last[0], folded_id + MOST),))
    return bool(reached)


async def closed(session: AsyncSession, moment: datetime) -> bool:
    """Whether everything that was booked before a moment is there, and nothing more can come.

    It is not before an hour has passed, nor before the mark has come as far: `fold` moves it. What is closed stays so;
    while nothing was booked after that hour, somebody who is about to do it can make the answer no for a moment.
    """
    later = moment + CERTAIN_AFTER
    if clock.now() < later:
        return False
    row = await (await (await driver(session)).execute(CLOSED, {"later": later})).fetchone()
    return bool(row and row[0])
