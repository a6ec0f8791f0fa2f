"""Sales on lines as product projections show them: the discount of one unit of a variant, whatever the basket.

A sale that needs a minimum, or reduces the whole order, depends on the basket: only carts show it.
"""

from psycopg import AsyncConnection
from psycopg.rows import TupleRow, class_row

from mercat import catalog
from mercat.exchange import Conversion
from mercat.kit import clock
from mercat.pricing.arithmetic import Discount, Line
from mercat.pricing.currencies import discounts_in
from mercat.pricing.promotions.applicable import COLUMNS, PromotionRow, discount_of

IN_PROJECTIONS = "code IS NULL AND applies_to = 'lines' AND kind <> 'free_shipping' AND minimum_minor IS NULL"
RUNNING = """deleted_at IS NULL AND is_active AND (starts_at IS NULL OR starts_at <= %(now)s)
AND (ends_at IS NULL OR ends_at > %(now)s)"""
NOW = f"SELECT {COLUMNS} FROM promotions WHERE {IN_PROJECTIONS} AND {RUNNING}"  # noqa: S608 - made of constants


async def reductions(connection: AsyncConnection[TupleRow]) -> catalog.Reduce:
    """Return the current sale discounts of one unit: of several sales the largest."""
    cursor = connection.cursor(row_factory=class_row(PromotionRow))
    rows = await (await cursor.execute(NOW, {"now": clock.now()})).fetchall()
    sales = tuple(discount_of(row) for row in rows)
    converted: dict[Conversion, tuple[Discount, ...]] = {}

    def of(conversion: Conversion | None) -> tuple[Discount, ...]:
        if conversion is None:
            return sales
        if conversion not in converted:
            converted[conversion] = discounts_in(sales, conversion)
        return converted[conversion]

    def off(offered: catalog.Offered) -> int:
        if not sales:
            return 0
        line = Line(offered.vendor_id, offered.price, 1, offered.product_id, offered.category_ids)
        return max(sale.taken_off([line], [offered.price.minor])[0] for sale in of(offered.conversion))

    return off
