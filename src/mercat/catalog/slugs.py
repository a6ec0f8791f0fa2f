"""Slugs and brands: names that many writers may want at the same moment."""

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.catalog import queries
from mercat.catalog.exceptions import SlugTaken
from mercat.catalog.models import Brand, Product, ProductSlug
from mercat.kit.ids import new_id
from mercat.kit.slugs import is_reachable, name_slug, slug_of

ADDRESSES = {"categories", "deleted", "export", "import", "search", "suggest"}
"""What comes after `/products/` and is not a product, or may come to be one day."""


async def claim_slug(session: AsyncSession, product_id: UUID, asked: str | None, name: str) -> str:
    """Return a slug that no other product has or had. A slug that was asked for is given or refused."""
    base = asked or slug_of(name, "product")
    # writers of the same slug wait for each other here, so that looking and taking are one step
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 1))"), {"key": base})
    if is_reachable(base, ADDRESSES):
        owner = await queries.slug_owner(session, base)
        if owner in (None, product_id):
            return base
    if asked is not None:
        raise SlugTaken
    taken = set(await session.scalars(select(ProductSlug.slug).where(ProductSlug.slug.like(f"{base}-%"))))
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{base}-{number}") not in taken)


async def free_handle(session: AsyncSession, product: Product) -> str:
    """Return the handle that a deleted product gets when restored: its own if no other of the vendor has it now."""
    candidates = (product.handle, product.slug, str(product.id))
    taken = set(
        await session.scalars(
            select(Product.handle).where(
                Product.vendor_id == product.vendor_id, Product.handle.in_(candidates), Product.deleted_at.is_(None)
            )
        )
    )
    return next(handle for handle in candidates if handle not in taken)


async def ensure_brand(session: AsyncSession, name: str) -> UUID:
    """Return the brand of this name, made if it was not there."""
    slug = name_slug(name)
    await session.execute(
        insert(Brand).values(id=new_id(), slug=slug, name=name).on_conflict_do_nothing(index_elements=["slug"])
    )
    return (await session.scalars(select(Brand.id).where(Brand.slug == slug))).one()
