"""Ordering a list of variants without a cart."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import cart, exchange
from mercat.auth import Actor
from mercat.checkout.placement import Language, Purchase, place, variants_on_sale
from mercat.checkout.schemas import OrderCreate, PlacedOrder


async def order(session: AsyncSession, actor: Actor, new: OrderCreate, *, language: Language) -> PlacedOrder:
    """Order what is listed; two lines of one variant are one of their sum. A guest gets a key to see it again.

    Raises:
        UnknownCurrency, ConversionStopped: the currency is not in force.
        VariantNotFound, NotForSale, InsufficientStock, TotalChanged: see `placement`.
    """
    conversion = await exchange.conversion_to(session, new.currency)
    quantities: dict[UUID, int] = {}
    for line in new.items:
        quantities[line.variant_id] = quantities.get(line.variant_id, 0) + line.quantity
    cart_id, token = (None, None) if actor.signed_in else await cart.receipt(session)
    purchase = Purchase(
        actor, language.spoken, new, quantities, cart_id=cart_id, conversion=conversion, text_locale=language.texts
    )
    placed, payment = await place(session, purchase, await variants_on_sale(session, purchase))
    return PlacedOrder.of(placed, payment, guest_token=token)
