"""Telling whoever listens which products readers see otherwise from now on."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.catalog.events import ProductsChanged

MOST_PRODUCTS = 500
"""Products of one event: a listener does something for each of them in one transaction."""


async def announce(session: AsyncSession, product_ids: Iterable[UUID]) -> None:
    """Publish that these products have changed, in the caller's transaction."""
    products = tuple(sorted(product_ids))
    for start in range(0, len(products), MOST_PRODUCTS):
        await outbox.publish(session, ProductsChanged(product_ids=products[start : start + MOST_PRODUCTS]))
