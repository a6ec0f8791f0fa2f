"""What carts do by themselves."""

from mercat import outbox
from mercat.cart import retention
from mercat.kit.logs import logger


@outbox.every(outbox.daily(4, 17), "cart.purge_guests", lane=outbox.Lane.bulk)
async def purge_guests(context: outbox.JobContext) -> None:
    """Delete the carts of guests that nobody has touched for long."""
    count = await retention.purge(context.database)
    if count:
        logger.info("guest_carts_purged", count=count)
