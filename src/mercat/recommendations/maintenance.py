"""Keeping the counts small, and counting the past."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.catalog import listing
from mercat.kit import clock
from mercat.kit.database import Database, driver
from mercat.recommendations import decay, order_counts, similarity

FORGOTTEN = 0.01
"""Of an order, or of a sale: a count that has decayed to less is deleted."""
BATCH = 500
"""Products that are read and written in one transaction."""
TABLES = {
    decay.ORDERS: (("product_pairs", "weight"), ("ordered_products", "weight")),
    decay.TRENDS: (("trending_products", "score"),),
}


async def fold(session: AsyncSession) -> None:
    """Set the clocks to the half-lives of the settings, and delete what has decayed.

    Locks the clocks: waits for those who count, and they for it.
    """
    await session.execute(text("SET LOCAL statement_timeout TO '10min'"))
    connection = await driver(session)
    for name, tables in TABLES.items():
        factor = await decay.rewritten(connection, name)
        if factor is not None:
            for table, column in tables:
                await connection.execute(f"UPDATE {table} SET {column} = {column} * %s", (factor,))  # noqa: S608 - ours
        least = FORGOTTEN * (await decay.hold(connection, name)).weight(clock.now())
        for table, column in tables:
            await connection.execute(f"DELETE FROM {table} WHERE {column} < %s", (least,))  # noqa: S608 - ours


async def count_past(session: AsyncSession) -> None:
    """Count all orders and compare all products in one transaction: for small marketplaces."""
    after = UUID(int=0)
    while products := await listing.next_listed(session, after, BATCH):
        await similarity.index(session, products)
        after = products[-1]
    after = UUID(int=0)
    while orders := await order_counts.next_paid(session, after):
        await order_counts.count(session, orders)
        after = orders[-1]


async def rebuild(database: Database, done: Callable[[int, int], None]) -> None:
    """Count all orders that were ever paid and compare all products, a batch a transaction, while others go on.

    What is right already stays; an interrupted run may be repeated. `done` gets how many products and orders so far.
    """
    products = orders = 0
    after = UUID(int=0)
    while True:
        async with database.transaction() as session:
            batch = await listing.next_listed(session, after, BATCH)
            await similarity.index(session, batch)
        products += len(batch)
        done(products, orders)
        if len(batch) < BATCH:
            break
        after = batch[-1]
    after = UUID(int=0)
    while True:
        async with database.transaction() as session:
            batch = await order_counts.next_paid(session, after)
            await order_counts.count(session, batch)
        orders += len(batch)
        done(products, orders)
        if len(batch) < order_counts.BATCH:
            break
        after = batch[-1]
