"""Reads of payouts."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import ledger
from mercat.kit import clock
from mercat.kit.money import Money
from mercat.kit.sorts import Sorts, numbered_page
from mercat.ledger import SHARE_OF_VENDOR, Account
from mercat.payouts import accounts, numbers
from mercat.payouts.config import settings
from mercat.payouts.exceptions import PayoutNotFound, PayoutRunNotFound
from mercat.payouts.lifecycle import BY_HAND, OPEN, Method, Status
from mercat.payouts.listings import OperatorListing, PayoutListing
from mercat.payouts.models import Payout, PayoutRun
from mercat.payouts.periods import next_run
from mercat.payouts.schemas import BalanceRead, PayoutRead, RunRead, VendorBalance

SORTS = Sorts(Payout.id, {"requested_at": Payout.requested_at, "amount": Payout.amount_minor})
STANDS_ON = (*SHARE_OF_VENDOR, Account.payable, Account.payouts)


async def balance(session: AsyncSession, vendor_id: UUID) -> VendorBalance:
    """Return what a vendor is owed; as fast for a vendor with many orders as for one with few."""
    standing = await ledger.standing(session, str(vendor_id), STANDS_ON)
    rows = await session.execute(
        select(Payout.currency, func.sum(Payout.amount_minor))
        .where(Payout.vendor_id == vendor_id, Payout.status == Status.paid)
        .group_by(Payout.currency)
    )
    paid = {currency: int(minor) for currency, minor in rows}
    ready, held_until = await accounts.standing_of(session, vendor_id)
    now = clock.now()
    return VendorBalance(
        balances=[_balance(currency, standing, paid.get(currency, 0)) for currency in sorted({c for _, c in standing})],
        next_payout_at=next_run(settings().payout_schedule, now),
        held_until=held_until if held_until and held_until > now else None,
        ready=ready,
    )


def _balance(currency: str, standing: Mapping[tuple[Account, str], Money], paid: int) -> BalanceRead:
    def owed(*on: Account) -> Money:
        found = (standing.get((account, currency)) for account in on)
        return Money(-sum(amount.minor for amount in found if amount), currency)

    return BalanceRead(
        pending=owed(*SHARE_OF_VENDOR),
        payable=owed(Account.payable),
        on_the_way=owed(Account.payouts),
        paid_out=Money(paid, currency),
    )


async def of_vendor(session: AsyncSession, vendor_id: UUID, listing: PayoutListing) -> tuple[list[PayoutRead], int]:
    """Return a page of a vendor's payouts, and how many there are."""
    return await _page(session, select(Payout).where(Payout.vendor_id == vendor_id), listing)


async def page(session: AsyncSession, listing: OperatorListing) -> tuple[list[PayoutRead], int]:
    """Return a page of payouts of all vendors, and how many there are."""
    wanted = select(Payout)
    if listing.vendor is not None:
        wanted = wanted.where(Payout.vendor_id == listing.vendor)
    if listing.run is not None:
        wanted = wanted.where(Payout.run_id == listing.run)
    return await _page(session, wanted, listing)


async def read(session: AsyncSession, payout_id: UUID) -> PayoutRead:
    """Return a payout; the caller has authorised.

    Raises:
        PayoutNotFound: there is none.
    """
    payout = await session.get(Payout, payout_id, populate_existing=True)
    if payout is None:
        raise PayoutNotFound
    return shown(payout)


async def run(session: AsyncSession, run_id: UUID) -> RunRead:
    """Return a run.

    Raises:
        PayoutRunNotFound: there is none.
    """
    found = await session.get(PayoutRun, run_id, populate_existing=True)
    if found is None:
        raise PayoutRunNotFound
    counted = await session.execute(
        select(Payout.status, func.count()).where(Payout.run_id == run_id).group_by(Payout.status)
    )
    return RunRead(
        id=run_id,
        period=found.period,
        requested_at=found.requested_at,
        finished_at=found.finished_at,
        payouts={Status(status): count for status, count in counted},
    )


async def by_hand(session: AsyncSession, run_id: UUID) -> list[Payout]:
    """Return a run's open manual payouts, the oldest first.

    Raises:
        PayoutRunNotFound: there is no such run.
    """
    if await session.get(PayoutRun, run_id) is None:
        raise PayoutRunNotFound
    wanted = select(Payout).where(Payout.run_id == run_id, Payout.method.in_(BY_HAND), Payout.status.in_(OPEN))
    return list(await session.scalars(wanted.order_by(Payout.id)))


async def _page(session: AsyncSession, wanted: Select[Payout], listing: PayoutListing) -> tuple[list[PayoutRead], int]:
    if listing.status:
        wanted = wanted.where(Payout.status.in_(listing.status))
    rows, total = await numbered_page(session, SORTS.ordered(wanted, listing.sort), listing)
    return [shown(payout) for payout in rows.scalars()], total


def shown(payout: Payout) -> PayoutRead:
    """Return a payout as people see it."""
    return PayoutRead(
        id=payout.id,
        run_id=payout.run_id,
        vendor_id=payout.vendor_id,
        amount=Money(payout.amount_minor, payout.currency),
        status=Status(payout.status),
        method=Method(payout.method),
        account=payout.iban_ends or numbers.masked(payout.account_ref),
        reference=payout.provider_ref,
        failure=payout.failure,
        requested_at=payout.requested_at,
        sent_at=payout.sent_at,
        settled_at=payout.settled_at,
    )
