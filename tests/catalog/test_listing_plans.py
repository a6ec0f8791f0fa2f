"""How much PostgreSQL has to look at for a list: what grows with the square of a catalogue is no list for 44,000."""

from collections.abc import Iterator
from typing import Any

import pytest

from mercat import catalog
from mercat.auth import Actor
from mercat.catalog.listing.product_list import Narrowed, filters_of
from mercat.catalog.write_schemas import ProductCreate
from mercat.kit.database import driver
from mercat.kit.money import Money
from shopping import Shop

PRODUCTS = 200


def looked_at(plan: dict[str, Any]) -> Iterator[int]:
    """Yield for each step of a plan how many rows went through it, with those it threw away."""
    kinds = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Join Filter")
    yield int(plan["Actual Loops"] * sum(plan.get(kind, 0) for kind in kinds))
    for step in plan.get("Plans", ()):
        yield from looked_at(step)


@pytest.mark.parametrize("more", [{}, {"tag": ["sale"]}, {"min_price": "1.00"}])
@pytest.mark.parametrize("in_stock", ["true", "false"])
async def test_filtering_by_stock_looks_at_each_variant_about_once(
    shop: Shop, in_stock: str, more: dict[str, Any]
) -> None:
    async with shop.database.transaction() as session:
        for n in range(PRODUCTS):
            new = ProductCreate(name="Thing", price=Money(500, "EUR"), stock_quantity=n % 2, tags=["sale"])
            await catalog.create(session, Actor.system(), new)
    filters = filters_of(Narrowed.model_validate({"in_stock": in_stock, **more}))

    async with shop.database.transaction() as session:
        connection = await driver(session)
        await connection.execute("ANALYZE product_projections, stock_levels")
        asked = await connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {filters.total}".encode(), filters.params)
        row = await asked.fetchone()

    assert row is not None
    assert max(looked_at(row[0][0]["Plan"])) <= 2 * PRODUCTS
