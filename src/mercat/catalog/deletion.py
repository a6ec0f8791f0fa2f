"""Deletion of products, their restoration, and their removal for good."""

from uuid import UUID

from sqlalchemy import delete as delete_rows
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from mercat import audit, inventory, translations
from mercat.auth import Actor
from mercat.catalog import audit_entries, categories, queries, service, slugs, variant_edits
from mercat.catalog.exceptions import ProductNotFound, ProductOrdered, SkuTaken
from mercat.catalog.models import Product, Variant
from mercat.catalog.projections import refresh_projections
from mercat.catalog.translated_kinds import PRODUCT
from mercat.kit import clock


async def delete(session: AsyncSession, actor: Actor, product_id: UUID, *, if_match: str | None) -> None:
    """Delete a product; orders keep what they say about it.

    It keeps its slugs, so that no other product gets an address that may be restored; handle and SKUs are free.
    """
    product = await service.for_update(session, actor, product_id, if_match)
    product.deleted_at = clock.now()
    product.version += 1
    for variant in await variant_edits.not_deleted(session, product.id):
        variant.deleted_at = product.deleted_at
    await refresh_projections(session, [product.id])
    gone = {"deleted_at": audit.Change(None, product.deleted_at)}
    await audit.record(session, actor, "product.deleted", product.id, changes=gone)


async def restore(session: AsyncSession, actor: Actor, product_id: UUID) -> None:
    """Bring a deleted product back with the variants that went with it, under its own slug.

    Another product of the vendor may have its handle by now: it gets a new one. If its category is deleted it returns
    without.

    Raises:
        ProductNotFound: it is not deleted, or is none of the actor's business.
        SkuTaken: another variant of the vendor has one of its SKUs by now.
    """
    product = await _deleted(session, actor, product_id)
    before = _about_restoring(product)
    variants = await _gone_with(session, product)
    await _refuse_taken_skus(session, variants)
    product.handle = await slugs.free_handle(session, product)
    product.category_id = await categories.alive(session, product.category_id)
    product.deleted_at = None
    product.version += 1
    for variant in variants:
        variant.deleted_at = None
    await refresh_projections(session, [product.id])
    changes = audit.difference(before, _about_restoring(product))
    await audit.record(session, actor, "product.restored", product.id, changes=changes)


async def purge(session: AsyncSession, actor: Actor, product_id: UUID) -> None:
    """Remove a deleted product for good, with its variants, pictures, texts, former slugs and what explains its stock.

    What was ever ordered stays: its promises and movements of stock are part of the books, and a return needs a
    variant to restock. Backfilled orders reserved nothing here, and keep their lines as they are.
    A product that was never ordered leaves nothing behind: lines in carts go, its slugs and SKUs are free,
    and the audit log has what it was.

    Raises:
        ProductNotFound: it is not deleted, or is none of the actor's business.
        ProductOrdered: it was ordered once, even if the order was cancelled.
    """
    product = await _deleted(session, actor, product_id)
    rows = await session.execute(select(Variant.id, Variant.sku).where(Variant.product_id == product.id))
    variants = {row.id: row.sku for row in rows}
    if await inventory.ever_promised(session, list(variants)):
        raise ProductOrdered
    was = {**audit_entries.identity(product), "skus": sorted(sku for sku in variants.values() if sku)}
    await session.execute(delete_rows(Product).where(Product.id == product.id))
    await translations.forget(session, PRODUCT.name, [str(product_id)])
    await audit.record(session, actor, "product.purged", product_id, changes=audit.difference(was, {}))


async def _deleted(session: AsyncSession, actor: Actor, product_id: UUID) -> Product:
    """Return a deleted product, locked."""
    product = await session.scalar(
        select(Product).where(Product.id == product_id, Product.deleted_at.is_not(None)).with_for_update()
    )
    if product is None or not await queries.may_edit(session, actor, product.vendor_id):
        raise ProductNotFound
    return product


async def _gone_with(session: AsyncSession, product: Product) -> list[Variant]:
    """Return the variants that were deleted at the moment of their product; those that went before stay away."""
    found = await session.scalars(
        select(Variant)
        .where(Variant.product_id == product.id, Variant.deleted_at == product.deleted_at)
        .order_by(Variant.id)
        .with_for_update(key_share=True)
    )
    return list(found)


async def _refuse_taken_skus(session: AsyncSession, variants: list[Variant]) -> None:
    """Say which SKUs are in the way; the unique index has the last word."""
    other = aliased(Variant)
    taken = await session.scalars(
        select(Variant.sku)
        .join(other, (other.vendor_id == Variant.vendor_id) & (other.sku == Variant.sku))
        .where(Variant.id.in_([variant.id for variant in variants]), other.deleted_at.is_(None))
        .order_by(Variant.sku)
    )
    if skus := list(taken):
        raise SkuTaken(skus=skus)


def _about_restoring(product: Product) -> dict[str, object]:
    return {name: getattr(product, name) for name in ("deleted_at", "handle", "category_id")}
