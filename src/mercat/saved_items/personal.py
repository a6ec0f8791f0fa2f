"""What lists know about a person."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.shapes import Shape
from mercat.saved_items import product_alerts, queries, recent_views
from mercat.saved_items.models import ProductAlert, RecentView, Wishlist
from mercat.saved_items.schemas import AlertRead, ViewRead, WishlistRead


class SavedItemsRecord(Shape):
    """A person's saved items."""

    wishlists: list[WishlistRead]
    alerts: list[AlertRead]
    recently_viewed: list[ViewRead]


async def record_of(session: AsyncSession, user_id: UUID) -> SavedItemsRecord:
    """Return a person's wishlists, alerts and recent views."""
    wishlists = await session.scalars(select(Wishlist).where(Wishlist.user_id == user_id).order_by(Wishlist.id))
    return SavedItemsRecord(
        wishlists=await queries.whole(session, list(wishlists)),
        alerts=await product_alerts.of_person(session, user_id),
        recently_viewed=await recent_views.shown(session, user_id),
    )


async def forget(session: AsyncSession, user_id: UUID) -> None:
    """Delete all of it; the caller has locked the account."""
    for table in (Wishlist, ProductAlert, RecentView):
        await session.execute(delete(table).where(table.user_id == user_id))
