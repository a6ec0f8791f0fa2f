"""Erasure of a person: the marketplace's books stay, and no longer tell whom they are about.

All of it is one transaction. The account is locked first: whoever writes something about a person holds the account
(`auth.hold`), and so either is seen here or finds nobody.
"""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import (
    audit,
    cart,
    checkout,
    content,
    files,
    notifications,
    orders,
    outbox,
    payments,
    pricing,
    reviews,
    saved_items,
    users,
    vendors,
)
from mercat.auth import Actor, management
from mercat.orders import returns
from mercat.payments import methods, refunds
from mercat.privacy.exceptions import LastOwner, OrdersUnfinished


async def erase(session: AsyncSession, actor: Actor, user_id: UUID) -> None:
    """Erase a person. The caller has made sure that they want it, or that the actor may decide it.

    Raises:
        UserNotFound, AboveYourself, LastAdmin: there is none, or it must stay.
        OrdersUnfinished, LastOwner: not yet.
    """
    # events and mail are read whole: rare, and only this person's rows are locked meanwhile
    await session.execute(text("SET LOCAL statement_timeout TO '5min'"))
    erased = await management.erase(session, actor, user_id)
    proven = erased.email if erased.verified else None
    buyer = orders.Buyer(user_id, proven)
    await _require_nothing_left(session, buyer)
    bought = await orders.forget(session, buyer)
    guest_tokens = await cart.forget(session, user_id, bought.cart_ids)
    await checkout.forget(session, user_id, bought.emails, guest_tokens)
    await methods.forget(session, user_id)
    sent_back = await returns.forget(session, bought.order_ids)
    given_back = await refunds.forget(session, bought.order_ids)
    await pricing.forget(session, user_id, bought.order_ids)
    said = await reviews.forget(session, user_id)
    commented = await content.comments.forget(session, user_id)
    drafted = await content.posts.forget(session, user_id)
    await saved_items.forget(session, user_id)
    await vendors.forget(session, user_id, erased.email)
    await users.forget(session, user_id)
    await files.forget(session, user_id)
    # after the orders and the account are locked: mail that was being written is there now
    told = await outbox.events_about(session, [*bought.order_ids, *said])
    await notifications.forget(session, user_id, proven, told)
    await outbox.forget(session, [str(user_id), erased.email], nobody=erased.nobody)
    paid = await payments.of_orders(session, bought.order_ids)
    made = [payment.id for payment in paid]
    books = (*bought.order_ids, *bought.shipment_ids, *made, *given_back, *sent_back, *said, *commented, *drafted)
    for known_as in (user_id, *books):
        await audit.forget(session, known_as)


async def _require_nothing_left(session: AsyncSession, buyer: orders.Buyer) -> None:
    numbers = {*await orders.unfinished(session, buyer), *await returns.unfinished(session, buyer)}
    if numbers:
        raise OrdersUnfinished(orders=sorted(numbers))
    vendor_ids = await vendors.owned_alone(session, buyer.user_id)
    if vendor_ids:
        raise LastOwner(vendors=vendor_ids)
