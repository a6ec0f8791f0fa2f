"""Reads of single products, of variants for other domains, and of the category tree."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import orjson
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import inventory, translations, vendors
from mercat.auth import Actor, Permission
from mercat.catalog import applied_prices, localised_projections, product_json, product_rows
from mercat.catalog.exceptions import ProductNotFound
from mercat.catalog.models import Category, Product, ProductSlug, Variant
from mercat.catalog.product_pages import etag
from mercat.catalog.schemas import CategoryNode, DeletedCategory, DeletedListing, DeletedProduct, ProductRead, Reference
from mercat.kit.database import driver
from mercat.kit.ids import parse_id
from mercat.kit.sorts import Sorts, numbered_page
from mercat.translations import Key


async def read(session: AsyncSession, product_id: UUID) -> tuple[ProductRead, str]:
    """Return any product that is not deleted, drafts too, with its ETag. For those who may edit it.

    Raises:
        ProductNotFound: there is none.
    """
    await session.flush()
    connection = await driver(session)
    found = await product_rows.load(connection, [product_id])
    if not found:
        raise ProductNotFound
    await localised_projections.load_texts(connection, found)
    product = found[0]
    await applied_prices.lowest_before(connection, found)
    stock = await inventory.availability(session, [variant.id for variant in product.variants])
    variants = [
        {
            **product_json.variant_of(variant, product),
            "available": stock[variant.id].available,
            "in_stock": stock[variant.id].covers(1),
        }
        for variant in product.variants
    ]
    head = {**product_json.summary_of(product), **product_json.details_of(product)}
    shown = {
        **head,
        "variants": variants,
        "stock_quantity": sum(level.available for level in stock.values()),
        "in_stock": any(level.covers(1) for level in stock.values()),
    }
    counts = [level.available if level.covers(1) else -1 for level in stock.values()]
    return ProductRead.model_validate_json(orjson.dumps(shown)), etag(
        product.version, product_json.as_json(head), counts
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


async def tree(session: AsyncSession, other: str | None = None) -> list[CategoryNode]:
    """Return the categories as a tree, with kept counts of the products on sale; in `other` than the source's language.

    Two statements, two more for another language.
    """
    rows = await session.execute(
        select(Category.id, Category.slug, Category.name, Category.parent_id, Category.position)
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
    pairs = list(zip(found, nodes, strict=True))
    if other is not None:
        connection = await driver(session)
        texts = await translations.load(connection, [Key("category", str(node.id)) for node in nodes])
        pairs = [(row, _in_locale(node, texts.of(Key("category", str(node.id)), other))) for row, node in pairs]
        pairs.sort(key=lambda pair: (pair[0].position, pair[1].name.lower(), pair[1].id))
    for row, node in pairs:
        children.setdefault(row.parent_id, []).append(node)
    for _, node in pairs:
        node.children.extend(children.get(node.id, []))
    return children.get(None, [])


def _in_locale(node: CategoryNode, texts: Mapping[str, str]) -> CategoryNode:
    return node.model_copy(
        update={"slug": texts.get("slug") or node.slug, "name": texts.get("name") or node.name, "children": []}
    )


async def deleted_categories(session: AsyncSession, params: DeletedListing) -> tuple[list[DeletedCategory], int]:
    """Return a page of the deleted categories, and how many there are."""
    gone = select(Category).where(Category.deleted_at.is_not(None))
    rows, total = await numbered_page(session, DELETED_CATEGORIES.ordered(gone, params.sort), params)
    return [DeletedCategory.model_validate(row, from_attributes=True) for row in rows.scalars()], total
