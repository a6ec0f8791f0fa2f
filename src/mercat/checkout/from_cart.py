"""Checking out a cart."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import cart, catalog, inventory
from mercat.auth import Actor
from mercat.checkout.exceptions import CartChanged, CartEmpty
from mercat.checkout.placing import Purchase, place
from mercat.checkout.schemas import CheckoutRequest, CheckoutResult


async def check_out(
    session: AsyncSession, actor: Actor, holder: cart.Holder, request: CheckoutRequest, *, locale: str
) -> CheckoutResult:
    """Turn the active cart into an order. The cart is locked: a second request waits, and finds it empty.

    Raises:
        CartEmpty: nothing in it, or it was just ordered.
        CartChanged: something is not as the buyer was shown; the new prices count as shown from then on.
        InsufficientStock, TotalChanged: see `placing.place`.
    """
    active = await cart.active(session, holder, for_update=True)
    wishes = await cart.wishes(session, active.id) if active else []
    if active is None or not wishes:
        raise CartEmpty
    quantities = {wish.variant_id: wish.quantity for wish in wishes}
    variants = await catalog.variants(session, list(quantities))
    stock = await inventory.availability(session, list(quantities))
    # a buyer who names the total agrees to every price in it
    differences = _differences(wishes, variants, stock, prices_agreed=request.expected_total is not None)
    if differences:
        await cart.acknowledge(session, active.id, {v.id: v.price for v in variants.values()})
        raise CartChanged(differences=differences)
    purchase = Purchase(actor, locale, request, quantities, cart_id=active.id, coupon=active.coupon)
    order, payment = await place(session, purchase, variants)
    await cart.consume(session, active.id)
    return CheckoutResult(order=order, payment=payment)


def _differences(
    wishes: Sequence[cart.Wish],
    variants: Mapping[UUID, catalog.VariantCard],
    stock: Mapping[UUID, inventory.Availability],
    *,
    prices_agreed: bool,
) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for wish in wishes:
        variant, level = variants[wish.variant_id], stock[wish.variant_id]
        problem = cart.problem_of(wish, variant, level)
        if problem is None or (problem == "cart.price_changed" and prices_agreed):
            continue
        found.append(
            {
                "item_id": str(wish.item_id),
                "variant_id": str(wish.variant_id),
                "code": problem,
                "requested": wish.quantity,
                "available": level.available,
                "unit_price_shown": wish.price_seen.wire(),
                "unit_price": variant.price.wire(),
            }
        )
    return found
