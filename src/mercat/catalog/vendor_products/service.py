"""Changes of many of a vendor's products at once, all or none."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import vendors
from mercat.catalog import service
from mercat.catalog.exceptions import ProductNotFound
from mercat.catalog.models import Product
from mercat.catalog.vendor_products import queries
from mercat.catalog.vendor_products.schemas import BulkEdit, OwnProduct
from mercat.vendors import VendorContext


async def edit(session: AsyncSession, context: VendorContext, wanted: BulkEdit) -> list[OwnProduct]:
    """Apply every change, or none. Locks the products in the order of keys, so that two of these never cross.

    Raises:
        ProductNotFound: one is not the vendor's; `products` says which.
        VendorIsSuspended, PreconditionFailed, and what changing a single product raises.
    """
    await vendors.require_selling(session, context.vendor_id)
    ids = [item.id for item in wanted.items]
    own = await session.scalars(
        select(Product.id)
        .where(Product.id.in_(ids), Product.vendor_id == context.vendor_id, Product.deleted_at.is_(None))
        .order_by(Product.id)
        .with_for_update(key_share=True)
    )
    foreign = set(ids) - set(own)
    if foreign:
        raise ProductNotFound(products=sorted(str(product_id) for product_id in foreign))
    for item in sorted(wanted.items, key=lambda item: item.id):
        based_on = None if item.version is None else f'"{item.version}"'
        await service.update(session, context.actor, item.id, item.changes(), if_match=based_on)
    return await queries.some(session, ids)
