"""Placing an order: the one way, whatever was in the buyer's hands before.

Everything happens in the caller's transaction: order, vendor orders, lines, history, payment, event and reservation.
The stock comes last, so that a popular variant's row is held for as short as possible.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, cart, catalog, inventory, orders, payments, pricing, users, vendors
from mercat.addresses import Address, AddressRead, require_complete
from mercat.auth import Actor
from mercat.cart import NotForSale
from mercat.checkout.exceptions import (
    DueChanged,
    EmailMissing,
    ShippingNotOffered,
    TotalChanged,
    UnknownShippingMethod,
)
from mercat.checkout.schemas import CheckoutRequest
from mercat.exchange import Conversion
from mercat.kit import clock
from mercat.kit.database import driver, pipelined
from mercat.kit.exchange_rates import FrozenRate
from mercat.kit.money import Money
from mercat.kit.problems import FieldError, Unauthenticated
from mercat.payments import gift_cards
from mercat.vendors import Selling, still_selling


@dataclass(frozen=True, slots=True)
class Language:
    """The languages of an order: of its mail and documents, and of the marketplace's texts; none for the source."""

    spoken: str
    texts: str | None


@dataclass(frozen=True, slots=True)
class Purchase:
    """Who buys how many of what, and how it is sent and paid. `cart_id` is the cart that is used up by it.

    `coupon` is that of the cart; the one in the request precedes it, an empty one there is none. `conversion`: it is in
    another currency than that of the books, and the variants are priced by it. `locale` is the language of mail and
    documents, `text_locale` that of the names of variants and of the shipping method; none if that is the source.
    """

    actor: Actor
    locale: str
    request: CheckoutRequest
    quantities: Mapping[UUID, int]
    cart_id: UUID | None = None
    coupon: str | None = None
    conversion: Conversion | None = None
    text_locale: str | None = None

    @property
    def rate(self) -> FrozenRate | None:
        """What the order keeps of the conversion."""
        return self.conversion.frozen if self.conversion else None


@dataclass(frozen=True, slots=True)
class _Buyer:
    """Where the confirmation goes, and whether an account has shown that its own address is its own."""

    email: str
    proven: bool


async def variants_on_sale(session: AsyncSession, purchase: Purchase) -> dict[UUID, catalog.VariantProjection]:
    """Return what is bought, in the order it was asked for.

    Raises:
        VariantNotFound, NotForSale, InsufficientStock: some of it does not exist, cannot be bought, or is sold out.
    """
    found = await catalog.variants(session, list(purchase.quantities), purchase.conversion, locale=purchase.text_locale)
    unknown = [str(variant_id) for variant_id in purchase.quantities if variant_id not in found]
    if unknown:
        raise catalog.VariantNotFound(variants=unknown)
    withdrawn = [str(variant.id) for variant in found.values() if not variant.on_sale]
    if withdrawn:
        raise NotForSale(variants=withdrawn)
    await inventory.require(session, purchase.quantities)
    return {variant_id: found[variant_id] for variant_id in purchase.quantities}


async def place(
    session: AsyncSession, purchase: Purchase, variants: Mapping[UUID, catalog.VariantProjection]
) -> tuple[orders.OrderRead, payments.PaymentRead | None]:
    """Write the order, and open the payment of what is due. If nothing is, the order is paid.

    Raises:
        TotalChanged, DueChanged: the buyer was shown another total, or another amount due after the gift card.
        UnknownGiftCard, GiftCardNotValid, GiftCardEmpty: the gift card pays nothing.
        AddressNotFound: an address that is not in the buyer's own address book.
        UnknownShippingMethod, ShippingNotOffered: it is not sent that way, at all or to there.
        UnknownCoupon and its like, CouponUsedUp: the coupon reduces nothing, or another order was faster.
        NotForSale, InsufficientStock: another order was faster; nothing is written.
        TooManyOnHold: the buyer's unpaid orders hold too much of it.
    """
    request = purchase.request
    terms = payments.terms_of(request.payment_method)
    now = clock.now()
    shipping = await _address(
        session, purchase.actor, request.shipping_address, request.shipping_address_id, at="shipping_address"
    )
    quote = await _quote(session, purchase, variants, pricing.Destination.of(shipping))
    totals = quote.totals
    if request.expected_total not in (None, totals.total):
        raise TotalChanged(expected_total=request.expected_total, total=totals.total)
    billing = await _address(
        session, purchase.actor, request.billing_address, request.billing_address_id, at="billing_address"
    )
    buyer, commission = await _agreed(session, purchase, [variants[v] for v in purchase.quantities], now)
    draft = orders.Draft(
        user_id=purchase.actor.user_id,
        cart_id=purchase.cart_id,
        email=buyer.email,
        locale=purchase.locale,
        lines=tuple(orders.DraftLine.of(variants[v], quantity) for v, quantity in purchase.quantities.items()),
        totals=totals,
        shipping_method=request.shipping_method,
        shipping_method_name=quote.method.name if quote.method else request.shipping_method,
        translated_shipping_method_name=quote.method.translated_name if quote.method else None,
        payment_method=request.payment_method,
        shipping_address=shipping,
        billing_address=billing or shipping,
        placed_at=now,
        expires_at=orders.hold_ends(now, terms.window, proven=buyer.proven),
        coupon=quote.coupon.code if quote.coupon else None,
        commission=commission,
        rate=purchase.rate,
        text_locale=purchase.text_locale,
    )
    actor = purchase.actor
    connection = await driver(session)
    async with pipelined(connection):
        order_id = await orders.place(session, actor, draft)
        selling = await still_selling(session, {variant.vendor_id for variant in variants.values()})
        due = totals.total - await _by_gift_card(session, purchase, order_id, totals.total)
        if request.expected_due not in (None, due):
            raise DueChanged(expected_due=request.expected_due, due=due)
        payment = None
        if due.minor:
            intent = payments.Intent(order_id, actor.user_id, terms.provider, due, rate=purchase.rate)
            payment = await payments.start(session, intent)
        claimed = await _claim(session, draft, quote, order_id)
        placed = await orders.read(session, order_id)  # the first to wait: one round trip for all of the above
        await _require_selling(selling, variants)
        if claimed is not None:
            await claimed.settle()
        reserving = await inventory.begin_reserving(
            session, order_id, purchase.quantities, actor=actor.reference, country=shipping.get("country")
        )
        held = await orders.ask_held(session, actor.user_id, buyer.email, purchase.quantities)
        in_stock = await reserving.settle()
        await held.require_within()
    if payment is None:
        await orders.settle_placed(session, order_id)
    if payment is None or not in_stock:
        placed = await orders.read(session, order_id)
    return placed, payment


async def _agreed(
    session: AsyncSession, purchase: Purchase, variants: Sequence[catalog.VariantProjection], now: datetime
) -> tuple[_Buyer, orders.CommissionTerms]:
    """Return who buys, and what the marketplace keeps of each line as it is agreed at this moment.

    Raises:
        EmailMissing, Unauthenticated: see `_buyer`.
    """
    lines = [(variant.vendor_id, variant.category_path) for variant in variants]
    async with pipelined(await driver(session)):
        rates = await vendors.ask_rates(session, lines, now)
        buyer = await _buyer(session, purchase)
        agreed = await rates.known()
        return buyer, orders.CommissionTerms(agreed.rates, vendors.commission_tax_rate(), agreed.own_tax_rates)


async def _require_selling(selling: Selling, variants: Mapping[UUID, catalog.VariantProjection]) -> None:
    """Reject the goods of a vendor that was suspended since the variants were read.

    Raises:
        NotForSale: some of it; nothing is written.
    """
    stopped = await selling.stopped()
    if stopped:
        raise NotForSale(variants=[str(v.id) for v in variants.values() if v.vendor_id in stopped])


async def _by_gift_card(session: AsyncSession, purchase: Purchase, order_id: UUID, total: Money) -> Money:
    """Return what the buyer's gift card has paid of an order: nothing of one that costs nothing."""
    code, actor = purchase.request.gift_card, purchase.actor
    if code is None or not total.minor:
        return Money.zero(total.currency)
    tender = gift_cards.Tender(code, order_id, actor.user_id, total, rate=purchase.rate)
    return await orders.take_gift_card(session, actor, tender)


async def _quote(
    session: AsyncSession,
    purchase: Purchase,
    variants: Mapping[UUID, catalog.VariantProjection],
    destination: pricing.Destination,
) -> pricing.Quote:
    """Return what the purchase costs at today's prices; what the client says about prices is never asked."""
    named, method = purchase.request.coupon, purchase.request.shipping_method
    basket = pricing.Basket(
        lines=[cart.priced(variants[variant_id], quantity) for variant_id, quantity in purchase.quantities.items()],
        destination=destination,
        coupon=purchase.coupon if named is None else named,
        user_id=purchase.actor.user_id,
        conversion=purchase.conversion,
        locale=purchase.text_locale,
    )
    quote = (await pricing.offer(session, basket)).by(method)
    if quote is None:
        raise ShippingNotOffered if await pricing.ships_by(session, method) else UnknownShippingMethod
    if quote.problem is not None:
        raise quote.problem
    return quote


async def _claim(
    session: AsyncSession, draft: orders.Draft, quote: pricing.Quote, order_id: UUID
) -> pricing.Claimed | None:
    if quote.coupon is None or quote.coupon.discount is None:
        return None
    wanted = pricing.Claim(quote.coupon.discount.id, order_id, draft.user_id, draft.email)
    return await pricing.claim(session, wanted)


async def _buyer(session: AsyncSession, purchase: Purchase) -> _Buyer:
    """Return who buys, and where the confirmation goes. The account is locked: it cannot be erased meanwhile.

    Raises:
        EmailMissing: a guest must say it.
        Unauthenticated: the account was erased a moment ago.
    """
    user_id, said = purchase.actor.user_id, purchase.request.email
    if user_id is None:
        if said is None:
            raise EmailMissing(errors=(FieldError("email", "an e-mail address is needed", "missing"),))
        return _Buyer(said, proven=False)
    account = await auth.hold(session, user_id)
    if account is None:
        raise Unauthenticated
    return _Buyer(said or account.email, proven=account.email_verified)


async def _address(
    session: AsyncSession, actor: Actor, written: Address | None, named: UUID | None, *, at: str
) -> dict[str, str]:
    """Return an address as orders store it: as written, or as in the address book; empty if neither.

    Raises:
        AddressRefused: it is not complete for its country.
        AddressNotFound: there is no such entry in the actor's own address book.
    """
    if named is not None:
        entry = await users.address(session, actor, named)
        return entry.model_dump(include=set(AddressRead.model_fields), exclude_none=True)
    if written is None:
        return {}
    return require_complete(written, at=at).model_dump(exclude_none=True)
