"""A batch of a feed into the catalogue: what is the same stays untouched, what differs changes, ids remain."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import LiteralString
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import inventory
from mercat.catalog.feeds import names, shopify, staging_tables, statements
from mercat.catalog.feeds.not_for_sale import NotForSale, Withheld
from mercat.catalog.feeds.shapes import ErrorSink, FeedProduct, RowError
from mercat.catalog.feeds.staging_tables import Names, Staged
from mercat.catalog.projections import LOCK as LOCK_PRODUCTS
from mercat.catalog.projections import refresh_projections
from mercat.inventory import StockCount, StockedVariant
from mercat.kit.database import driver
from mercat.kit.slugs import slug_of

Connection = AsyncConnection[TupleRow]
NOTE = "feed"
"""What the movements of stock that a feed causes say about themselves."""


@dataclass(frozen=True, slots=True)
class MergeCounts:
    """What a merge did, in products. One that is refused altogether counts nowhere; its error says why."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    not_for_sale: NotForSale = field(default_factory=NotForSale, compare=False)

    def __add__(self, other: "MergeCounts") -> "MergeCounts":
        return MergeCounts(
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.not_for_sale + other.not_for_sale,
        )


async def merge(
    session: AsyncSession, vendor_id: UUID, products: Sequence[FeedProduct], *, actor: str, on_error: ErrorSink
) -> MergeCounts:
    """Merge products with different handles into one vendor's, in the caller's transaction. See `merge_into`."""
    return await merge_into(session, [(vendor_id, product) for product in products], actor=actor, on_error=on_error)


async def merge_into(
    session: AsyncSession, products: Sequence[tuple[UUID, FeedProduct]], *, actor: str, on_error: ErrorSink
) -> MergeCounts:
    """Merge products into the vendors named beside them: about two thousand at a time, each handle once per vendor.

    A product is known by its handle; its variants by their options, else by their SKU. Variants that the feed lacks are
    deleted, and are restored as themselves. A variant whose SKU belongs to another product of the vendor is reported
    and keeps no SKU. Other merges into the same vendors wait. The caller repeats the transaction on a deadlock, a
    serialization failure or a unique violation: another writer was quicker with a SKU or a slug.
    """
    if not products:
        return MergeCounts()
    await session.flush()
    connection = await driver(session)
    await connection.execute(statements.LOCK, (list({vendor_id for vendor_id, _ in products}),))
    batch = await _identified(connection, products)
    # edits lock a product before its variants
    known = [staged.product_id for staged in batch if not staged.fresh]
    await connection.execute(LOCK_PRODUCTS, (known,))
    found = await _names(connection, [staged.product for staged in batch])
    priced = await staging_tables.stage(connection, batch, found)
    touched = await _variants_matched(connection, known=any(not staged.fresh for staged in batch), on_error=on_error)
    created = await _ids(connection, statements.ADD_PRODUCTS)
    for statement in statements.ADD_ALL:
        await connection.execute(statement)
    await connection.execute(statements.PARK)
    for statement in (statements.CHANGE_VARIANTS, statements.ADD_VARIANTS, statements.RETAG, statements.PICTURE):
        touched |= await _ids(connection, statement)
    if priced:
        touched |= await _ids(connection, statements.SET_PRICES)
        await connection.execute(staging_tables.DROP_PRICES)
    changed = await _ids(connection, statements.CHANGE_PRODUCTS, (list(touched),))
    restocked = await _receive(session, connection, {staged.product_id: staged.vendor_id for staged in batch}, actor)
    await connection.execute(staging_tables.DROP)
    await refresh_projections(session, [*created, *changed])
    updated = len((changed | restocked) - created)
    withheld = await _not_for_sale(connection, batch)
    return MergeCounts(len(created), updated, len(known) - updated, withheld)


async def _ids(connection: Connection, statement: LiteralString, parameters: tuple[object, ...] = ()) -> set[UUID]:
    return {row[0] for row in await (await connection.execute(statement, parameters or None)).fetchall()}


async def _identified(connection: Connection, products: Sequence[tuple[UUID, FeedProduct]]) -> list[Staged]:
    """Match the products of the feed with those of the vendor, and give the others their slugs."""
    batch = [Staged(product, vendor_id) for vendor_id, product in products]
    await _recognise(connection, statements.EXISTING_BY_HANDLE, batch, slugs=False)
    fresh = [staged for staged in batch if staged.fresh]
    for staged in fresh:  # a vendor that moves here keeps its addresses
        staged.slug = slug_of(staged.product.slug or staged.product.handle, "product")
    if fresh:
        await _recognise(connection, statements.GONE_BY_SLUG, fresh, slugs=True)
        fresh = [staged for staged in fresh if staged.fresh]
    slugs = await names.free_slugs(connection, [staged.slug for staged in fresh])
    for staged, slug in zip(fresh, slugs, strict=True):
        staged.slug = slug
    return batch


async def _recognise(connection: Connection, statement: LiteralString, batch: list[Staged], *, slugs: bool) -> None:
    keys: list[list[UUID] | list[str]] = [[s.vendor_id for s in batch], [s.product.handle for s in batch]]
    if slugs:
        keys.append([s.slug for s in batch])
    for ordinal, product_id in await (await connection.execute(statement, keys)).fetchall():
        batch[ordinal - 1].product_id = product_id
        batch[ordinal - 1].fresh = False


async def _names(connection: Connection, products: Iterable[FeedProduct]) -> Names:
    brands: dict[str, None] = {}
    categories: dict[str, None] = {}
    tags: dict[str, None] = {}
    for product in products:
        if product.brand:
            brands[product.brand] = None
        if product.category:
            categories[product.category] = None
        tags.update(dict.fromkeys(product.tags))
    return Names(
        brands=await names.ensure(connection, "brands", brands),
        categories=await names.ensure(connection, "categories", categories),
        tags=await names.ensure(connection, "tags", tags),
    )


async def _variants_matched(connection: Connection, *, known: bool, on_error: ErrorSink) -> set[UUID]:
    """Tell which variants are which, take out those that are missing, refuse those that cannot be.

    Returns the products that lost a variant.
    """
    touched: set[UUID] = set()
    for (line,) in sorted(await (await connection.execute(statements.REFUSE_UNKNOWN)).fetchall()):
        message = "no product of the vendor has this handle, and the file has no titles to make one"
        on_error(RowError(line, shopify.HANDLE, message, "unknown_product"))
    await connection.execute(statements.REFUSE_UNKNOWN_VARIANTS)
    if known:
        await connection.execute(statements.MATCH_BY_OPTIONS)
        row = await (await connection.execute(statements.UNMATCHED)).fetchone()
        if row and row[0]:
            for statement in statements.MATCH_LATER:
                await connection.execute(statement)
        # without figures about the matches PostgreSQL takes them for none, and joins row by row
        await connection.execute("ANALYZE feed_variants")
        await connection.execute(statements.KEEP_OF_PRODUCTS)
        await connection.execute(statements.KEEP_OF_VARIANTS)
        touched = await _ids(connection, statements.REMOVE_MISSING)
    for line, fresh in sorted(await (await connection.execute(statements.REFUSE_UNPRICED)).fetchall()):
        if fresh:
            message, code = "a price is needed, and the file has no column of prices", "missing_price"
        else:
            message, code = "no variant of the product has this SKU or these options", "unknown_variant"
        on_error(RowError(line, shopify.VARIANT_COLUMNS["price" if fresh else "sku"], message, code))
    while refused := await (await connection.execute(statements.REFUSE_TAKEN_SKUS)).fetchall():
        for line, sku in sorted(refused):
            message = f"another product of the vendor has the SKU {sku}: it is left out here"
            on_error(RowError(line, shopify.VARIANT_COLUMNS["sku"], message, "sku_taken"))
    for (line,) in sorted(await (await connection.execute(statements.REFUSE_EMPTY)).fetchall()):
        on_error(RowError(line, "", "no variant of the product is left", "no_variants"))
    return touched


async def _receive(
    session: AsyncSession, connection: Connection, vendors: Mapping[UUID, UUID], actor: str
) -> set[UUID]:
    """Make stock what the feed counted; returns the products of which a level changed."""
    rows = await (await connection.execute(statements.COUNTS)).fetchall()
    counts = [
        StockCount(StockedVariant(variant_id, product_id, vendors[product_id]), *counted)
        for variant_id, product_id, *counted in rows
    ]
    changed = await inventory.receive_counts(session, counts, actor=actor, note=NOTE)
    return {product_id for variant_id, product_id, *_ in rows if variant_id in changed}


async def _not_for_sale(connection: Connection, batch: Sequence[Staged]) -> NotForSale:
    """Return what of the batch cannot be bought now, and why."""
    ids = [staged.product_id for staged in batch]
    rows = await (await connection.execute(statements.WHAT_SELLS, (ids,))).fetchall()
    variant_ids = [variant_id for *_, variant_id, reason in rows if reason is None]
    in_stock: dict[UUID | None, bool] = dict(
        await (await connection.execute(statements.IN_STOCK, (variant_ids,))).fetchall()
    )
    stock_says = {None: "not_counted", False: "out_of_stock", True: None}
    by_reason: dict[str, list[tuple[UUID, str, UUID | None]]] = defaultdict(list)
    for product_id, name, variant_id, reason in rows:
        if why := reason or stock_says[in_stock.get(variant_id)]:
            by_reason[why].append((product_id, name, variant_id))
    found = [
        Withheld(
            reason,
            len({product_id for product_id, *_ in some}),
            sum(variant_id is not None for *_, variant_id in some),
            min(name for _, name, _ in some),
        )
        for reason, some in sorted(by_reason.items())
    ]
    disabled = [staged.product for staged in batch if staged.product.disabled]
    if disabled:
        count = sum(product.disabled for product in disabled)
        found.append(Withheld("disabled_variation", len(disabled), count, disabled[0].name))
    return NotForSale(tuple(found))
