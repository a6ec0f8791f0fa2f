"""The demo's vendors, their categories and what they sell: imported from the files that they would bring."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, catalog, vendors
from mercat.catalog import feeds
from mercat.demo.content import Category, Content, Vendor
from mercat.demo.languages import load_texts

OPERATOR = auth.Actor.system()


async def load_vendors(session: AsyncSession, wanted: Sequence[Vendor]) -> dict[str, UUID]:
    """Make the vendors; returns their ids by slug."""
    return {vendor.slug: await _vendor(session, vendor) for vendor in wanted}


async def _vendor(session: AsyncSession, vendor: Vendor) -> UUID:
    return await vendors.ensure(
        session,
        OPERATOR,
        vendor.slug,
        vendor.name,
        tagline=vendor.tagline,
        description=vendor.description,
        logo_url=f"/media/demo/{vendor.slug}.svg",
        legal=vendor.legal,
    )


async def load_catalogue(
    session: AsyncSession, content: Content, vendor_ids: Mapping[str, UUID], today: datetime
) -> dict[str, UUID]:
    """Import every vendor's products, and what they are called elsewhere; returns their ids by slug."""
    known: dict[str, UUID] = {}
    for root in content.categories:
        await _branch(session, root, None, known)
    await feeds.import_all(session, OPERATOR, {vendor_ids[vendor.slug]: vendor.catalogue for vendor in content.vendors})
    past = [
        catalog.PastProduct(product.slug, today - timedelta(days=product.created_days_ago), product.attributes)
        for product in content.products
    ]
    products = await catalog.backfill(session, past)
    await load_texts(session, known, products)
    return products


async def _branch(session: AsyncSession, node: Category, parent: UUID | None, known: dict[str, UUID]) -> None:
    new = catalog.CategoryCreate(name=node.name, slug=node.slug, parent_id=parent, position=len(known))
    known[node.slug] = (await catalog.create_category(session, OPERATOR, new)).id
    for child in node.children:
        await _branch(session, child, known[node.slug], known)
