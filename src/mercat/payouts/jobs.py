"""What payouts do by themselves."""

from mercat import outbox
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.logs import logger
from mercat.payouts import clearing, running
from mercat.payouts.config import settings
from mercat.payouts.periods import period


@outbox.every("*/10 * * * *", "payouts.clear_due")
async def clear_due(context: outbox.JobContext) -> None:
    """Let what shops have earned become due when its hold is over."""
    cleared = await clearing.clear_due(context.database)
    if cleared:
        logger.info("parts_cleared", parts=cleared)


@outbox.every("7 * * * *", "payouts.run_when_due")
async def run_when_due(context: outbox.JobContext) -> None:
    """Begin the run of the period that has begun, unless there was one: a worker that was away makes up for it."""
    due = period(settings().payout_schedule, clock.now())
    if due is not None:
        async with context.database.transaction() as session:
            await running.start(session, Actor.system(), period=due)
