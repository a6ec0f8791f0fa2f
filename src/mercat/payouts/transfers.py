"""Transfers by providers: the request is committed before, the outcome after, and the answer may get lost.

The key of a transfer is made from our row. A retry looks for the transfer first: providers forget keys after
a day.
"""

from datetime import datetime
from uuid import UUID

from mercat import outbox
from mercat.auth import Actor
from mercat.kit.database import Database
from mercat.kit.money import Money
from mercat.payments import providers
from mercat.payments.providers import Outgoing, PayoutProvider, ProviderAway, ProviderRefused, Transfer
from mercat.payouts.lifecycle import BY_HAND, OPEN, Status
from mercat.payouts.models import Payout
from mercat.payouts.outcomes import move

SYSTEM = Actor.system()


@outbox.job("payouts.send_payout", attempts=20)
async def send_payout(context: outbox.JobContext, payout_id: str) -> None:
    """Queue a payout to be sent."""
    await send(context.database, UUID(payout_id))


async def send(database: Database, payout_id: UUID) -> str:
    """Request a payout's transfer from its provider, and update the payout. Idempotent: nothing is sent twice.

    Returns:
        The status of the payout.

    Raises:
        ProviderAway: the outcome is unknown; try again.
    """
    async with database.transaction() as session:
        payout = await session.get_one(Payout, payout_id)
        if payout.method in BY_HAND or payout.status not in OPEN:
            return payout.status
        asked_before = not await move(session, SYSTEM, payout_id, Status.sent)
    payout_service = providers.payout_service(payout.method, database)
    wanted = Outgoing(
        payout_id, payout.vendor_id, Money(payout.amount_minor, payout.currency), payout.account_ref or ""
    )
    made = await _found(payout_service, payout_id, payout.requested_at) if asked_before else None
    failure = ""
    if made is None:
        try:
            made = await payout_service.transfer(wanted)
        except ProviderRefused as refused:
            failure = refused.message
    async with database.transaction() as session:
        if made is not None:
            await move(session, SYSTEM, payout_id, Status.paid, ref=made.ref)
        else:
            await move(session, SYSTEM, payout_id, Status.failed, reason=failure)
        return (await session.get_one(Payout, payout_id, populate_existing=True)).status


async def _found(payout_service: PayoutProvider, payout_id: UUID, since: datetime) -> Transfer | None:
    """Return the transfer of an earlier attempt. A refusal to look is no answer: one may exist all the same."""
    try:
        return await payout_service.find_transfer(payout_id, since)
    except ProviderRefused as refused:
        raise ProviderAway(refused.message) from None
