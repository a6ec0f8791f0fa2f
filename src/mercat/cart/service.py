"""Verbs that change carts."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import case, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, catalog, exchange, inventory, pricing
from mercat.cart import queries
from mercat.cart.currency import currency_of
from mercat.cart.exceptions import CartFull, CartItemNotFound, ChooseVariant, LineFull, NotForSale
from mercat.cart.holder import Holder, hash_token, new_token
from mercat.cart.merge import merge
from mercat.cart.models import Cart, CartItem
from mercat.cart.schemas import MAX_LINES, CartAdd, CartRead
from mercat.exchange import other_than_books
from mercat.kit import clock
from mercat.kit.ids import new_id
from mercat.kit.money import Money, default_currency
from mercat.kit.problems import Unauthenticated
from mercat.kit.shapes import MOST_UNITS

PREFERRED = text(
    "(SELECT p.currency FROM profiles p JOIN shown_currencies k ON k.currency = p.currency AND k.status = 'shown' "
    "WHERE p.user_id = :person)"
)
"""The currency that a person prefers and that prices are shown in; looked up as their cart is made."""


async def add(session: AsyncSession, holder: Holder, wanted: CartAdd, *, locale: str | None = None) -> CartRead:
    """Put units in, see `put`; returns the cart as it is then, for a reader of this language: see `queries.read`."""
    cart, token = await put(session, holder, wanted)
    return await queries.read(session, cart, token=token, locale=locale)


async def put(session: AsyncSession, holder: Holder, wanted: CartAdd) -> tuple[Cart, str | None]:
    """Put units in; more of what is in already adds up. Returns the cart, and a guest's token if it is new.

    Raises:
        UnknownCurrency, ConversionStopped: the currency that is asked for is not in force.
        NotForSale, ChooseVariant, CartFull, LineFull: what the names say.
        InsufficientStock: the line would ask for more than there is.
    """
    variant = await _variant(session, wanted)
    await exchange.conversion_to(session, wanted.currency)
    cart, token = await _cart_for(session, holder, wanted.currency)
    item = await session.scalar(select(CartItem).where(CartItem.cart_id == cart.id, CartItem.variant_id == variant.id))
    quantity = wanted.quantity + (item.quantity if item else 0)
    if quantity > MOST_UNITS:
        raise LineFull(limit=MOST_UNITS)
    await _check_stock(session, variant.id, quantity)
    if item is None:
        lines = await session.scalar(select(func.count()).select_from(CartItem).where(CartItem.cart_id == cart.id))
        if (lines or 0) >= MAX_LINES:
            raise CartFull(limit=MAX_LINES)
        item = CartItem(cart_id=cart.id, variant_id=variant.id)
        session.add(item)
    item.quantity = quantity
    item.price_seen = (await _prices(session, cart, [variant.id], variant))[variant.id]
    cart.updated_at = clock.now()
    await session.flush()
    return cart, token


async def set_quantity(
    session: AsyncSession, holder: Holder, item_id: UUID, quantity: int, *, locale: str | None = None
) -> CartRead:
    """Change how many units a line has; 0 takes it out. Acknowledges today's price."""
    cart, item = await _item(session, holder, item_id)
    if quantity == 0:
        await session.delete(item)
    else:
        await _check_stock(session, item.variant_id, quantity)
        item.quantity = quantity
        item.price_seen = (await _prices(session, cart, [item.variant_id]))[item.variant_id]
    cart.updated_at = clock.now()
    await session.flush()
    return await queries.read(session, cart, locale=locale)


async def use_currency(session: AsyncSession, holder: Holder, code: str, *, locale: str | None = None) -> CartRead:
    """Let a cart be in another currency; made if there is none. Acknowledges today's prices in it.

    Raises:
        UnknownCurrency, ConversionStopped: the currency is not in force.
    """
    await exchange.conversion_to(session, code)
    cart, token = await _cart_for(session, holder, code)
    cart.currency = other_than_books(code)
    cart.updated_at = clock.now()
    await session.flush()
    lines = await queries.kept_lines(session, cart.id)
    await acknowledge(session, cart.id, await _prices(session, cart, [line.variant_id for line in lines]))
    return await queries.read(session, cart, token=token, locale=locale)


async def use_coupon(session: AsyncSession, holder: Holder, code: str, *, locale: str | None = None) -> CartRead:
    """Put a coupon into the cart, in place of another; one that only what is in the cart keeps from applying is kept.

    Raises:
        UnknownCoupon, CouponNotActive, CouponUsedUp, CouponUsedBefore: what is wrong with it whatever is bought.
    """
    cart, token = await _cart_for(session, holder)
    basket = pricing.Basket([], pricing.Destination.home(), code, cart.user_id)
    coupon = (await pricing.offer(session, basket)).coupon
    if coupon is None:
        raise pricing.UnknownCoupon
    if coupon.problem is not None:
        raise coupon.problem
    cart.coupon = coupon.code
    cart.updated_at = clock.now()
    await session.flush()
    return await queries.read(session, cart, token=token, locale=locale)


async def drop_coupon(session: AsyncSession, holder: Holder, *, locale: str | None = None) -> CartRead:
    """Take the coupon out of the cart, if there is one."""
    cart = await queries.active(session, holder, for_update=True)
    if cart is not None:
        cart.coupon = None
        await session.flush()
    return await queries.read(session, cart, locale=locale)


async def adopt(session: AsyncSession, holder: Holder) -> None:
    """Give a person who signed in what they had put in as a guest: once, in this transaction.

    Quantities of the same variant add up, as far as there is stock and room; what is left out becomes a merge loss. A
    coupon comes along where there is none, the currency where there was no cart. What the buyer was shown in another
    currency than that of their own cart has another price there. A cart that was adopted, ordered or never there
    changes nothing, nor does one that was not given to this client.
    """
    if holder.user_id is None or holder.token_hash is None or not holder.proven:
        return
    guest = await session.scalar(
        select(Cart).where(Cart.token_hash == holder.token_hash, Cart.status == "active").with_for_update()
    )
    if guest is None:
        return
    own, _ = await _cart_for(session, Holder(holder.user_id, None), guest.currency or default_currency())
    brought, there = await queries.kept_lines(session, guest.id), await queries.kept_lines(session, own.id)
    merged, merge_losses = merge(
        {line.variant_id: line.quantity for line in there},
        {line.variant_id: line.quantity for line in brought},
        await inventory.availability(session, [line.variant_id for line in brought]),
    )
    seen = {line.variant_id: line.price_seen for line in brought}
    for variant_id in sorted(merged):
        line = insert(CartItem).values(
            id=new_id(),
            cart_id=own.id,
            variant_id=variant_id,
            quantity=merged[variant_id],
            price_seen_minor=seen[variant_id].minor,
            price_seen_currency=other_than_books(seen[variant_id].currency),
        )
        added = line.on_conflict_do_update(
            index_elements=["cart_id", "variant_id"], set_={"quantity": line.excluded.quantity}
        )
        await session.execute(added)
    guest.status = "merged"
    own.merge_losses = [*own.merge_losses, *(loss.model_dump(mode="json") for loss in merge_losses)]
    own.coupon = own.coupon or guest.coupon
    await session.flush()


async def consume(session: AsyncSession, cart_id: UUID) -> None:
    """Mark a cart, which the caller has locked, as ordered."""
    await session.execute(update(Cart).where(Cart.id == cart_id).values(status="ordered", updated_at=clock.now()))


async def receipt(session: AsyncSession) -> tuple[UUID, str]:
    """Return a used-up cart and its token for a guest who ordered without one: the key to see that order again."""
    token = new_token()
    cart = Cart(id=new_id(), token_hash=hash_token(token), status="ordered")
    session.add(cart)
    await session.flush()
    return cart.id, token


async def acknowledge(session: AsyncSession, cart_id: UUID, prices: Mapping[UUID, Money]) -> None:
    """Remember that the buyer was told these prices, by variant; all are in one currency."""
    if not prices:
        return
    by_variant = {variant_id: price.minor for variant_id, price in prices.items()}
    [currency] = {price.currency for price in prices.values()}
    seen = case(by_variant, value=CartItem.variant_id)
    await session.execute(
        update(CartItem)
        .where(CartItem.cart_id == cart_id, CartItem.variant_id.in_(by_variant))
        .values(price_seen_minor=seen, price_seen_currency=other_than_books(currency))
    )


async def _variant(session: AsyncSession, wanted: CartAdd) -> catalog.VariantProjection:
    variant_id = wanted.variant_id
    if wanted.product_id is not None:
        choices = await catalog.variants_of(session, wanted.product_id)
        if not choices:
            raise catalog.ProductNotFound
        if len(choices) > 1:
            raise ChooseVariant
        variant_id = choices[0]
    variant = next(iter((await catalog.variants(session, [variant_id])).values()), None) if variant_id else None
    if variant is None:
        raise catalog.VariantNotFound
    if not variant.on_sale:
        raise NotForSale
    return variant


async def _prices(
    session: AsyncSession, cart: Cart, variant_ids: Sequence[UUID], known: catalog.VariantProjection | None = None
) -> dict[UUID, Money]:
    """Return prices in the currency that the cart is shown in; `known` has one in that of the books already."""
    conversion = (await currency_of(session, cart)).conversion
    if conversion is None and known is not None:
        return {known.id: known.price}
    found = await catalog.variants(session, variant_ids, conversion)
    return {variant.id: variant.price for variant in found.values()}


async def _cart_for(session: AsyncSession, holder: Holder, currency: str | None = None) -> tuple[Cart, str | None]:
    """Return the holder's active cart, locked, made if there is none; and a guest's token if it is new.

    A new one is in this currency, which is in force; else in the one that its buyer prefers and is shown.

    Two first requests of one person make one cart: the unique index lets one win, the other finds it.
    """
    cart = await queries.active(session, holder, for_update=True)
    if cart is not None:
        return cart, None
    if holder.user_id is None:
        token = new_token()
        cart = Cart(id=new_id(), token_hash=hash_token(token), currency=other_than_books(currency))
        session.add(cart)
        await session.flush()
        return cart, token
    if await auth.hold(session, holder.user_id) is None:
        raise Unauthenticated
    chosen = other_than_books(currency) if currency else PREFERRED.bindparams(person=holder.user_id)
    begun = insert(Cart).values(id=new_id(), user_id=holder.user_id, currency=chosen)
    await session.execute(begun.on_conflict_do_nothing())
    cart = await queries.active(session, holder, for_update=True)
    if cart is None:  # the winner of the race was checked out meanwhile: rare, and a fresh try settles it
        return await _cart_for(session, holder, currency)
    return cart, None


async def _item(session: AsyncSession, holder: Holder, item_id: UUID) -> tuple[Cart, CartItem]:
    cart = await queries.active(session, holder, for_update=True)
    item = await session.get(CartItem, item_id) if cart else None
    if cart is None or item is None or item.cart_id != cart.id:
        raise CartItemNotFound
    return cart, item


async def _check_stock(session: AsyncSession, variant_id: UUID, quantity: int) -> None:
    level = (await inventory.availability(session, [variant_id]))[variant_id]
    if not level.covers(quantity):
        raise inventory.InsufficientStock(
            lines=[{"variant_id": str(variant_id), "requested": quantity, "available": level.available}]
        )
