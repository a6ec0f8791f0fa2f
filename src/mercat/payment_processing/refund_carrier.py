"""The one carrier of refunds: only the job `payment_processing.send_refund` sends them to their provider.

A refund is requested in orders and payments, which publish `RefundRequested`; the reaction queues its job. A caller
that waits for the answer, an operator or reconciliation, queues the job in its own transaction and carries it at once.
There is never a second one beside it, and a job that could not be finished goes on to a worker (ADR 0034).
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.kit.database import Database
from mercat.payment_processing import refund_service
from mercat.payments import refunds


@outbox.job("payment_processing.send_refund")
async def send_refund(context: outbox.JobContext, refund_id: str) -> None:
    """Send a refund through its provider."""
    await refund_service.send(context.database, UUID(refund_id))


async def queue(session: AsyncSession, refund_id: UUID) -> None:
    """Queue a refund for a worker, unless it was sent or its job exists already."""
    if await refunds.is_unsent(session, refund_id) and not await _is_queued(session, refund_id):
        await outbox.defer(session, send_refund, refund_id=str(refund_id))


async def claim(session: AsyncSession, refund_id: UUID) -> outbox.Claim | None:
    """Queue a refund's job for this process, which calls `carry` after its commit; None if it has nothing to send."""
    if not await refunds.is_pending(session, refund_id) or await _is_queued(session, refund_id):
        return None
    return await outbox.defer_claimed(session, send_refund, refund_id=str(refund_id))


async def carry(database: Database, claimed: outbox.Claim | None) -> None:
    """Send a refund now. If its provider does not answer, the job is retried until it does."""
    if claimed is not None:
        await outbox.carry(outbox.JobContext(database), claimed)


async def _is_queued(session: AsyncSession, refund_id: UUID) -> bool:
    return await outbox.is_queued(session, send_refund, refund_id=str(refund_id))
