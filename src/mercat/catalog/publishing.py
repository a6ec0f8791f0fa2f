"""Scheduled publishing: drafts whose moment has come."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth import Actor
from mercat.catalog.cards import refresh_cards
from mercat.catalog.models import Product
from mercat.kit import clock


async def publish_due(session: AsyncSession) -> Sequence[UUID]:
    """Put drafts on sale whose moment has come; returns them."""
    found = await session.scalars(
        select(Product)
        .where(Product.publish_at <= clock.now(), Product.status == "draft", Product.deleted_at.is_(None))
        .order_by(Product.id)
        .limit(500)
        .with_for_update(skip_locked=True)
    )
    due = list(found)
    published = []
    for product in due:
        was = {"status": product.status, "publish_at": product.publish_at}
        changes = audit.difference(was, {"status": "active"})
        published.append(audit.Entry("product.published", product.id, changes))
        product.status, product.publish_at = "active", None
        product.version += 1
    await refresh_cards(session, [product.id for product in due])
    await audit.record_many(session, Actor.system(), published)
    return [product.id for product in due]
