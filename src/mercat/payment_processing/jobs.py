"""Jobs of payment processing. Each may run any number of times and is retried until it succeeds."""

from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from mercat import outbox, payments
from mercat.kit import clock, metrics
from mercat.kit.logs import logger
from mercat.payment_processing import charge_lookup, refund_service
from mercat.payment_processing.provider_calls import refresh
from mercat.payment_processing.reconciliation import reconcile
from mercat.payments import providers

BATCH = 50
DIFFERENCES = metrics.gauge(
    "mercat_reconcile_differences",
    "Differences of payments, providers and books that the last comparison has left.",
)
RECONCILED = metrics.gauge("mercat_reconcile_timestamp_seconds", "When payments and books were last compared.")
LOOK_BACK = timedelta(days=7)


@outbox.job("payment_processing.abandon_charge")
async def abandon_charge(context: outbox.JobContext, payment_id: str) -> None:
    """Void a payment at its provider."""
    await refund_service.abandon(context.database, UUID(payment_id))


@outbox.job("payment_processing.delete_saved_cards")
async def delete_saved_cards_of(context: outbox.JobContext, provider: str, customer: str) -> None:
    """Delete every saved card of a person at a provider."""
    found = providers.provider(provider, context.database)
    for method in await found.methods(customer):
        await found.detach(method.ref)


@outbox.job("payment_processing.handle_webhook")
async def handle_webhook(context: outbox.JobContext, webhook_id: str) -> None:
    """Find out what a webhook is about, and update the payment."""
    await charge_lookup.handle(context.database, UUID(webhook_id))


@outbox.job("payment_processing.refresh_payment")
async def refresh_payment(context: outbox.JobContext, payment_id: str) -> None:
    """Query a payment's state. One that its provider does not know is a finding for a person, no failure of a job."""
    try:
        await refresh(context.database, UUID(payment_id))
    except payments.PaymentRefused as refused:
        if refused.extras["provider_code"] not in providers.UNKNOWN:
            raise
        async with context.database.transaction() as session:
            if await payments.note_unknown(session, UUID(payment_id)):
                logger.error("payment_unknown_to_provider", payment=payment_id)


@outbox.every(outbox.seconds(30), "payment_processing.look_after_payments")
async def look_after_payments(context: outbox.JobContext) -> None:
    """Query payments under way without news for a while: a webhook may never arrive."""
    async with context.database.transaction() as session:
        for payment_id in await payments.unheard_of(session, BATCH):
            await outbox.defer(session, refresh_payment, payment_id=str(payment_id))


@outbox.every(outbox.daily(2, 41), "payment_processing.reconcile", lane=outbox.Lane.bulk)
async def reconcile_daily(context: outbox.JobContext) -> None:
    """Compare the last days with every provider, repair what has one safe answer, and log the rest for a person."""
    report = await reconcile(context.database, since=clock.now() - LOOK_BACK, repair=True)
    for difference in report.open:
        logger.error("money_differs", **asdict(difference))
    for name in (*report.away, *report.not_set_up):
        logger.error("provider_not_compared", provider=name)
    DIFFERENCES.set(len(report.open))
    RECONCILED.set(clock.now().timestamp())
    logger.info("reconciled", charges=report.charges, found=len(report.differences), left=len(report.open))
