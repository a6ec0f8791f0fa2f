"""The catalogue into a file that imports back to the same catalogue."""

import asyncio
import gzip
import os
import tempfile
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import BinaryIO, LiteralString, cast

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from mercat import exchange
from mercat.catalog.feeds.shapes import FeedImage, FeedProduct, FeedVariant, SetPrice
from mercat.catalog.feeds.writer import Layout, text_of
from mercat.kit.database import Database, driver
from mercat.kit.money import Money
from mercat.kit.slugs import name_slug

BATCH = 500
GZIP_LEVEL = 6
LAYOUT = """
SELECT (SELECT max(cardinality(option_names)) FROM products WHERE deleted_at IS NULL),
       ARRAY(SELECT DISTINCT currency FROM variants WHERE deleted_at IS NULL)
"""
# One statement, so one moment of the catalogue. Stock is read from the levels themselves: oversold is a negative number
# here, which a reader of availability never sees, and an import must restore it.
PRODUCTS: LiteralString = """
SELECT p.handle, p.name, p.description_html, b.name, b.slug, c.name, c.slug, p.option_names, p.status, p.listed,
       p.seo_title, p.seo_description,
       (SELECT json_agg(json_build_array(t.name, t.slug) ORDER BY pt.position, pt.tag_id)
        FROM product_tags pt JOIN tags t ON t.id = pt.tag_id WHERE pt.product_id = p.id),
       (SELECT json_agg(json_build_array(i.url, i.alt) ORDER BY i.position, i.id)
        FROM product_images i WHERE i.product_id = p.id),
       (SELECT json_agg(json_build_array(v.sku, v.options, v.currency, v.price_minor, v.compare_at_minor,
                                         v.weight_grams, v.barcode, v.image_url, s.available, s.allow_backorder,
                                         s.untracked,
                                         CASE WHEN pp.summary LIKE '%%"compare_at_price":{{%%' THEN
                                             pp.variant_bodies[array_position(pp.variant_ids, v.id)]::jsonb
                                                 #>> '{{lowest_price_30d,amount}}' END, {prices})
                         ORDER BY v.position, v.id)
        FROM variants v LEFT JOIN LATERAL (
            SELECT sum(on_hand - reserved) AS available, bool_or(allow_backorder) AS allow_backorder,
                   bool_or(allow_backorder AND NOT tracked) AS untracked
            FROM stock_levels WHERE variant_id = v.id
        ) s ON true
        WHERE v.product_id = p.id AND v.deleted_at IS NULL)
FROM products p LEFT JOIN brands b ON b.id = p.brand_id LEFT JOIN categories c ON c.id = p.category_id
LEFT JOIN product_projections pp ON pp.product_id = p.id
WHERE p.deleted_at IS NULL {where} ORDER BY p.id
"""
SET_PRICES = """(SELECT json_agg(json_build_array(x.currency, x.price_minor, x.compare_at_minor) ORDER BY x.currency)
        FROM variant_prices x WHERE x.variant_id = v.id)"""
OF_VENDOR = "AND p.vendor_id = (SELECT id FROM vendors WHERE slug = %s)"


async def export_file(
    database: Database,
    target: Path | str | BinaryIO,
    *,
    vendor_slug: str | None = None,
    on_progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Write a vendor's products, or those of all, as Shopify's product CSV; returns how many.

    Memory does not grow with the catalogue. A path gets the file when it is complete and not before; `.gz` at its end
    means gzip. Products without a variant have no row. Text that a spreadsheet would take for a formula is neutralised.
    """
    count = 0
    with _opened(target) as sink:
        async with database.transaction() as session:
            connection = await driver(session)
            layout = await _layout(connection)
            await asyncio.to_thread(sink.write, text_of((), layout, header=True).encode())
            async for products in _batches(connection, vendor_slug, layout):
                count += len(products)
                await asyncio.to_thread(sink.write, text_of(products, layout, header=False).encode())
                on_progress(count)
    return count


async def export_chunks(database: Database, vendor_slug: str) -> AsyncGenerator[bytes, None]:
    """Yield a vendor's products as the same file, in chunks: its columns first, then a batch at a time.

    The connection is one of its own, so that a slow receiver blocks no other request.
    """
    async with database.streaming() as connection:
        layout = await _layout(connection)
        yield text_of((), layout, header=True).encode()
        async with aclosing(_batches(connection, vendor_slug, layout)) as batches:
            async for products in batches:
                yield text_of(products, layout, header=False).encode()


@contextmanager
def _opened(target: Path | str | BinaryIO) -> Iterator[BinaryIO]:
    """Open where to write: beside a path under another name, which is taken when all went well."""
    if not isinstance(target, Path | str):
        yield target
        return
    path = Path(target)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            if path.name.endswith(".gz"):
                with gzip.GzipFile("", "wb", GZIP_LEVEL, file, 0) as packed:
                    yield cast("BinaryIO", packed)
            else:
                yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


async def _layout(connection: AsyncConnection[TupleRow]) -> Layout:
    row = await (await connection.execute(LAYOUT)).fetchone()
    currencies = tuple(await exchange.enabled(connection))
    return Layout.fitting(row[0] or 0, row[1], currencies) if row else Layout(prices=currencies)


async def _batches(
    connection: AsyncConnection[TupleRow], vendor_slug: str | None, layout: Layout
) -> AsyncGenerator[list[FeedProduct], None]:
    where, prices = OF_VENDOR if vendor_slug is not None else "", SET_PRICES if layout.prices else "NULL"
    query = PRODUCTS.format(where=where, prices=prices)
    async with connection.cursor("exported_products") as cursor:
        await cursor.execute(query, (vendor_slug,) if vendor_slug is not None else None)
        while rows := await cursor.fetchmany(BATCH):
            yield [_product(row) for row in rows if row[-1]]


def _product(row: TupleRow) -> FeedProduct:
    handle, name, description, brand, brand_slug, category, category_slug, options, *row_rest = row
    status, listed, title, summary, tags, images, variants = row_rest
    return FeedProduct(
        line=0,
        handle=handle,
        name=name,
        description_html=description,
        brand=_named(brand, brand_slug),
        category=_named(category, category_slug),
        tags=tuple(_named(*tag) or "" for tag in tags or ()),
        option_names=tuple(options),
        variants=tuple(_variant(cells) for cells in variants),
        images=tuple(FeedImage(url, alt, n) for n, (url, alt) in enumerate(images or (), 1)),
        status=status,
        listed=listed,
        seo_title=title,
        seo_description=summary,
    )


def _named(name: str | None, slug: str | None) -> str | None:
    """Return what leads back to the same brand, category or tag: its name, unless its slug was chosen differently."""
    return name if name is None or name_slug(name) == slug else slug


def _variant(cells: list[str | int | bool | list[str] | None]) -> FeedVariant:
    sku, options, currency, price, compare_at, grams, barcode, image, available, backorder, *rest = cells
    untracked, lowest, prices = rest
    return FeedVariant(
        0,
        cast("str | None", sku),
        tuple(cast("list[str]", options)),
        Money(cast("int", price), cast("str", currency)),
        None if compare_at is None else Money(cast("int", compare_at), cast("str", currency)),
        cast("int | None", grams),
        cast("str | None", barcode),
        None if untracked else cast("int | None", available),
        bool(backorder),
        cast("str | None", image),
        tracked=not untracked,
        lowest_before=cast("str | None", lowest) or "",
        prices=tuple(SetPrice(*one) for one in cast("list[tuple[str, int, int | None]] | None", prices) or ()),
    )
