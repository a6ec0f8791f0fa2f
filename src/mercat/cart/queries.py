"""Reads of carts: which one is meant, and its current state."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import catalog, files, inventory, pricing
from mercat.cart.currency import currency_of
from mercat.cart.holder import Holder, hash_token
from mercat.cart.models import Cart, CartItem
from mercat.cart.schemas import CartLine, CartMergeLoss, CartProduct, CartRead, CartVendor, OfferedMethod
from mercat.exchange import Conversion
from mercat.kit.money import Money


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A line of a cart as it is kept."""

    item_id: UUID
    variant_id: UUID
    quantity: int
    price_seen: Money


async def active(session: AsyncSession, holder: Holder, *, for_update: bool = False) -> Cart | None:
    """Return the holder's active cart: the person's own, or the guest's by token. Locked on demand."""
    statement = select(Cart).where(Cart.status == "active")
    if for_update:
        statement = statement.with_for_update()
    if holder.user_id is not None:
        return await session.scalar(statement.where(Cart.user_id == holder.user_id))
    if holder.token_hash is None:
        return None
    return await session.scalar(statement.where(Cart.token_hash == holder.token_hash))


async def ordered(session: AsyncSession, token: str | None) -> UUID | None:
    """Return the cart that this guest's token stood for and that was checked out since."""
    token_hash = hash_token(token)
    if token_hash is None:
        return None
    return await session.scalar(select(Cart.id).where(Cart.token_hash == token_hash, Cart.status == "ordered"))


async def just_ordered(session: AsyncSession, holder: Holder, since: datetime) -> UUID | None:
    """Return the cart of this holder that was checked out last, if that was since then."""
    theirs = Cart.user_id == holder.user_id if holder.user_id else Cart.token_hash == holder.token_hash
    done = select(Cart.id).where(theirs, Cart.status == "ordered", Cart.updated_at >= since)
    return await session.scalar(done.order_by(Cart.updated_at.desc()).limit(1))


async def behind(session: AsyncSession, token: str | None) -> UUID | None:
    """Return the cart that a guest's token was made for, whatever became of it since."""
    token_hash = hash_token(token)
    if token_hash is None:
        return None
    return await session.scalar(select(Cart.id).where(Cart.token_hash == token_hash))


async def kept_lines(session: AsyncSession, cart_id: UUID) -> list[KeptLine]:
    """Return a cart's lines in the order they were put in."""
    rows = await session.scalars(select(CartItem).where(CartItem.cart_id == cart_id).order_by(CartItem.id))
    return [KeptLine(row.id, row.variant_id, row.quantity, row.price_seen) for row in rows]


async def read_active(session: AsyncSession, holder: Holder, *, locale: str | None = None) -> CartRead:
    """Return a person's cart, or an empty one; see `read`."""
    return await read(session, await active(session, holder), locale=locale)


async def read(
    session: AsyncSession, cart: Cart | None, *, token: str | None = None, locale: str | None = None
) -> CartRead:
    """Return a cart with today's prices and stock; each line says why it cannot be ordered. Notices are told once.

    It is in its own currency, or in that of the books as long as its own is not in force. `locale` is the language of
    its reader, None for that of the source; another takes one statement more, however many lines there are.
    """
    merge_losses = [CartMergeLoss.model_validate(loss) for loss in cart.merge_losses] if cart else []
    if cart is not None and merge_losses:
        cart.merge_losses = []
        await session.flush()
    currency = await currency_of(session, cart)
    lines = await _lines(session, cart, currency.conversion, locale)
    basket = _basket(cart, lines, currency.conversion, pricing.Destination.home())
    quoted = (await pricing.offer(session, basket)).usual()
    totals = quoted.totals
    return CartRead(
        id=cart.id if cart else None,
        token=token,
        currency=currency.code,
        currency_problem=currency.problem.code if currency.problem else None,
        items=[
            shown.model_copy(update={"discount": priced.discount})
            for (shown, _), priced in zip(lines, totals.lines, strict=True)
        ],
        merge_losses=merge_losses,
        coupon=quoted.coupon.code if quoted.coupon else None,
        coupon_problem=quoted.problem.code if quoted.problem else None,
        subtotal=totals.subtotal,
        discount=totals.discount,
        shipping=totals.shipping,
        tax=totals.tax,
        included_tax=totals.included_tax,
        prices_include_tax=totals.prices_include_tax,
        total=totals.total,
        item_count=sum(shown.quantity for shown, _ in lines),
    )


async def ways_to(
    session: AsyncSession, cart: Cart | None, destination: pricing.Destination, *, locale: str | None = None
) -> list[OfferedMethod]:
    """Return how a cart can be sent somewhere, and what it costs then; an empty one cannot.

    `locale` is the language of its reader, see `read`.
    """
    conversion = (await currency_of(session, cart)).conversion
    lines = await _lines(session, cart, conversion)
    if not lines:
        return []
    basket = replace(_basket(cart, lines, conversion, destination), locale=locale)
    return [
        OfferedMethod(
            code=quoted.method.code,
            name=quoted.method.shown_name,
            price=quoted.totals.shipping,
            tax=quoted.totals.tax,
            included_tax=quoted.totals.included_tax,
            total=quoted.totals.total,
        )
        for quoted in (await pricing.offer(session, basket)).quotes()
        if quoted.method is not None
    ]


def _basket(
    cart: Cart | None,
    lines: Sequence[tuple[CartLine, pricing.Line]],
    conversion: Conversion | None,
    destination: pricing.Destination,
) -> pricing.Basket:
    coupon, user_id = (cart.coupon, cart.user_id) if cart else (None, None)
    return pricing.Basket([line for _, line in lines], destination, coupon, user_id, conversion)


def priced(variant: catalog.VariantProjection, quantity: int) -> pricing.Line:
    """Return units of a variant as they are priced."""
    return pricing.Line(
        vendor_id=variant.vendor_id,
        unit_price=variant.price,
        quantity=quantity,
        product_id=variant.product_id,
        category_ids=variant.category_ids,
        tax_class=variant.tax_class,
        weight_grams=variant.weight_grams,
    )


async def _lines(
    session: AsyncSession, cart: Cart | None, conversion: Conversion | None, locale: str | None = None
) -> list[tuple[CartLine, pricing.Line]]:
    wanted = await kept_lines(session, cart.id) if cart else []
    ids = [line.variant_id for line in wanted]
    variants = await catalog.variants(session, ids, conversion, locale=locale)
    stock = await inventory.availability(session, ids)
    shown_by = {variant.image_url: variant.shown_name for variant in variants.values() if variant.image_url}
    images = await files.pictures(session, shown_by)
    lines = []
    for line in wanted:
        variant, level = variants[line.variant_id], stock[line.variant_id]
        price = priced(variant, line.quantity)
        shown = CartLine(
            id=line.item_id,
            variant_id=variant.id,
            product=CartProduct(
                id=variant.product_id,
                slug=variant.slug,
                name=variant.shown_name,
                image=images.get(variant.image_url or ""),
            ),
            vendor=CartVendor(id=variant.vendor_id, slug=variant.vendor_slug, name=variant.vendor_name),
            sku=variant.sku,
            title=variant.shown_title,
            quantity=line.quantity,
            unit_price=variant.price,
            line_total=price.total,
            discount=Money.zero(price.total.currency),
            available=level.available,
            problem=problem_of(line, variant, level),
        )
        lines.append((shown, price))
    return lines


def problem_of(line: KeptLine, variant: catalog.VariantProjection, level: inventory.Availability) -> str | None:
    """Return why a line cannot be ordered as it is, or None."""
    if not variant.on_sale:
        return "cart.not_for_sale"
    if not level.covers(line.quantity):
        return "inventory.insufficient_stock"
    return "cart.price_changed" if line.price_seen != variant.price else None
