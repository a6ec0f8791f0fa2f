"""Payouts that happened elsewhere or long ago: written as they were, without publishing events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.orders import clearing
from mercat.payouts import books, numbers
from mercat.payouts.config import settings
from mercat.payouts.lifecycle import Method, Status
from mercat.payouts.models import Payout, PayoutAccount, PayoutRun

BATCH = 1000


@dataclass(frozen=True, slots=True)
class PastAccount:
    """The former payout account of a vendor, by bank transfer."""

    vendor_id: UUID
    holder: str
    iban: str


async def record_past(session: AsyncSession, accounts: Sequence[PastAccount], at: datetime) -> int:
    """Backfill the payouts of what had cleared by this time; returns how many payouts.

    The ledger's entries are of that time: backfill in order of time.
    """
    for account in accounts:
        values: dict[str, object] = {"method": Method.manual, "holder": account.holder, "ready": True}
        values |= numbers.sealed(account.vendor_id, account.iban)
        made = insert(PayoutAccount).values(vendor_id=account.vendor_id, **values)
        await session.execute(made.on_conflict_do_nothing())
    await clear_past(session, at)
    with clock.standing_at(at):
        return await _pay(session, accounts, at)


async def clear_past(session: AsyncSession, at: datetime) -> None:
    """Clear what could clear by this time."""
    with clock.standing_at(at):
        await _clear(session, at - timedelta(days=settings().payout_hold_days))


async def _clear(session: AsyncSession, before: datetime) -> None:
    while found := await clearing.due(session, before, limit=BATCH):
        done = [await clearing.clear(session, order_id, before) for order_id in {part.order_id for part in found}]
        if not any(done):
            return


async def _pay(session: AsyncSession, accounts: Sequence[PastAccount], at: datetime) -> int:
    run = PayoutRun(id=new_id(), requested_at=at, finished_at=at)
    session.add(run)
    await session.flush()
    made = []
    for account in accounts:
        for amount in await books.payable(session, account.vendor_id):
            if amount.minor > 0:
                payout_id = new_id()
                payout = Payout(
                    id=payout_id,
                    run_id=run.id,
                    vendor_id=account.vendor_id,
                    currency=amount.currency,
                    amount_minor=amount.minor,
                    status=Status.paid,
                    method=Method.manual,
                    holder=account.holder,
                    **numbers.sealed(payout_id, account.iban),
                    provider_ref=f"{at:%Y-%m-%d}",
                    requested_at=at,
                    settled_at=at,
                )
                session.add(payout)
                made.append(payout)
    await session.flush()
    for payout in made:
        await books.requested(session, payout)
        await books.paid(session, payout)
    return len(made)
