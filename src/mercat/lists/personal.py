"""What lists know about a person."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.shapes import Shape
from mercat.lists import queries, viewing, watching
from mercat.lists.models import ProductAlert, RecentView, Wishlist
from mercat.lists.schemas import AlertRead, ViewRead, WishlistRead


class ListsRecord(Shape):
    """What somebody keeps an eye on."""

    wishlists: list[WishlistRead]
    alerts: list[AlertRead]
    recently_viewed: list[ViewRead]


async def record_of(session: AsyncSession, user_id: UUID) -> ListsRecord:
    """Return somebody's wishlists, alerts and recent views."""
    lists = await session.scalars(select(Wishlist).where(Wishlist.user_id == user_id).order_by(Wishlist.id))
    return ListsRecord(
        wishlists=await queries.whole(session, list(lists)),
        alerts=await watching.of_person(session, user_id),
        recently_viewed=await viewing.shown(session, user_id),
    )


async def forget(session: AsyncSession, user_id: UUID) -> None:
    """Delete all of it; the caller has locked the account."""
    for table in (Wishlist, ProductAlert, RecentView):
        await session.execute(delete(table).where(table.user_id == user_id))
