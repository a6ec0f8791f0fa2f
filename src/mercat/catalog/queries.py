"""Reads of single products, of variants for other domains, and of the category tree."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID
from zlib import crc32

import orjson
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import inventory, vendors
from mercat.auth import Actor, Permission
from mercat.catalog import applied_prices, product_rows, projections
from mercat.catalog.exceptions import ProductNotFound
from mercat.catalog.models import Category, Product, ProductSlug, Variant
from mercat.catalog.schemas import CategoryNode, DeletedCategory, DeletedListing, DeletedProduct, ProductRead, Reference
from mercat.kit.cache import Answer
from mercat.kit.database import Reads, driver
from mercat.kit.ids import parse_id
from mercat.kit.sorts import Sorts, numbered_page

# the stock is looked up variant by variant: joined, the view would first be summed up over all levels
STOCK = """ARRAY(
    SELECT coalesce((
        SELECT CASE WHEN a.in_stock THEN a.available END FROM variant_availability a WHERE a.variant_id = v.id), -1)
    FROM unnest(c.variant_ids) WITH ORDINALITY AS v(id, n) ORDER BY v.n)"""
# the row's version as PostgreSQL counts it, and when it was written: together no other content ever had them
STATE = f"c.xmin::text, c.rendered_at, {STOCK}"
PAGE_BY_SLUG = f"SELECT page, variant_bodies, version, {STATE} FROM product_projections c WHERE slug = %s"  # noqa: S608 - our own parts
PAGE_BY_ID = PAGE_BY_SLUG.replace("slug = %s", "product_id = %s")
STATES = f"SELECT c.product_id, c.slug, {STATE} FROM product_projections c WHERE slug = ANY(%s) OR product_id = ANY(%s)"  # noqa: S608 - our own parts


async def page(reads: Reads, id_or_slug: str) -> Answer:
    """Return a product on sale as the JSON that goes on the wire and its ETag, or a 404.

    The ETag is the product's version, which edits are guarded by, then a digest of what else is shown; see `etag`.
    """
    product_id = parse_id(id_or_slug)
    row = await reads.row(PAGE_BY_ID if product_id else PAGE_BY_SLUG, (product_id or id_or_slug,))
    if row is None:
        return Answer(b"", 404)
    head, parts, version, *state = row
    stock = state[-1]
    variants = ",".join(
        [
            f'{part[:-1]},"available":{max(count, 0)},"in_stock":{"true" if count >= 0 else "false"}}}'
            for part, count in zip(parts, stock, strict=True)
        ]
    )
    units = sum(count for count in stock if count > 0)
    stocked = "true" if max(stock) >= 0 else "false"
    body = f'{head[:-1]},"variants":[{variants}],"stock_quantity":{units},"in_stock":{stocked}}}'
    return Answer(body.encode(), etag=etag(version, head, stock), proof=_state(*state))


async def page_states(reads: Reads, wanted: Collection[str]) -> dict[str, bytes]:
    """Return what proves pages of products on sale, by what they are asked for by: ids, however written, or slugs."""
    ids = {one: product_id for one in wanted if (product_id := parse_id(one))}
    slugs = [one for one in wanted if one not in ids]
    rows = await reads.rows(STATES, (slugs, list(ids.values())))
    by_id = {row[0]: row for row in rows}
    by_slug = {row[1]: row for row in rows}
    found = {one: by_id.get(ids[one]) if one in ids else by_slug.get(one) for one in wanted}
    return {one: _state(*row[2:]) for one, row in found.items() if row is not None}


def _state(row_version: str, written: datetime, stock: Sequence[int]) -> bytes:
    return f"{row_version} {written.timestamp():.6f} {stock}".encode()


def etag(version: int, head: str, stock: Sequence[int]) -> str:
    """Return a product's ETag: its version, then a digest of what changes without an edit.

    That is the stock of its variants (-1: cannot be bought), and on its page, `head`, the sizes of its pictures, its
    rating, and the names of its vendor and category.
    """
    return f'"{version}.{crc32(repr(list(stock)).encode(), crc32(head.encode())):08x}"'


async def read(session: AsyncSession, product_id: UUID) -> tuple[ProductRead, str]:
    """Return any product that is not deleted, drafts too, with its ETag. For those who may edit it.

    Raises:
        ProductNotFound: there is none.
    """
    await session.flush()
    found = await product_rows.load(await driver(session), [product_id])
    if not found:
        raise ProductNotFound
    product = found[0]
    await applied_prices.lowest_before(await driver(session), found)
    stock = await inventory.availability(session, [variant.id for variant in product.variants])
    variants = [
        {
            **projections.variant_of(variant, product),
            "available": stock[variant.id].available,
            "in_stock": stock[variant.id].covers(1),
        }
        for variant in product.variants
    ]
    head = {**projections.summary_of(product), **projections.details_of(product)}
    shown = {
        **head,
        "variants": variants,
        "stock_quantity": sum(level.available for level in stock.values()),
        "in_stock": any(level.covers(1) for level in stock.values()),
    }
    counts = [level.available if level.covers(1) else -1 for level in stock.values()]
    return ProductRead.model_validate_json(orjson.dumps(shown)), etag(
        product.version, projections.as_json(head), counts
    )


async def find_hidden(session: AsyncSession, actor: Actor, id_or_slug: str) -> UUID | None:
    """Return a product that is not on sale, if the actor may edit it."""
    product_id = parse_id(id_or_slug)
    named = select(ProductSlug.product_id).where(ProductSlug.slug == id_or_slug)
    wanted = Product.id == product_id if product_id else Product.id.in_(named)
    product = await session.scalar(select(Product).where(wanted, Product.deleted_at.is_(None)))
    return product.id if product is not None and await may_edit(session, actor, product.vendor_id) else None


DELETED_PRODUCTS = Sorts(Product.id, {"deleted_at": Product.deleted_at, "name": func.lower(Product.name)})
DELETED_CATEGORIES = Sorts(Category.id, {"deleted_at": Category.deleted_at, "name": func.lower(Category.name)})


async def deleted_page(session: AsyncSession, actor: Actor, params: DeletedListing) -> tuple[list[DeletedProduct], int]:
    """Return a page of the deleted products that the actor may restore, and how many there are."""
    gone = select(Product.id, Product.slug, Product.name, Product.vendor_id, Product.deleted_at).where(
        Product.deleted_at.is_not(None)
    )
    if not actor.can(Permission.catalog_write):
        gone = gone.where(Product.vendor_id.in_(await vendors.ids_of_member(session, actor)))
    found, total = await numbered_page(session, DELETED_PRODUCTS.ordered(gone, params.sort), params)
    rows = found.all()
    sold_by = await vendors.references(session, [row.vendor_id for row in rows])
    deleted = [
        DeletedProduct(
            id=row.id,
            slug=row.slug,
            name=row.name,
            vendor=Reference(id=row.vendor_id, slug=sold_by[row.vendor_id].slug, name=sold_by[row.vendor_id].name),
            deleted_at=row.deleted_at,
        )
        for row in rows
    ]
    return deleted, total


async def may_edit(session: AsyncSession, actor: Actor, vendor_id: UUID) -> bool:
    """Whether the actor may change what this vendor sells."""
    if actor.can(Permission.catalog_write):
        return True
    return actor.can(Permission.products_sell) and vendor_id in await vendors.ids_of_member(session, actor)


CURRENT_SLUG = """
SELECT c.slug FROM product_slugs s JOIN product_projections c ON c.product_id = s.product_id
WHERE s.slug = %(slug)s AND c.slug <> %(slug)s
"""


async def current_slug(reads: Reads, old_slug: str) -> Answer:
    """Return where the product on sale is today that once had this slug, or a 404."""
    row = await reads.row(CURRENT_SLUG, {"slug": old_slug})
    return Answer(b"", 404) if row is None else Answer(b"", 301, location=row[0])


async def slug_owner(session: AsyncSession, slug: str) -> UUID | None:
    """Return the product that has or had a slug."""
    return await session.scalar(select(ProductSlug.product_id).where(ProductSlug.slug == slug))


async def variants_of(session: AsyncSession, product_id: UUID) -> list[UUID]:
    """Return the variants of a product on sale; none if it is not."""
    connection = await driver(session)
    row = await (
        await connection.execute("SELECT variant_ids FROM product_projections WHERE product_id = %s", (product_id,))
    ).fetchone()
    return list(row[0]) if row is not None else []


async def products_of(session: AsyncSession, variant_ids: Collection[UUID]) -> list[UUID]:
    """Return the products of these variants, in the order of their ids."""
    products = select(Variant.product_id).where(Variant.id.in_(variant_ids)).distinct().order_by(Variant.product_id)
    return list(await session.scalars(products))


async def anything_for_sale(session: AsyncSession) -> bool:
    """Whether there is any product, on sale or not."""
    return (await session.scalar(select(Product.id).limit(1))) is not None


async def known_products(session: AsyncSession, ids: Collection[UUID]) -> set[UUID]:
    """Return those of these that are products which were not deleted."""
    return set(await session.scalars(select(Product.id).where(Product.id.in_(ids), Product.deleted_at.is_(None))))


async def known_categories(session: AsyncSession, ids: Collection[UUID]) -> set[UUID]:
    """Return those of these that are categories which were not deleted."""
    return set(await session.scalars(select(Category.id).where(Category.id.in_(ids), Category.deleted_at.is_(None))))


async def variants_by_sku(session: AsyncSession, skus: Sequence[str]) -> dict[str, UUID]:
    """Return the live variants with these SKUs; of several vendors' equal SKUs, the one created first."""
    connection = await driver(session)
    rows = await connection.execute(
        "SELECT DISTINCT ON (sku) sku, id FROM variants WHERE sku = ANY(%s) AND deleted_at IS NULL ORDER BY sku, id",
        (list(skus),),
    )
    return {row[0]: row[1] async for row in rows}


async def tree(session: AsyncSession) -> list[CategoryNode]:
    """Return the categories as a tree, with kept counts of the products on sale."""
    rows = await session.execute(
        select(Category.id, Category.slug, Category.name, Category.parent_id)
        .where(Category.deleted_at.is_(None))
        .order_by(Category.position, func.lower(Category.name), Category.id)
    )
    found = rows.all()
    counted = await session.execute(
        text("SELECT key, sum(delta)::int FROM product_counts WHERE dimension = 'category' GROUP BY key")
    )
    counts: dict[str, int] = {row[0]: row[1] for row in counted}
    children: dict[UUID | None, list[CategoryNode]] = {}
    nodes = [
        CategoryNode(id=row.id, slug=row.slug, name=row.name, product_count=counts.get(str(row.id), 0), children=[])
        for row in found
    ]
    for row, node in zip(found, nodes, strict=True):
        children.setdefault(row.parent_id, []).append(node)
    for node in nodes:
        node.children.extend(children.get(node.id, []))
    return children.get(None, [])


async def deleted_categories(session: AsyncSession, params: DeletedListing) -> tuple[list[DeletedCategory], int]:
    """Return a page of the deleted categories, and how many there are."""
    gone = select(Category).where(Category.deleted_at.is_not(None))
    rows, total = await numbered_page(session, DELETED_CATEGORIES.ordered(gone, params.sort), params)
    return [DeletedCategory.model_validate(row, from_attributes=True) for row in rows.scalars()], total
