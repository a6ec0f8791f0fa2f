"""Clearing: the vendor's revenue from a vendor order becomes due for payout when its hold is over.

The balances of the vendor's share move to `payable`. A later refund takes its share from the former accounts again,
where a further sweep finds it: `payable` gets smaller, and can become negative.

Locks the order, as every other movement of its money does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import ledger, payments
from mercat.kit import clock
from mercat.ledger import SHARE_OF_VENDOR, Account
from mercat.orders import transitions
from mercat.orders.lifecycle import Status
from mercat.orders.models import VendorOrder

NOTHING_SOLD = (Status.pending, Status.cancelled, Status.expired)
# an order is only checked if it had a refund: nothing else takes from a vendor order that has cleared
UNSWEPT = text("""
SELECT DISTINCT e.order_id FROM ledger_entries e
JOIN vendor_orders v ON v.order_id = e.order_id AND v.cleared_at IS NOT NULL
WHERE e.kind IN ('refund.paid', 'refund.reversed') AND (CAST(:since AS timestamptz) IS NULL OR e.posted_at >= :since)
AND (CAST(:vendor_id AS uuid) IS NULL OR v.vendor_id = :vendor_id) AND EXISTS (
    SELECT FROM ledger_entries f JOIN ledger_postings p ON p.entry_id = f.id
    WHERE f.order_id = e.order_id AND p.party = v.vendor_id::text AND p.account = ANY(:accounts)
    GROUP BY p.account, p.currency HAVING sum(p.amount_minor) <> 0)
""")


@dataclass(frozen=True, slots=True)
class DueVendorOrder:
    """A vendor order that was delivered long enough ago."""

    delivered_at: datetime
    vendor_order_id: UUID
    order_id: UUID


async def due(
    session: AsyncSession, delivered_before: datetime, *, after: DueVendorOrder | None = None, limit: int
) -> Sequence[DueVendorOrder]:
    """Return vendor orders that may clear, those delivered first before others; `after` continues behind one."""
    wanted = select(VendorOrder.delivered_at, VendorOrder.id, VendorOrder.order_id).where(
        VendorOrder.cleared_at.is_(None),
        VendorOrder.delivered_at <= delivered_before,
        VendorOrder.status.not_in(NOTHING_SOLD),
    )
    if after is not None:
        wanted = wanted.where(
            tuple_(VendorOrder.delivered_at, VendorOrder.id) > (after.delivered_at, after.vendor_order_id)
        )
    rows = await session.execute(wanted.order_by(VendorOrder.delivered_at, VendorOrder.id).limit(limit))
    return [
        DueVendorOrder(delivered_at, vendor_order_id, order_id)
        for delivered_at, vendor_order_id, order_id in rows
        if delivered_at
    ]


async def clear(session: AsyncSession, order_id: UUID, delivered_before: datetime) -> int:
    """Clear the vendor orders of an order that were delivered by then, each once; returns how many.

    An order that is unpaid or disputed does not clear. Locks the order.
    """
    order = await transitions.for_update(session, order_id)
    if order.paid_at is None or await payments.disputed(session, order_id):
        return 0
    cleared = await session.execute(
        update(VendorOrder)
        .where(
            VendorOrder.order_id == order_id,
            VendorOrder.cleared_at.is_(None),
            VendorOrder.delivered_at <= delivered_before,
            VendorOrder.status.not_in(NOTHING_SOLD),
        )
        .values(cleared_at=clock.now())
        .returning(VendorOrder.id, VendorOrder.vendor_id)
        .execution_options(synchronize_session=False)
    )
    vendor_orders = sorted((row[0], row[1]) for row in cleared)
    for vendor_order_id, vendor_id in vendor_orders:
        await _move_over(session, order_id, vendor_order_id, vendor_id)
    return len(vendor_orders)


async def sweep(session: AsyncSession, order_id: UUID) -> None:
    """Move what refunds have taken from vendor orders of an order since they cleared. Locks the order."""
    await transitions.for_update(session, order_id)
    rows = await session.execute(
        select(VendorOrder.id, VendorOrder.vendor_id)
        .where(VendorOrder.order_id == order_id, VendorOrder.cleared_at.is_not(None))
        .order_by(VendorOrder.id)
    )
    for vendor_order_id, vendor_id in rows.all():
        await _move_over(session, order_id, vendor_order_id, vendor_id)


async def unswept(session: AsyncSession, *, vendor_id: UUID | None = None, since: datetime | None = None) -> list[UUID]:
    """Return orders with cleared vendor orders, of one vendor or of all, of which something was refunded since."""
    accounts = [account.value for account in SHARE_OF_VENDOR]
    found = await session.scalars(UNSWEPT, {"vendor_id": vendor_id, "since": since, "accounts": accounts})
    return sorted(found)


async def _move_over(session: AsyncSession, order_id: UUID, vendor_order_id: UUID, vendor_id: UUID) -> None:
    """Bring the rest of a vendor order to `payable`. A vendor has one per order: all its postings are for that one."""
    party = str(vendor_id)
    left = await ledger.left_in_order(session, order_id, party, SHARE_OF_VENDOR)
    if not left:
        return
    cause = f"vendor_order.cleared:{vendor_order_id}:"
    postings = [one.on(one.account, party, -1) for one in left]
    postings += [one.on(Account.payable, party, 1) for one in ledger.added_up(left)]
    times = await ledger.times_booked(session, order_id, cause)
    await ledger.post(session, ledger.Entry(f"{cause}{times + 1}", postings, order_id))
