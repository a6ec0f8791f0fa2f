"""Recently viewed products. A product's page stays a read: the client records a view by a request of its own."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import cart, users
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.saved_items.choice import AS_KEPT, Choice
from mercat.saved_items.config import SavedItemsSettings
from mercat.saved_items.models import RecentView, UncountedView
from mercat.saved_items.product_state import keeper, shelf, thing_on_sale
from mercat.saved_items.schemas import ViewRead

KEPT = 50
GUESTS_KEPT = timedelta(days=30)


async def look(
    session: AsyncSession, actor: Actor, token: str | None, product_id: UUID, *, opted_out: bool = False
) -> None:
    """Record a view of a product: by a person, or by a guest with a cart. Other guests' views are not stored.

    Nor are those of people who declined personalization, and of guests whose browser says so (`opted_out`). The first
    view of a product by each viewer on a day is left to be counted, without the viewer.

    Raises:
        ProductNotFound: there is none on sale.
    """
    await thing_on_sale(session, product_id, None)
    if actor.signed_in:
        viewer = {"user_id": await keeper(session, actor)}
        if not await users.personalized(session, viewer["user_id"]):
            return
    else:
        cart_id = None if opted_out else await cart.behind(session, token)
        if cart_id is None:
            return
        viewer = {"cart_id": cart_id}
    ((column, who),) = viewer.items()
    whose, now = getattr(RecentView, column) == who, clock.now()
    seen = select(RecentView.viewed_at).where(whose, RecentView.product_id == product_id).with_for_update()
    before = await session.scalar(seen)
    statement = insert(RecentView).values(id=new_id(), product_id=product_id, viewed_at=now, **viewer)
    again = {"viewed_at": func.greatest(RecentView.viewed_at, statement.excluded.viewed_at)}
    written = statement.on_conflict_do_update(index_elements=[column, "product_id"], set_=again)
    is_new = await session.scalar(written.returning(literal_column("xmax = 0")))
    if is_new or (before is not None and before.date() < now.date()):
        session.add(UncountedView(product_id=product_id))
    await _forget_oldest(session, whose)


async def take_views(session: AsyncSession, most: int) -> Counter[UUID]:
    """Return how often products were viewed since this was last asked, of `most` views; the caller counts them."""
    oldest = select(UncountedView.id).order_by(UncountedView.id).limit(most).with_for_update(skip_locked=True)
    taken = delete(UncountedView).where(UncountedView.id.in_(oldest)).returning(UncountedView.product_id)
    return Counter(await session.scalars(taken))


async def of_person(session: AsyncSession, actor: Actor, token: str | None, choice: Choice = AS_KEPT) -> list[ViewRead]:
    """Return a person's recent views, the last first; what they viewed as a guest is theirs from now on."""
    user_id = await keeper(session, actor)
    if not await users.personalized(session, user_id):
        return []
    cart_id = await cart.behind(session, token)
    if cart_id is not None:
        await _adopt(session, user_id, cart_id)
    return await shown(session, user_id, choice)


async def shown(session: AsyncSession, user_id: UUID, choice: Choice = AS_KEPT) -> list[ViewRead]:
    """Return the viewed products that are still on sale, the last first, as they read them."""
    rows = await session.execute(
        select(RecentView.product_id, RecentView.viewed_at)
        .where(RecentView.user_id == user_id)
        .order_by(RecentView.viewed_at.desc(), RecentView.id.desc())
        .limit(KEPT)
    )
    views = [(row.product_id, row.viewed_at) for row in rows]
    now = await shelf(session, [product_id for product_id, _ in views], choice=choice)
    found = [ViewRead(product=now.product(product_id), viewed_at=at) for product_id, at in views]
    return [view for view in found if view.product.on_sale]


async def forget_own(session: AsyncSession, actor: Actor) -> None:
    """Delete a person's recent views."""
    await session.execute(delete(RecentView).where(RecentView.user_id == await keeper(session, actor)))


async def forget_declined(session: AsyncSession, user_id: UUID) -> None:
    """Delete a person's recent views, unless they have changed their mind about personalization since."""
    if not await users.personalized(session, user_id):
        await session.execute(delete(RecentView).where(RecentView.user_id == user_id))


async def forget_old(session: AsyncSession) -> None:
    """Forget what guests, and what people looked at long ago."""
    now = clock.now()
    guests, people = now - GUESTS_KEPT, now - timedelta(days=SavedItemsSettings.read().recent_views_days)
    old = (RecentView.cart_id.is_not(None) & (RecentView.viewed_at < guests)) | (RecentView.viewed_at < people)
    await session.execute(delete(RecentView).where(RecentView.viewed_at < max(guests, people), old))


async def _adopt(session: AsyncSession, user_id: UUID, cart_id: UUID) -> None:
    gone = delete(RecentView).where(RecentView.cart_id == cart_id)
    rows = await session.execute(gone.returning(RecentView.product_id, RecentView.viewed_at))
    views = sorted((row.product_id, row.viewed_at) for row in rows)
    if not views:
        return
    statement = insert(RecentView).values(
        [{"id": new_id(), "user_id": user_id, "product_id": product, "viewed_at": at} for product, at in views]
    )
    later = {"viewed_at": func.greatest(RecentView.viewed_at, statement.excluded.viewed_at)}
    await session.execute(statement.on_conflict_do_update(index_elements=["user_id", "product_id"], set_=later))
    await _forget_oldest(session, RecentView.user_id == user_id)


async def _forget_oldest(session: AsyncSession, whose: ColumnElement[bool]) -> None:
    # rows that another request has locked are skipped: two of them never wait for each other crosswise
    too_old = (
        select(RecentView.id)
        .where(whose)
        .order_by(RecentView.viewed_at.desc(), RecentView.id.desc())
        .offset(KEPT)
        .with_for_update(skip_locked=True)
    )
    await session.execute(delete(RecentView).where(RecentView.id.in_(too_old)))
