"""Reactions to what happened to products and their stock: documents are written anew."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import catalog, outbox
from mercat.catalog.events import ProductsChanged
from mercat.inventory.events import BackInStock, SoldOut
from mercat.search import indexing


@outbox.handler("search.index_products")
async def index_changed(session: AsyncSession, _event_id: UUID, event: ProductsChanged) -> None:
    """Write the documents of products that have changed."""
    await indexing.index_products(session, event.product_ids)


@outbox.handler("search.index_stock")
async def index_stock(session: AsyncSession, _event_id: UUID, event: BackInStock | SoldOut) -> None:
    """Write the documents of products whose variants can be sold again, or not any more."""
    await indexing.index_products(session, await catalog.products_of(session, event.variant_ids))
