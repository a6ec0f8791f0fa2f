"""Reads of the books."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.money import Money
from mercat.kit.pagination import complete
from mercat.kit.sorts import Sorts, numbered_page
from mercat.ledger.accounts import Account
from mercat.ledger.models import LedgerEntry, LedgerPosting
from mercat.ledger.schemas import BalanceRead, Balances, EntryRead, LedgerListing, PostingRead

SORTS = Sorts(LedgerEntry.id, {"posted_at": LedgerEntry.posted_at})


async def page(session: AsyncSession, listing: LedgerListing) -> tuple[list[EntryRead], int]:
    """Return a numbered page of entries, and how many there are."""
    wanted = _wanted(listing)
    rows, total = await numbered_page(session, SORTS.ordered(wanted, listing.sort), listing.numbered)
    return await _shown(session, list(rows.scalars())), total


async def by_cursor(session: AsyncSession, listing: LedgerListing) -> tuple[list[EntryRead], str | None]:
    """Return a page of entries by cursor, and the cursor of the next one."""
    rows, following = await SORTS.page_after(session, _wanted(listing), listing.sort, listing)
    return await _shown(session, [entry for (entry,) in rows]), following


async def of_payment(session: AsyncSession, payment_id: UUID) -> list[EntryRead]:
    """Return the entries that a payment caused, the oldest first; the caller has authorised."""
    rows = await session.scalars(
        select(LedgerEntry).where(LedgerEntry.payment_id == payment_id).order_by(LedgerEntry.id)
    )
    return await _shown(session, list(rows))


async def balances(session: AsyncSession) -> Balances:
    """Return the balance of every account."""
    rows = await session.execute(
        select(LedgerPosting.account, LedgerPosting.party, LedgerPosting.currency, func.sum(LedgerPosting.amount_minor))
        .group_by(LedgerPosting.account, LedgerPosting.party, LedgerPosting.currency)
        .order_by(LedgerPosting.account, LedgerPosting.party, LedgerPosting.currency)
    )
    items = [
        BalanceRead(account=Account(account), party=party, balance=Money(int(minor), currency))
        for account, party, currency, minor in rows
    ]
    sums: dict[str, int] = defaultdict(int)
    for item in items:
        sums[item.balance.currency] += item.balance.minor
    return Balances(**dict(complete(items)), in_balance=not any(sums.values()))


async def unbalanced(session: AsyncSession) -> list[UUID]:
    """Return entries whose postings do not add up; the database refuses them, so that this is for checks alone."""
    rows = await session.scalars(
        select(LedgerPosting.entry_id)
        .group_by(LedgerPosting.entry_id, LedgerPosting.currency)
        .having(func.sum(LedgerPosting.amount_minor) != 0)
        .distinct()
    )
    return list(rows)


def _wanted(listing: LedgerListing) -> Select[LedgerEntry]:
    statement = select(LedgerEntry)
    if listing.order_id is not None:
        statement = statement.where(LedgerEntry.order_id == listing.order_id)
    if listing.payment_id is not None:
        statement = statement.where(LedgerEntry.payment_id == listing.payment_id)
    if listing.kind:
        statement = statement.where(LedgerEntry.kind.in_(listing.kind))
    if listing.account:
        touched = exists().where(LedgerPosting.entry_id == LedgerEntry.id, LedgerPosting.account.in_(listing.account))
        statement = statement.where(touched)
    return statement


async def _shown(session: AsyncSession, entries: Sequence[LedgerEntry]) -> list[EntryRead]:
    postings: dict[UUID, list[PostingRead]] = defaultdict(list)
    ids = [entry.id for entry in entries]
    rows = await session.scalars(
        select(LedgerPosting).where(LedgerPosting.entry_id.in_(ids)).order_by(LedgerPosting.id)
    )
    for row in rows:
        amount = Money(row.amount_minor, row.currency)
        foreign = row.original_currency
        original = None if foreign is None else Money(row.original_minor or 0, foreign)
        posting = PostingRead(account=Account(row.account), party=row.party, amount=amount, original=original)
        postings[row.entry_id].append(posting)
    return [
        EntryRead(
            id=entry.id,
            cause=entry.cause,
            kind=entry.kind,
            order_id=entry.order_id,
            payment_id=entry.payment_id,
            posted_at=entry.posted_at,
            postings=postings[entry.id],
        )
        for entry in entries
    ]
