"""What buyers give products, kept exactly: sums that are added to, never averages that are guessed from averages."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.catalog.projections import LOCK, refresh_projections
from mercat.kit.database import driver

# the CHECK of the table is asked about the row that is offered, so a row of its own comes first
BEGIN = "INSERT INTO product_ratings (product_id, count, stars) VALUES (%s, 0, 0) ON CONFLICT DO NOTHING"
ADD = "UPDATE product_ratings SET count = count + %s, stars = stars + %s WHERE product_id = %s"


@dataclass(frozen=True, slots=True)
class RatingChange:
    """So many ratings more, or fewer, with so many stars in all."""

    count: int
    stars: int

    def __bool__(self) -> bool:
        """Whether it changes anything."""
        return bool(self.count or self.stars)


async def rate(session: AsyncSession, changes: Mapping[UUID, RatingChange]) -> None:
    """Add to the ratings of products and show the new averages in their projections. Locks the products in key order.

    Products that are not on sale are rated too: when they return, they have their ratings.
    """
    products = sorted(product_id for product_id, change in changes.items() if change)
    if not products:
        return
    await session.flush()
    connection = await driver(session)
    await connection.execute(LOCK, (products,))
    for product_id in products:
        change = changes[product_id]
        await connection.execute(BEGIN, (product_id,))
        await connection.execute(ADD, (change.count, change.stars, product_id))
    await refresh_projections(session, products)
