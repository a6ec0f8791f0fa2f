"""Runs: every vendor that is due is paid its payable balance, once, however many runs there are at a time.

A run is written first and carried out by a job, one vendor a transaction. A vendor's payouts are decided under the
lock of its account's row; an index allows one open payout for each vendor and currency.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox, vendors
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.database import Database
from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.kit.problems import NotFound
from mercat.payouts import books, clearing, numbers, transfers
from mercat.payouts.config import settings
from mercat.payouts.lifecycle import BY_HAND, Status
from mercat.payouts.models import Payout, PayoutAccount, PayoutRun

BATCH = 200
LOOK_BACK = timedelta(days=30)
"""How long the event of a refund may be delayed before only `reconcile` makes up for it."""
JUST_NOW = timedelta(minutes=5)
"""What began to be refunded before a run looked, and was committed after it."""


async def start(
    session: AsyncSession, actor: Actor, *, period: str | None = None, vendor_id: UUID | None = None
) -> UUID | None:
    """Write a run and queue it; `vendor_id` limits it to a vendor. A period has one run: None if it had it.

    Raises:
        NotFound: no such vendor.
    """
    if vendor_id is not None and vendor_id not in await vendors.references(session, [vendor_id]):
        raise NotFound
    run_id: UUID | None = await session.scalar(
        insert(PayoutRun)
        .values(id=new_id(), period=period, vendor_id=vendor_id, requested_at=clock.now())
        .on_conflict_do_nothing(index_elements=["period"])
        .returning(PayoutRun.id)
    )
    if run_id is None:
        return None
    wanted = audit.difference({}, {"period": period, "vendor_id": vendor_id})
    await audit.record(session, actor, "payout_run.started", run_id, changes=wanted)
    await outbox.defer(session, carry_out_run, run_id=str(run_id))
    return run_id


@outbox.job("payouts.carry_out_run")
async def carry_out_run(context: outbox.JobContext, run_id: str) -> None:
    """Pay every vendor of a run; those paid in an earlier attempt are skipped."""
    await carry_out(context.database, UUID(run_id))


@outbox.job("payouts.pay_vendor")
async def pay_vendor(context: outbox.JobContext, vendor_id: str, run_id: str) -> None:
    """Pay a vendor that failed to be paid with the others of its run."""
    await _pay(context.database, UUID(run_id), UUID(vendor_id), since=clock.now() - LOOK_BACK)


async def carry_out(database: Database, run_id: UUID) -> None:
    """Make the payouts of a run. Idempotent, also when run concurrently.

    Refunds are swept for all vendors first, and again for each vendor right before it is paid.
    """
    began = clock.now()
    await clearing.catch_up(database, since=began - LOOK_BACK)
    failed = await outbox.apart(database, pay_vendor, "vendor_id")
    after: UUID | None = None
    while True:
        async with database.transaction() as session:
            run = await session.get_one(PayoutRun, run_id)
            if run.finished_at is not None:
                return
            vendor_ids = await _vendor_ids(session, run.vendor_id, after)
        for vendor_id in vendor_ids:
            if vendor_id not in failed.ids:
                async with failed.one(vendor_id, run_id=str(run_id)):
                    await _pay(database, run_id, vendor_id, since=began - JUST_NOW)
        if len(vendor_ids) < BATCH:
            break
        after = vendor_ids[-1]
    async with database.transaction() as session:
        done = update(PayoutRun).where(PayoutRun.id == run_id, PayoutRun.finished_at.is_(None))
        await session.execute(done.values(finished_at=clock.now()))


async def _pay(database: Database, run_id: UUID, vendor_id: UUID, *, since: datetime) -> None:
    await clearing.catch_up(database, vendor_id=vendor_id, since=since)
    async with database.transaction() as session:
        await pay(session, run_id, vendor_id)


async def pay(session: AsyncSession, run_id: UUID, vendor_id: UUID) -> list[UUID]:
    """Make a vendor's payouts, one for each currency in which enough can be paid. Locks the vendor's payout account.

    Suspended vendors, vendors whose account has just changed or whose number no key opens get nothing; their money
    stays on their balance.
    """
    locked = select(PayoutAccount).where(PayoutAccount.vendor_id == vendor_id).with_for_update()
    account = await session.scalar(locked.execution_options(populate_existing=True))
    if account is None or not _may_be_paid(account, clock.now()) or not await vendors.is_active(session, vendor_id):
        return []
    made = []
    for amount in await books.payable(session, vendor_id):
        if amount.minor > 0 and Money.of(settings().payout_minimum, amount.currency) <= amount:
            payout_id = await _request(session, run_id, account, amount)
            made += [payout_id] if payout_id else []
    return made


def _may_be_paid(account: PayoutAccount, now: datetime) -> bool:
    free = account.ready and (account.held_until is None or account.held_until <= now)
    return free and (account.method not in BY_HAND or numbers.readable(account))


async def _vendor_ids(session: AsyncSession, only: UUID | None, after: UUID | None) -> Sequence[UUID]:
    wanted = select(PayoutAccount.vendor_id).where(PayoutAccount.ready)
    if only is not None:
        wanted = wanted.where(PayoutAccount.vendor_id == only)
    if after is not None:
        wanted = wanted.where(PayoutAccount.vendor_id > after)
    return (await session.scalars(wanted.order_by(PayoutAccount.vendor_id).limit(BATCH))).all()


async def _request(session: AsyncSession, run_id: UUID, account: PayoutAccount, amount: Money) -> UUID | None:
    """Take an amount from the balance; None if a payout is open already, or the run has made one."""
    by_hand = account.method in BY_HAND
    payout_id = new_id()
    made: Payout | None = await session.scalar(
        insert(Payout)
        .values(
            id=payout_id,
            run_id=run_id,
            vendor_id=account.vendor_id,
            currency=amount.currency,
            amount_minor=amount.minor,
            status=Status.requested,
            method=account.method,
            holder=account.holder if by_hand else "",
            **numbers.sealed(payout_id, numbers.opened(account) if by_hand else None),
            bic=account.bic if by_hand else None,
            account_ref=None if by_hand else account.provider_ref,
            requested_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(Payout)
    )
    if made is None:
        return None
    await books.requested(session, made)
    told = audit.difference({}, {"vendor_id": made.vendor_id, "amount": amount, "method": made.method})
    await audit.record(session, Actor.system(), "payout.requested", made.id, changes=told)
    if not by_hand:
        await outbox.defer(session, transfers.send_payout, payout_id=str(made.id))
    return made.id
