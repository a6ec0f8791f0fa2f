"""What carts do by themselves."""

from mercat import outbox
from mercat.cart import retention
from mercat.kit.logs import logger


@outbox.every(outbox.daily(4, 17), "cart.purge_guests", lane=outbox.Lane.bulk)
async def purge_guests(context: outbox.JobContext) -> None:
    """Delete old, untouched carts of guests."""
    count = await retention.purge(context.database)
    if count:
        logger.info("guest_carts_purged", count=count)
