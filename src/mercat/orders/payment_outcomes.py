"""Outcomes of payments for their orders: the one path, whoever reports them.

One lock order: the order's row first, then its payments, the gift card that paid, then the stock levels in key order.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import payments
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.money import Money
from mercat.orders import books, transitions
from mercat.orders.exceptions import IllegalTransition
from mercat.orders.lifecycle import Status, allowed
from mercat.orders.models import Order
from mercat.orders.refunds import refund_requests
from mercat.payments import gift_cards, refunds
from mercat.payments.providers import Charge, ChargeState, Returned

SYSTEM = Actor.system()
AUTHORIZED_FOR = timedelta(days=7)
"""How long an authorization can be captured if its provider does not say: the shortest time of the large ones."""


async def follow_charge(
    session: AsyncSession, about: payments.PaymentSnapshot, charge: Charge, *, actor: Actor = SYSTEM
) -> None:
    """Update a payment and its order from a charge as its provider has it. Idempotent, in any order.

    `actor` is who caused it: an operator, or no one in particular.

    Money is refunded if it is captured for an order that awaits none, or in another amount than was asked for.
    """
    payment_id = about.payment_id
    order = await transitions.for_update(session, about.order_id)
    wanted = Money(order.total_minor, order.currency) if order.status == Status.pending else None
    captured = await payments.apply(session, actor, about, charge, wanted=wanted)
    if captured is None and order.status == Status.pending:
        await _wait(session, order, about, charge)
    if captured is not None:
        await books.captured(session, captured, order.rate)
        if not captured.surplus:
            await pay_if_covered(session, actor, order)
    await refund_requests.follow_disputes(session, SYSTEM, order, payment_id, charge)
    if captured is not None and captured.surplus:
        amiss = not charge.captured == charge.amount == about.amount
        await refund_requests.return_surplus(session, SYSTEM, order, payment_id, amiss=amiss)
    if charge.fee is not None and charge.captured.minor:
        await books.fee(session, order, about, charge.fee)
    if charge.settled is not None and about.books is not None and charge.captured == about.amount:
        cause = f"payment.settled:{payment_id}"
        settled = books.ProviderConversion(cause, payment_id, about.provider, about.books, charge.settled)
        await books.settled(session, order, settled)
    await refund_requests.follow(session, SYSTEM, order, payment_id, charge)
    await finish_if_refunded(session, SYSTEM, order)


async def _wait(session: AsyncSession, order: Order, about: payments.PaymentSnapshot, charge: Charge) -> None:
    """Let an order whose money is authorized wait as long as that can be captured; afterwards, as long as a new one.

    It is paid in time: the marketplace decides whether the money is captured or voided.
    """
    await session.flush()  # what is read next is what was written
    status = (await payments.snapshot(session, about.payment_id)).status
    if status == ChargeState.authorized:
        order.expires_at = charge.authorized_until or about.opened_at + AUTHORIZED_FOR
    elif about.status == ChargeState.authorized and order.expires_at is not None:
        order.expires_at = min(order.expires_at, clock.now() + payments.window_of(order.payment_method))


async def settle_refund(session: AsyncSession, refund_id: UUID, returned: Returned) -> None:
    """Update a refund and its order from what the provider says."""
    order = await transitions.for_update(session, await refunds.order_of(session, refund_id))
    await refund_requests.settle(session, SYSTEM, order, refund_id, returned)
    await finish_if_refunded(session, SYSTEM, order)


async def take_by_hand(session: AsyncSession, actor: Actor, order: Order, *, note: str = "") -> None:
    """Record by hand that the money for a locked order has arrived.

    Raises:
        IllegalTransition: the order awaits none.
        NotByHand: a provider reports its payments.
    """
    transitions.require(order, Status.paid)
    captured = await payments.take_by_hand(session, actor, order.id)
    if captured is not None:
        await books.captured(session, captured, order.rate)
    await pay_if_covered(session, actor, order, note=note)
    if order.status == Status.pending:  # the money was not reported before
        raise IllegalTransition(current=order.status, wanted=Status.paid.value)


async def take_gift_card(session: AsyncSession, actor: Actor, tender: gift_cards.Tender) -> Money:
    """Let a gift card pay for an order that is being placed, up to its balance; returns how much it paid.

    Raises:
        UnknownGiftCard, GiftCardNotValid, GiftCardEmpty: it pays nothing.
    """
    taken = await gift_cards.pay(session, actor, tender)
    money = payments.CapturedPayment(
        taken.payment_id, tender.order_id, gift_cards.PROVIDER, taken.amount, surplus=False, books=taken.from_card
    )
    await books.captured(session, money, tender.rate)
    return taken.amount


async def settle_placed(session: AsyncSession, order_id: UUID) -> None:
    """Move a new order to paid if nothing remains to be paid: it costs nothing, or a gift card paid it.

    Call it after the stock is reserved: stock of a paid order is never released by expiration.
    """
    await pay_if_covered(session, SYSTEM, await transitions.for_update(session, order_id))


async def pay_if_covered(session: AsyncSession, actor: Actor, order: Order, *, note: str = "") -> None:
    """Move a locked order to paid when all of its money is captured."""
    if await payments.paid_so_far(session, order.id) >= order.total_minor:
        await transitions.move(session, actor, order, Status.paid, note=note)


async def finish_if_refunded(session: AsyncSession, actor: Actor, order: Order) -> None:
    """End a locked order, or vendor orders of it, that was refunded in full; what is not shipped is released."""
    if order.refunded_minor == order.total_minor > 0:
        if allowed(Status(order.status), Status.refunded):
            await transitions.move(session, actor, order, Status.refunded)
    elif order.refunded_minor:
        emptied = await refund_requests.emptied_vendor_orders(session, order)
        if len(emptied) > 1:
            await transitions.hold_stock(session, order)
        for vendor_order in await transitions.vendor_orders_of(session, order):
            if vendor_order.id in emptied and allowed(Status(vendor_order.status), Status.refunded):
                await transitions.move_vendor_order(session, actor, order, vendor_order, Status.refunded)
