"""What cart and orders need to know of variants, in batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.exchange import Conversion
from mercat.kit.database import driver
from mercat.kit.money import Money


@dataclass(frozen=True, slots=True)
class VariantProjection:
    """What cart and order need to know of a variant. `on_sale` is false for drafts, archived and deleted ones.

    It is false for those of a suspended vendor too, at once: their projections follow in the background.
    """

    id: UUID
    product_id: UUID
    vendor_id: UUID
    vendor_slug: str
    vendor_name: str
    slug: str
    name: str
    title: str
    sku: str | None
    price: Money
    image_url: str | None
    """As it is written down."""
    weight_grams: int
    on_sale: bool
    category_path: tuple[UUID, ...] = ()
    """Its category after those above it, as long as it is on sale."""
    tax_class: str = "standard"

    @property
    def category_ids(self) -> frozenset[UUID]:
        """Its category and those above it."""
        return frozenset(self.category_path)


VARIANT_PROJECTIONS = """
SELECT v.id, v.product_id, v.vendor_id, p.slug, p.name, array_to_string(v.options, ' / '), v.sku, v.price_minor,
       v.currency, coalesce(v.image_url, (
           SELECT i.url FROM product_images i WHERE i.product_id = p.id ORDER BY i.position, i.id LIMIT 1)),
       coalesce(v.weight_grams, 0),
       v.deleted_at IS NULL AND c.product_id IS NOT NULL AND s.status = 'active',
       coalesce(c.category_path, '{}'), p.tax_class, s.slug, s.name
FROM variants v JOIN products p ON p.id = v.product_id JOIN vendors s ON s.id = v.vendor_id
LEFT JOIN product_projections c ON c.product_id = v.product_id
WHERE v.id = ANY(%s)
"""
SET_PRICES = "SELECT variant_id, price_minor FROM variant_prices WHERE variant_id = ANY(%s) AND currency = %s"


async def variants(
    session: AsyncSession, variant_ids: Sequence[UUID], conversion: Conversion | None = None
) -> dict[UUID, VariantProjection]:
    """Return variants by id, also those that are not on sale any more; unknown ids are left out. One statement.

    With the `conversion` of another currency prices are in it, set or converted: one statement more.
    """
    connection = await driver(session)
    given = await _set_prices(connection, variant_ids, conversion) if conversion else {}

    def price(variant_id: UUID, of_books: Money) -> Money:
        if conversion is None:
            return of_books
        return given.get(variant_id) or conversion.convert(of_books)

    rows = await connection.execute(VARIANT_PROJECTIONS, (list(variant_ids),))
    return {
        row[0]: VariantProjection(
            id=row[0],
            product_id=row[1],
            vendor_id=row[2],
            slug=row[3],
            name=row[4],
            title=row[5] or "Default",
            sku=row[6],
            price=price(row[0], Money(row[7], row[8])),
            image_url=row[9],
            weight_grams=row[10],
            on_sale=row[11],
            category_path=tuple(row[12]),
            tax_class=row[13],
            vendor_slug=row[14],
            vendor_name=row[15],
        )
        async for row in rows
    }


async def _set_prices(
    connection: AsyncConnection[TupleRow], variant_ids: Sequence[UUID], conversion: Conversion
) -> dict[UUID, Money]:
    """Return the prices that were set in a currency; that of the books has none of these."""
    if conversion.currency == conversion.base:
        return {}
    rows = await connection.execute(SET_PRICES, (list(variant_ids), conversion.currency))
    return {row[0]: Money(row[1], conversion.currency) async for row in rows}
