"""Listed products with all that they can be found and filtered by, in batches, for whoever keeps an index of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.catalog.currency_prices.display import with_prices
from mercat.catalog.listing.product_list import STOCKED, join
from mercat.catalog.projections import LOCK
from mercat.kit.database import Reads, driver

LISTED_PRODUCTS = f"""
SELECT c.product_id, c.page, c.variant_bodies, c.price_minor, c.sold_count, c.name_key, {STOCKED},
       (SELECT coalesce(array_agg(ARRAY[k.id::text, k.slug, k.name]
                                  ORDER BY array_position(c.category_path, k.id)), '{{}}')
        FROM categories k WHERE k.id = ANY(c.category_path)),
       (SELECT coalesce(array_agg(DISTINCT f), '{{}}') FROM categories k, unnest(k.filters) f
        WHERE k.id = ANY(c.category_path))
FROM product_projections c WHERE c.product_id = ANY(%s) AND c.listed ORDER BY c.product_id
"""  # noqa: S608 - our own parts
NEXT = "SELECT product_id FROM product_projections WHERE listed AND product_id > %s ORDER BY product_id LIMIT %s"

COUNT = "SELECT count(*) FROM product_projections WHERE listed AND product_id > %s"


@dataclass(frozen=True, slots=True)
class Named:
    """Something that a product belongs to."""

    id: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class ListedProduct:
    """A product in the lists: its words, and what it is filtered and ranked by."""

    id: UUID
    name: str
    name_key: str
    description: str
    vendor: Named
    brand: Named | None
    categories: tuple[Named, ...]
    """Its category after those above it."""
    filters: frozenset[str]
    """Names of attributes and options that its categories declare as filters, casefolded."""
    tags: tuple[str, ...]
    attributes: Mapping[str, str]
    options: Mapping[str, tuple[str, ...]]
    codes: tuple[str, ...]
    """SKUs and barcodes of its variants."""
    price_minor: int
    on_sale: bool
    """Whether its lowest price is a reduced one."""
    in_stock: bool
    rating_average: float
    rating_count: int
    sold_count: int
    created_at: datetime


async def hold(session: AsyncSession, product_ids: Sequence[UUID]) -> None:
    """Lock products in the order of their ids, so that nobody writes anew meanwhile what lists show of them."""
    await (await driver(session)).execute(LOCK, (list(product_ids),))


async def products(session: AsyncSession, product_ids: Sequence[UUID]) -> list[ListedProduct]:
    """Return those of these products that are listed, in the order of their ids. One statement."""
    rows = await (await driver(session)).execute(LISTED_PRODUCTS, (list(product_ids),))
    return [_product(*row) async for row in rows]


async def count_listed(session: AsyncSession, after: UUID) -> int:
    """Count the listed products after one, in the order of their ids."""
    found = await (await (await driver(session)).execute(COUNT, (after,))).fetchone()
    return int(found[0]) if found else 0


async def next_listed(session: AsyncSession, after: UUID, size: int) -> list[UUID]:
    """Return the ids of the next listed products after one, in the order of their ids."""
    rows = await (await driver(session)).execute(NEXT, (after, size))
    return [row[0] async for row in rows]


def _product(  # noqa: PLR0913, PLR0917 - the columns of LISTED_PRODUCTS
    product_id: UUID,
    page: str,
    variant_bodies: list[str],
    price_minor: int,
    sold_count: int,
    name_key: str,
    in_stock: bool,  # noqa: FBT001
    categories: list[list[str]],
    filters: list[str],
) -> ListedProduct:
    shown = orjson.loads(page)
    variants = [orjson.loads(part) for part in variant_bodies]
    codes = (variant[code] for variant in variants for code in ("sku", "barcode"))
    brand = shown["brand"]
    return ListedProduct(
        id=product_id,
        name=shown["name"],
        name_key=name_key,
        description=shown["description"],
        vendor=Named(**shown["vendor"]),
        brand=Named(**brand) if brand else None,
        categories=tuple(Named(*one) for one in categories),
        filters=frozenset(name.casefold() for name in filters),
        tags=tuple(shown["tags"]),
        attributes=shown["attributes"],
        options={option["name"]: tuple(option["values"]) for option in shown["options"]},
        codes=tuple(dict.fromkeys(code for code in codes if code)),
        price_minor=price_minor,
        on_sale=shown["compare_at_price"] is not None,
        in_stock=in_stock,
        rating_average=shown["rating"]["average"],
        rating_count=shown["rating"]["count"],
        sold_count=sold_count,
        created_at=datetime.fromisoformat(shown["created_at"]),
    )


SUMMARIES = (
    f"SELECT c.summary, {STOCKED}, c.product_id FROM product_projections c WHERE c.product_id = ANY(%s) AND c.listed"  # noqa: S608 - our own parts
)
SUMMARIES_IN = f"""
SELECT coalesce(t.summary, c.summary), {STOCKED}, c.product_id, y.price_minor, y.compare_at_minor,
    y.lowest_minor
FROM product_projections c
LEFT JOIN product_projection_texts t ON t.product_id = c.product_id AND t.locale = %(locale)s
LEFT JOIN product_prices y ON y.product_id = c.product_id AND y.currency = %(currency)s
WHERE c.product_id = ANY(%(ids)s) AND c.listed AND (%(currency)s::text IS NULL OR y.currency IS NOT NULL)
"""  # noqa: S608 - our own parts


async def summaries(
    reads: Reads, product_ids: Sequence[UUID], other: str | None = None, currency: str | None = None
) -> dict[UUID, bytes]:
    """Return the `ProductSummary` of listed products as JSON, by id; others are left out.

    `other` is a language other than the source, `currency` one other than that of the books. One statement.
    """
    ids = list(product_ids)
    if other is None and currency is None:
        return {row[2]: join([row]) for row in await reads.rows(SUMMARIES, (ids,))}
    rows = await reads.rows(SUMMARIES_IN, {"ids": ids, "locale": other, "currency": currency})
    if currency is not None:
        rows = [(with_prices(row[0], currency, *row[3:6]), *row[1:]) for row in rows]
    return {row[2]: join([row]) for row in rows}
