"""Payment of an order that awaits it, once more or by another method."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, payments
from mercat.auth import Actor, Permission
from mercat.kit.money import Money
from mercat.orders import holds, queries, transitions
from mercat.orders.exceptions import NotPayable, OrderNotFound
from mercat.orders.lifecycle import Status
from mercat.orders.models import Order


@dataclass(frozen=True, slots=True)
class OrderPayment:
    """What a provider is told about the order and its buyer."""

    order_id: UUID
    number: str
    user_id: UUID | None
    email: str


async def order_payment_of(session: AsyncSession, order_id: UUID) -> OrderPayment:
    """Return what a provider is told about an order; the caller has authorised."""
    found = await session.execute(
        select(Order.id, Order.number, Order.user_id, Order.email).where(Order.id == order_id)
    )
    return OrderPayment(*found.one())


async def require_own(session: AsyncSession, actor: Actor, order_id: UUID, cart_id: UUID | None) -> None:
    """Reject an actor who did not buy this; `cart_id` is the cart that a guest's token proves.

    Raises:
        OrderNotFound: none, or none of the actor's.
    """
    order = await session.get(Order, order_id)
    if order is None or not queries.owns(actor, order, cart_id):
        raise OrderNotFound


async def pay_again(
    session: AsyncSession, actor: Actor, order_id: UUID, method: str | None, *, cart_id: UUID | None
) -> payments.PaymentRead:
    """Return the payment by which a waiting order can be paid with this method; one by another method is voided.

    Locks the order. Without a method it is the one that the order was placed with.

    Raises:
        OrderNotFound: Not the actor's order.
        NotPayable: it awaits no payment.
        AlreadyPaying: a payment by another method is under way.
        UnknownMethod: the marketplace does not accept it.
    """
    order = await transitions.for_update(session, order_id)
    if not (queries.owns(actor, order, cart_id) or actor.can(Permission.orders_manage)):
        raise OrderNotFound
    if order.status != Status.pending:
        raise NotPayable(status=order.status)
    terms = payments.terms_of(method or order.payment_method)
    due = Money(order.total_minor - await payments.paid_so_far(session, order.id), order.currency)
    intent = payments.Intent(order.id, order.user_id, terms.provider, due, rate=order.rate)
    payment = await payments.reopen(session, actor, intent)
    if order.expires_at is not None:  # at most as long as the order could have waited from the start
        proven = await _proven(session, order.user_id)
        order.expires_at = max(order.expires_at, holds.hold_ends(order.placed_at, terms.window, proven=proven))
    order.payment_method = method or order.payment_method
    return payment


async def _proven(session: AsyncSession, user_id: UUID | None) -> bool:
    """Whether the buyer has proven their address."""
    accounts = await auth.user_references(session, [user_id]) if user_id else {}
    return any(account.email_verified for account in accounts.values())
