"""The one place where a product becomes the JSON that readers get.

Listings are read a thousand times for each edit, so the JSON is made when a product changes and kept with the columns
that filter and sort. A single edit and an import of forty thousand products go through `refresh_projections` alike. A
row of `product_projections` exists exactly while a product is on sale; lists show those that are `listed`.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.catalog import applied_prices, localised_projections, product_rows, reductions
from mercat.catalog.announcement import announce
from mercat.catalog.currency_prices import projection as currency_prices
from mercat.catalog.product_json import as_json, details_of, summary_of, variant_of
from mercat.catalog.product_rows import ProductRow
from mercat.kit.database import driver
from mercat.kit.money import Money

LOCK = "SELECT FROM products WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
BATCH = 1_000
NEXT_AMONG = """
WITH a AS (SELECT %s::uuid[] AS vendors, %s::uuid[] AS categories, %s::uuid[] AS products)
SELECT p.id FROM a CROSS JOIN products p LEFT JOIN categories c ON c.id = p.category_id
WHERE (a.vendors = '{}' OR p.vendor_id = ANY(a.vendors)) AND (a.categories = '{}' OR c.path && a.categories)
AND (a.products = '{}' OR p.id = ANY(a.products)) AND p.deleted_at IS NULL AND p.id > %s ORDER BY p.id LIMIT %s
"""

COLUMNS = (
    "product_id", "slug", "version", "vendor_id", "brand_id", "category_path", "tags", "listed", "name_key",
    "price_minor", "rating_average", "rating_count", "created_at", "variant_ids", "summary",
    "page", "variant_bodies",
)  # fmt: skip
# made once a connection: a temporary table for every edit would bloat the system catalogue
STAGE: LiteralString = (
    "CREATE TEMP TABLE IF NOT EXISTS staged_cards ON COMMIT DELETE ROWS AS "
    "SELECT {} FROM product_projections WITH NO DATA"
)
COPY: LiteralString = "COPY staged_cards ({}) FROM STDIN (FORMAT BINARY)"
# only differences are written: an unchanged projection costs no dead row and no index entry
MERGE: LiteralString = """
INSERT INTO product_projections AS c ({columns}) SELECT {columns} FROM staged_cards
ON CONFLICT (product_id) DO UPDATE SET {assignments}, rendered_at = now()
WHERE (c.version, c.vendor_id, c.category_path, c.tags, c.summary, c.page, c.variant_bodies) IS DISTINCT FROM
      (excluded.version, excluded.vendor_id, excluded.category_path, excluded.tags, excluded.summary, excluded.page,
       excluded.variant_bodies)
RETURNING product_id
"""

REMOVE = "DELETE FROM product_projections WHERE product_id = ANY(%s) RETURNING product_id"


async def refresh_projections(session: AsyncSession, product_ids: Sequence[UUID]) -> None:
    """Write the projections of these products from the tables: inserted, updated, or deleted if not on sale.

    Products without a price (no variant left) are not on sale. What they cost from now on is kept. Set-based: seven
    statements whatever the number, five more where there are several languages, a few where there are several
    currencies.
    """
    if not product_ids:
        return
    await session.flush()
    connection = await driver(session)
    # what is read below stays so until the projection is written: a job would else overwrite that of a newer edit
    await connection.execute(LOCK, (list(product_ids),))
    found = await product_rows.load(connection, product_ids)
    reduce = await reductions.of_now(connection)
    _reduce(found, reduce)
    on_sale = [one for one in found if one.on_sale]
    await applied_prices.record(connection, on_sale)
    await applied_prices.lowest_before(connection, on_sale)
    texts = await localised_projections.load_texts(connection, on_sale)
    changed = await _remove(connection, set(product_ids) - {one.id for one in on_sale})
    changed += await _write(connection, [projection_row(one) for one in on_sale])
    await currency_prices.write(connection, on_sale, reduce)
    await announce(session, {*changed, *await localised_projections.write(connection, on_sale, texts)})


async def _remove(connection: AsyncConnection[TupleRow], product_ids: AbstractSet[UUID]) -> list[UUID]:
    return [row[0] async for row in await connection.execute(REMOVE, (list(product_ids),))]


async def _write(connection: AsyncConnection[TupleRow], projections: Sequence[tuple[object, ...]]) -> list[UUID]:
    """Write rows of `product_projections`; returns the products of those that differ from what was there."""
    if not projections:
        return []
    columns: LiteralString = ", ".join(COLUMNS)
    assignments: LiteralString = ", ".join([f"{name} = excluded.{name}" for name in COLUMNS[1:]])
    await connection.execute(STAGE.format(columns))
    async with connection.cursor() as cursor, cursor.copy(COPY.format(columns)) as copy:
        copy.set_types(_types())
        for projection in projections:
            await copy.write_row(projection)
    changed = await connection.execute(MERGE.format(columns=columns, assignments=assignments))
    written = [row[0] async for row in changed]
    await connection.execute("DELETE FROM staged_cards")
    return written


@dataclass(frozen=True, slots=True)
class Among:
    """Some of the products: each list that names any must name the product's; naming none means all."""

    vendor_ids: tuple[UUID, ...]
    category_ids: tuple[UUID, ...]
    product_ids: tuple[UUID, ...]


async def render_next(session: AsyncSession, among: Among, after: UUID) -> UUID | None:
    """Write the projections of the next of these products anew; returns the last of them, None if none remain."""
    wanted = (*(list(ids) for ids in (among.vendor_ids, among.category_ids, among.product_ids)), after, BATCH)
    rows = await (await (await driver(session)).execute(NEXT_AMONG, wanted)).fetchall()
    batch = [row[0] for row in rows]
    await refresh_projections(session, batch)
    return batch[-1] if len(batch) == BATCH else None


def _reduce(products: Sequence[ProductRow], reduce: reductions.Reduce) -> None:
    """Let products that are on sale in the other sense, too, show what they cost now and what they cost otherwise."""
    for product in products:
        categories = frozenset(product.category_path)
        for variant in product.variants:
            price = Money(variant.price_minor, variant.currency)
            if off := reduce(reductions.Offered(product.vendor_id, product.id, categories, price)):
                variant.compare_at_minor = max(variant.compare_at_minor or 0, price.minor)
                variant.price_minor = price.minor - off
                variant.own_minor = price.minor


def projection_row(product: ProductRow) -> tuple[object, ...]:
    """Return a row of `product_projections`, in the order of `COLUMNS`."""
    summary = summary_of(product)
    tags = [tag.slug for tag in product.tags]
    return (
        product.id,
        product.slug,
        product.version,
        product.vendor_id,
        product.brand_id,
        product.category_path,
        tags,
        product.listed,
        product.name.casefold(),
        min(variant.price_minor for variant in product.variants),
        product.rating_average,
        product.rating_count,
        product.created_at,
        [variant.id for variant in product.variants],
        as_json(summary),
        as_json({**summary, **details_of(product)}),
        [as_json(variant_of(variant, product)) for variant in product.variants],
    )


def _types() -> list[str]:
    kinds = {"product_id": "uuid", "version": "int4", "vendor_id": "uuid", "brand_id": "uuid",
             "category_path": "uuid[]", "tags": "text[]", "listed": "bool", "price_minor": "int8",
             "rating_average": "numeric", "rating_count": "int4", "created_at": "timestamptz", "variant_ids": "uuid[]",
             "variant_bodies": "text[]"}  # fmt: skip
    return [kinds.get(name, "text") for name in COLUMNS]
