"""Products in a sentence, for other rooms that name them: on sale or not, deleted ones too."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import LiteralString
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import translations
from mercat.catalog.variant_projections import LONG
from mercat.kit.database import driver
from mercat.kit.money import Money, default_currency
from mercat.translations import Key

REFERENCES: LiteralString = """
SELECT p.id, p.vendor_id, p.slug, p.name,
       (SELECT i.url FROM product_images i WHERE i.product_id = p.id ORDER BY i.position, i.id LIMIT 1),
       c.price_minor, coalesce(c.variant_ids, '{{}}'), EXISTS (
           SELECT FROM variant_availability a WHERE a.variant_id = ANY(c.variant_ids) AND a.in_stock OFFSET 0), {kept}
FROM products p LEFT JOIN product_projections c ON c.product_id = p.id {prices} WHERE p.id = ANY(%(ids)s)
"""
IN_BOOKS = REFERENCES.format(kept="NULL", prices="")
PRICES = "LEFT JOIN product_prices y ON y.product_id = c.product_id AND y.currency = %(currency)s"
IN_CURRENCY = REFERENCES.format(kept="y.price_minor", prices=PRICES)


@dataclass(frozen=True, slots=True)
class ProductReference:
    """A product as others name it. `price` is the lowest of its variants; it and they are there while it is on sale."""

    id: UUID
    vendor_id: UUID
    slug: str
    name: str
    image_url: str | None
    price: Money | None
    variant_ids: tuple[UUID, ...]
    in_stock: bool

    @property
    def on_sale(self) -> bool:
        """Whether buyers may see it."""
        return self.price is not None


async def references(
    session: AsyncSession, product_ids: Collection[UUID], currency: str | None = None, *, locale: str | None = None
) -> dict[UUID, ProductReference]:
    """Return products by id; unknown ids are left out. One statement.

    `currency` is one other than that of the books that prices are shown in. With the `locale` of another language than
    that of the source names are in it: one statement more.
    """
    connection = await driver(session)
    values = {"ids": list(product_ids), "currency": currency}
    rows = await connection.execute(IN_BOOKS if currency is None else IN_CURRENCY, values)
    found = {
        row[0]: ProductReference(
            id=row[0],
            vendor_id=row[1],
            slug=row[2],
            name=row[3],
            image_url=row[4],
            price=_price(row[5], row[8], currency),
            variant_ids=tuple(row[6]),
            in_stock=row[7],
        )
        async for row in rows
    }
    if locale is None:
        return found
    things = [Key("product", str(product_id)) for product_id in found]
    texts = await translations.load_in_transaction(connection, things, locale, without=LONG)
    return {
        one.id: replace(one, name=texts.of(Key("product", str(one.id)), locale).get("name") or one.name)
        for one in found.values()
    }


def _price(of_books: int | None, kept: int | None, currency: str | None) -> Money | None:
    """Return a price in a currency; that of the books where the currency has been taken away meanwhile."""
    if of_books is None:
        return None
    return Money(of_books, default_currency()) if currency is None or kept is None else Money(kept, currency)
