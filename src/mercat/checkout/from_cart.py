"""Checking out a cart."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, cart, catalog, exchange, inventory, orders
from mercat.auth import Actor
from mercat.checkout.exceptions import CartChanged, CartEmpty
from mercat.checkout.placement import Language, Purchase, place
from mercat.checkout.schemas import CheckoutRequest, PlacedOrder
from mercat.kit import clock
from mercat.kit.problems import Unauthenticated

A_MOMENT = timedelta(minutes=10)
"""How long an empty cart is taken for the one that was just ordered."""
SHORTAGE = ("variant_id", "requested", "available")


async def check_out(
    session: AsyncSession, actor: Actor, holder: cart.Holder, request: CheckoutRequest, *, language: Language
) -> PlacedOrder:
    """Turn the active cart into an order. The cart is locked: a second request waits, and hears of the order.

    Raises:
        CartEmpty: nothing in it.
        UnknownCurrency, ConversionStopped: the cart's currency is not in force; the buyer has to choose another.
        AlreadyOrdered: it was just ordered, by a request with another key.
        CartChanged: something is not as the buyer was shown; the new prices count as shown from then on.
        InsufficientStock: less of something is available than is wanted; `lines` says how much.
        TotalChanged: see `placement.place`.
    """
    if actor.user_id is not None and await auth.hold(session, actor.user_id) is None:  # accounts before carts
        raise Unauthenticated
    active = await cart.active(session, holder, for_update=True)
    lines = await cart.kept_lines(session, active.id) if active else []
    if active is None or not lines:
        await _name_the_order(session, holder)
        raise CartEmpty
    conversion = await exchange.conversion_to(session, active.currency)
    if active.merge_losses:  # merged just now, and not all of it: the buyer has not agreed to that yet
        untold, active.merge_losses = active.merge_losses, []
        await session.flush()
        raise CartChanged(differences=untold)
    quantities = {line.variant_id: line.quantity for line in lines}
    variants = await catalog.variants(session, list(quantities), conversion, locale=language.texts)
    stock = await inventory.availability(session, list(quantities))
    # a buyer who names the total agrees to every price in it
    differences = _differences(lines, variants, stock, prices_agreed=request.expected_total is not None)
    short = [one for one in differences if one["code"] == inventory.InsufficientStock.code]
    if short and short == differences:
        shortages = [{name: one[name] for name in SHORTAGE} for one in short]
        raise inventory.InsufficientStock(lines=shortages, differences=differences)
    if differences:
        await cart.acknowledge(session, active.id, {v.id: v.price for v in variants.values()})
        raise CartChanged(differences=differences)
    purchase = Purchase(
        actor, language.spoken, request, quantities, cart_id=active.id, coupon=active.coupon, conversion=conversion,
        text_locale=language.texts,
    )  # fmt: skip
    order, payment = await place(session, purchase, variants)
    await cart.consume(session, active.id)
    return PlacedOrder.of(order, payment)


async def _name_the_order(session: AsyncSession, holder: cart.Holder) -> None:
    """Reject a repeated checkout, naming the order of the first one.

    Raises:
        AlreadyOrdered: it has.
    """
    cart_id = await cart.just_ordered(session, holder, clock.now() - A_MOMENT)
    order_id = await orders.made_of(session, cart_id) if cart_id else None
    if order_id is not None:
        placed = await orders.read(session, order_id)
        raise orders.AlreadyOrdered(
            order={"id": str(placed.id), "number": placed.number, "status": placed.status, "total": placed.total.wire()}
        )


def _differences(
    lines: Sequence[cart.KeptLine],
    variants: Mapping[UUID, catalog.VariantProjection],
    stock: Mapping[UUID, inventory.Availability],
    *,
    prices_agreed: bool,
) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for line in lines:
        variant, level = variants[line.variant_id], stock[line.variant_id]
        problem = cart.problem_of(line, variant, level)
        if problem is None or (problem == "cart.price_changed" and prices_agreed):
            continue
        found.append(
            {
                "item_id": str(line.item_id),
                "variant_id": str(line.variant_id),
                "code": problem,
                "requested": line.quantity,
                "available": level.available,
                "unit_price_shown": line.price_seen.wire(),
                "unit_price": variant.price.wire(),
            }
        )
    return found
