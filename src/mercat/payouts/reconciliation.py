"""Reconciliation of payouts with the providers' transfers, and with the ledger.

What has one safe answer is repaired: a payout whose answer was lost is queried again, a missed refund is swept.
Everything else is reported, and left to a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import payments
from mercat.kit import clock
from mercat.kit.database import Database, driver
from mercat.kit.money import Money
from mercat.payments import Difference, Findings, providers
from mercat.payments.providers import ProviderAway, ProviderRefused, Transfer
from mercat.payouts import clearing
from mercat.payouts.lifecycle import BY_HAND, OPEN, Status
from mercat.payouts.models import Payout
from mercat.payouts.transfers import send

WAITING = timedelta(minutes=10)
"""What was requested more recently is under way, not lost."""
# each payout has exactly the entries that its status requires
BOOKS = """
SELECT p.id, p.status, w.kind FROM payouts p CROSS JOIN (
    VALUES ('payout.requested'), ('payout.paid'), ('payout.failed')) AS w(kind)
WHERE (w.kind = 'payout.requested' OR w.kind = 'payout.' || p.status)
    <> EXISTS (SELECT FROM ledger_entries e WHERE e.cause = w.kind || ':' || p.id)
ORDER BY p.id LIMIT 1000
"""


@dataclass(slots=True)
class Report(Findings):
    """What was checked and what was found."""

    payouts: int = 0
    transfers: int = 0


async def reconcile(database: Database, *, since: datetime, repair: bool) -> Report:
    """Compare everything since then; a second run finds nothing that was repaired."""
    report = Report()
    await _lost(database, report, repair=repair)
    for name in providers.online():
        try:
            await _transfers(database, name, since, report)
        except (ProviderAway, ProviderRefused, payments.ProviderUnavailable):
            report.away.append(name)
    await _books(database, report, repair=repair)
    return report


async def _lost(database: Database, report: Report, *, repair: bool) -> None:
    """Check payouts that a provider should have made a while ago."""
    async with database.transaction() as session:
        long_ago = Payout.requested_at < clock.now() - WAITING
        wanted = select(Payout.id, Payout.status).where(
            Payout.status.in_(OPEN), Payout.method.not_in(BY_HAND), long_ago
        )
        waiting = [(row[0], row[1]) for row in await session.execute(wanted.order_by(Payout.id))]
    for payout_id, before in waiting:
        state = before
        if repair:
            try:
                state = await send(database, payout_id)
            except (ProviderAway, LookupError):
                state = before
        done = state not in OPEN
        report.differences.append(Difference("payout_waits", f"payout {payout_id}", before, state, repaired=done))


async def _transfers(database: Database, name: str, since: datetime, report: Report) -> None:
    """Compare a provider's transfers with its payouts, both ways."""
    theirs: dict[UUID | None, list[Transfer]] = {}
    async for transfer in providers.payout_service(name, database).transfers(since):
        report.transfers += 1
        theirs.setdefault(transfer.payout_id, []).append(transfer)
    async with database.transaction() as session:
        ours = await _paid(session, name, since, [payout_id for payout_id in theirs if payout_id])
    report.payouts += len(ours)
    for payout_id, transfers in theirs.items():
        sent = sum(transfer.amount.minor for transfer in transfers)
        payout = ours.get(payout_id) if payout_id else None
        known = payout.amount_minor if payout and payout.status in {Status.paid, *OPEN} else 0
        currency = transfers[0].amount.currency
        if sent != known:
            about = f"payout {payout_id}" if payout_id else transfers[0].ref
            found = Difference("transfer", about, str(Money(known, currency)), str(Money(sent, currency)))
            report.differences.append(found)
        report.differences += _reversed(transfers)
    missing = [payout for payout in ours.values() if payout.status == Status.paid and payout.id not in theirs]
    report.differences += [
        Difference("unknown_to_provider", f"payout {payout.id}", payout.status, "nothing")
        for payout in missing
        if payout.settled_at and payout.settled_at >= since
    ]


def _reversed(transfers: Iterable[Transfer]) -> list[Difference]:
    """Report transfers reversed at the provider: a person must decide whose money that is."""
    return [
        Difference("transfer_reversed", transfer.ref, "paid", "reversed") for transfer in transfers if transfer.reversed
    ]


async def _paid(session: AsyncSession, name: str, since: datetime, named: list[UUID]) -> dict[UUID, Payout]:
    wanted = select(Payout).where(
        Payout.method == name, (Payout.settled_at >= since) | Payout.id.in_(named) | Payout.status.in_(OPEN)
    )
    return {payout.id: payout for payout in await session.scalars(wanted)}


async def _books(database: Database, report: Report, *, repair: bool) -> None:
    async with database.transaction() as session:
        rows = await (await (await driver(session)).execute(BOOKS)).fetchall()
        report.differences += [Difference("not_as_booked", f"payout {id_}", status, kind) for id_, status, kind in rows]
        behind = await clearing.behind(session)
    if behind and repair:
        await clearing.catch_up(database)
    report.differences += [
        Difference("not_swept", f"order {order_id}", "refunded", "on the balance", repaired=repair)
        for order_id in behind
    ]
