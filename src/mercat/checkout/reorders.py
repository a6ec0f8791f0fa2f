"""Putting what was ordered before into the cart again, as far as it can still be bought."""

from collections import Counter
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import cart, catalog, inventory, orders
from mercat.auth import Actor
from mercat.checkout.schemas import LeftOut, Reordered


async def reorder(
    session: AsyncSession, actor: Actor, holder: cart.Holder, order_id: UUID, *, locale: str | None = None
) -> Reordered:
    """Put the lines of one's own order into one's cart at today's prices; what is short is added in smaller numbers.

    `locale` is the language of the cart, see `cart.read_active`; what is left out is named as in the order.

    Raises:
        OrderNotFound: not the actor's order.
        CartFull, LineFull: it does not take that much.
    """
    await orders.require_own(session, actor, order_id, None)
    items = (await orders.read(session, order_id)).items
    names = {item.variant_id: item.name for item in items}
    variant_of = {item.id: item.variant_id for item in items}
    wanted: Counter[UUID] = Counter()
    for item in items:
        wanted[item.variant_id] += item.quantity
        if item.replaces is not None:  # what they kept in an exchange, and not what they sent back for it
            wanted[variant_of[item.replaces]] -= item.quantity
    wanted = +wanted
    possible = await _possible(session, holder, wanted)
    for variant_id, quantity in possible.items():
        if quantity:
            await cart.put(session, holder, cart.CartAdd(variant_id=variant_id, quantity=quantity))
    left_out = [
        LeftOut(
            variant_id=variant_id,
            name=names[variant_id],
            quantity=quantity - possible.get(variant_id, 0),
            code=inventory.InsufficientStock.code if variant_id in possible else cart.NotForSale.code,
        )
        for variant_id, quantity in wanted.items()
        if possible.get(variant_id, 0) < quantity
    ]
    return Reordered(cart=await cart.read_active(session, holder, locale=locale), left_out=left_out)


async def _possible(session: AsyncSession, holder: cart.Holder, wanted: Counter[UUID]) -> dict[UUID, int]:
    """Return how many more of what is still sold can be put into the cart."""
    current = await cart.active(session, holder)
    there = {line.variant_id: line.quantity for line in await cart.kept_lines(session, current.id)} if current else {}
    stock = await inventory.availability(session, list(wanted))
    found = await catalog.variants(session, list(wanted))
    possible = {}
    for variant_id in (variant.id for variant in found.values() if variant.on_sale):
        level, before = stock[variant_id], there.get(variant_id, 0)
        quantity = wanted[variant_id]
        covered = level.covers(before + quantity)
        possible[variant_id] = quantity if covered else max(level.available - before, 0)
    return possible
