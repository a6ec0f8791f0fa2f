"""Deletion of carts that guests have abandoned."""

from datetime import timedelta

from sqlalchemy import delete, select

from mercat.cart.config import CartSettings
from mercat.cart.models import LEFT_BEHIND, Cart
from mercat.kit import clock
from mercat.kit.database import Database

BATCH = 500


async def purge(database: Database) -> int:
    """Delete old, untouched carts of guests, some a transaction; returns how many.

    One that was ordered stays: its token is the guest's key to the order. One that is locked, by a checkout say,
    is left for the next time. Its lines go with it, and the recent views under its token.
    """
    before = clock.now() - timedelta(days=CartSettings.read().guest_cart_days)
    idle = select(Cart.id).where(LEFT_BEHIND, Cart.updated_at < before).order_by(Cart.updated_at).limit(BATCH)
    count = 0
    while True:
        async with database.transaction() as session:
            found = list(await session.scalars(idle.with_for_update(skip_locked=True)))
            await session.execute(delete(Cart).where(Cart.id.in_(found)))
        count += len(found)
        if len(found) < BATCH:
            return count
