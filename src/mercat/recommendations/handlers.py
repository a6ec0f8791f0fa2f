"""Reactions to orders and products: what was bought is counted, what has changed is compared anew."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox
from mercat.catalog.events import ProductsChanged
from mercat.orders.events import OrderCancelled, OrderPaid, OrderRefunded, VendorOrderCancelled
from mercat.recommendations import jobs, similarity


@outbox.handler("recommendations.count_order")
async def count_order(
    session: AsyncSession,
    _event_id: UUID,
    event: OrderPaid | OrderCancelled | OrderRefunded | VendorOrderCancelled,
) -> None:
    """Queue a job that counts an order as it is now: nobody waits for it."""
    await outbox.defer(session, jobs.count_order, order_id=str(event.order_id))


@outbox.handler("recommendations.index_products")
async def index_changed(session: AsyncSession, _event_id: UUID, event: ProductsChanged) -> None:
    """Write the terms of products that have changed."""
    await similarity.index(session, event.product_ids)
