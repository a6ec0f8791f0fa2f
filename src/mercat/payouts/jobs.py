"""Scheduled jobs of payouts."""

from dataclasses import asdict
from datetime import timedelta

from mercat import outbox
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.logs import logger
from mercat.payouts import accounts, clearing, payout_runs, sealing, stripe_accounts
from mercat.payouts.config import settings
from mercat.payouts.periods import period
from mercat.payouts.reconciliation import reconcile

LOOK_BACK = timedelta(days=7)


@outbox.every(outbox.minutes(10), "payouts.clear_due", lane=outbox.Lane.bulk)
async def clear_due(context: outbox.JobContext) -> None:
    """Clear vendors' revenue when its hold is over."""
    cleared = await clearing.clear_due(context.database)
    if cleared:
        logger.info("vendor_orders_cleared", vendor_orders=cleared)


@outbox.every(outbox.hourly(minute=7), "payouts.run_when_due")
async def run_when_due(context: outbox.JobContext) -> None:
    """Begin the run of the current period, unless there was one: a worker that was away makes up for it."""
    due = period(settings().payout_schedule, clock.now())
    if due is not None:
        async with context.database.transaction() as session:
            await payout_runs.start(session, Actor.system(), period=due)


@outbox.every(outbox.hourly(minute=23), "payouts.look_after_accounts")
async def look_after_accounts(context: outbox.JobContext) -> None:
    """Query the accounts that are not ready yet: a webhook may never arrive."""
    async with context.database.transaction() as session:
        for ref in await accounts.waiting(session):
            await outbox.defer(session, stripe_accounts.refresh_account, ref=ref)


@outbox.every(outbox.hourly(minute=47), "payouts.seal_numbers", lane=outbox.Lane.bulk)
async def seal_numbers(context: outbox.JobContext) -> None:
    """Reseal numbers of bank accounts that a former secret key has sealed; then that key can be dropped."""
    anew = await sealing.seal_anew(context.database)
    if anew:
        logger.info("bank_numbers_sealed", anew=anew)


@outbox.every(outbox.daily(2, 53), "payouts.reconcile", lane=outbox.Lane.bulk)
async def reconcile_daily(context: outbox.JobContext) -> None:
    """Compare the last days with every provider, repair what has one safe answer, and log the rest for a person."""
    report = await reconcile(context.database, since=clock.now() - LOOK_BACK, repair=True)
    for difference in report.open:
        logger.error("payouts_differ", **asdict(difference))
    logger.info("payouts_reconciled", transfers=report.transfers, found=len(report.differences), left=len(report.open))
