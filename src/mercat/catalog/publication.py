"""Scheduled publication: drafts that are due."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth import Actor
from mercat.catalog.models import Product
from mercat.catalog.projections import refresh_projections
from mercat.kit import clock

BATCH = 500


async def due(session: AsyncSession, *, leaving: Collection[UUID] = (), after: UUID | None = None) -> Sequence[UUID]:
    """Return drafts that are due, in the order of their ids; `leaving` is left out."""
    wanted = select(Product.id).where(_due(), Product.id.not_in(leaving))
    if after is not None:
        wanted = wanted.where(Product.id > after)
    return (await session.scalars(wanted.order_by(Product.id).limit(BATCH))).all()


async def publish(session: AsyncSession, product_ids: Collection[UUID]) -> Sequence[UUID]:
    """Publish those of these drafts that are due; returns them. Locks them, and skips locked ones."""
    found = await session.scalars(
        select(Product)
        .where(_due(), Product.id.in_(product_ids))
        .order_by(Product.id)
        .with_for_update(key_share=True, skip_locked=True)
    )
    drafts = list(found)
    published = []
    for product in drafts:
        was = {"status": product.status, "publish_at": product.publish_at}
        changes = audit.difference(was, {"status": "active"})
        published.append(audit.Entry("product.published", product.id, changes))
        product.status, product.publish_at = "active", None
        product.version += 1
    await refresh_projections(session, [product.id for product in drafts])
    await audit.record_many(session, Actor.system(), published)
    return [product.id for product in drafts]


def _due() -> ColumnElement[bool]:
    return and_(Product.publish_at <= clock.now(), Product.status == "draft", Product.deleted_at.is_(None))
