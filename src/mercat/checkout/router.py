"""Buying, over HTTP. Both ways happen once per `Idempotency-Key`, see `mercat.kit.idempotency`."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import cart, i18n, orders, payment_processing, pricing
from mercat.addresses import AddressRefused
from mercat.auth import REFUSED, Actor, OptionalActor, SignedIn
from mercat.catalog import VariantNotFound
from mercat.checkout import from_cart, from_items, payment, principals, reorders
from mercat.checkout.exceptions import (
    CartChanged,
    CartEmpty,
    DueChanged,
    EmailMissing,
    ShippingNotOffered,
    TotalChanged,
    UnknownShippingMethod,
)
from mercat.checkout.placement import Language
from mercat.checkout.schemas import CheckoutRequest, OrderCreate, PlacedOrder, Reordered
from mercat.exchange import ConversionStopped, UnknownCurrency
from mercat.inventory import InsufficientStock
from mercat.kit.bulkhead import IN_TURN
from mercat.kit.database import Connections, Database, Session, commit_now
from mercat.kit.idempotency import InProgress, Key, KeyMissing, KeyReused, once, read_key
from mercat.kit.openapi import refusals
from mercat.kit.problems import Invalid
from mercat.kit.throttle import count_mail
from mercat.payments import AmountNotChargeable, UnknownMethod, gift_cards
from mercat.users import AddressNotFound

router = APIRouter(tags=["checkout"])
IdempotencyKey = Annotated[Key, Depends(read_key)]
AcceptLanguage = Annotated[
    str, Header(alias="Accept-Language", description="Language of the order's names, its mail and its invoices.")
]


@dataclass(frozen=True, slots=True)
class Visit:
    """What a request works with: its transaction, connections for others, and what is known of its buyer."""

    http: Request
    session: AsyncSession
    database: Database
    coupons: pricing.CouponGuesses
    gift_cards: gift_cards.GiftCardGuesses
    language: Language

    async def check_codes(self, request: CheckoutRequest) -> None:
        """Refuse codes that there are not, see `CodeGuesses`."""
        await self.coupons.check(request.coupon)
        await self.gift_cards.check(request.gift_card)

    async def count_mail(self, request: CheckoutRequest) -> None:
        """Count an order whose confirmation goes to an address that the buyer names, as guests do."""
        if request.email is not None:
            await count_mail(self.http)


async def visit(
    http: Request,
    session: Session,
    database: Connections,
    coupons: pricing.CouponGuesses,
    cards: gift_cards.GiftCardGuesses,
    accept_language: AcceptLanguage = "",
) -> Visit:
    """Return what the request works with."""
    spoken = Language(i18n.readers_locale(accept_language), i18n.content_language(http).other)
    return Visit(http, session, database, coupons, cards, spoken)


Visiting = Annotated[Visit, Depends(visit, scope="function")]
REFUSALS = refusals(
    KeyMissing, *REFUSED, InsufficientStock, TotalChanged, InProgress, cart.NotForSale, KeyReused, Invalid,
    AddressRefused, EmailMissing, UnknownShippingMethod, ShippingNotOffered, UnknownMethod, AddressNotFound,
    *pricing.COUPON_REFUSALS, DueChanged, orders.TooManyOnHold, *gift_cards.REFUSALS, UnknownCurrency,
    ConversionStopped, AmountNotChargeable,
)  # fmt: skip


@router.post(
    "/cart/checkout",
    status_code=201,
    dependencies=[IN_TURN],
    response_model=PlacedOrder,
    responses={
        **REFUSALS,
        **refusals(CartEmpty, orders.AlreadyOrdered, CartChanged, InsufficientStock, TotalChanged, InProgress),
    },
)
async def check_out(
    request: CheckoutRequest, key: IdempotencyKey, actor: OptionalActor, holder: cart.Adopted, visit: Visiting
) -> Response:
    """Order what is in the cart: stock is reserved, the order is split into vendor orders, a payment is created.

    A coupon reduces it, a gift card pays for it; if nothing remains to be paid, the order is paid at once.

    The order is in the currency of the cart. 409 with `differences` when prices or stock moved since the buyer last
    looked. The same `Idempotency-Key` and body again answer with the same order. With a card, or where the buyer's
    browser needs to know of the payment, its provider is called as soon as the order exists; should it not answer, the
    payment can be confirmed later.
    """
    await visit.check_codes(request)
    await visit.count_mail(request)
    choice = await _choice(visit, actor, request)
    principal = principals.of_cart(actor.user_id, holder.token_hash)
    session, language = visit.session, visit.language
    answer = await once(
        session, key, principal, lambda: from_cart.check_out(session, actor, holder, request, language=language)
    )
    if choice is None:
        return answer
    await commit_now(session)
    return await payment.pay(visit.database, choice, answer)


@router.post(
    "/orders",
    status_code=201,
    dependencies=[IN_TURN],
    response_model=PlacedOrder,
    responses={**REFUSALS, **refusals(VariantNotFound, AddressNotFound)},
    tags=["orders"],
)
async def create_order(new: OrderCreate, key: IdempotencyKey, actor: OptionalActor, visit: Visiting) -> Response:
    """Order variants without a cart. Reserves, splits and pays like a checkout, and happens once per key."""
    await visit.check_codes(new)
    await visit.count_mail(new)
    choice = await _choice(visit, actor, new)
    principal = principals.of_items(actor.user_id, new.email)
    session, language = visit.session, visit.language
    answer = await once(session, key, principal, lambda: from_items.order(session, actor, new, language=language))
    if choice is None:
        return answer
    await commit_now(session)
    return await payment.pay(visit.database, choice, answer)


@router.post(
    "/orders/{order_id}/reorder",
    responses=refusals(*REFUSED, orders.OrderNotFound, cart.CartFull, cart.LineFull, Invalid),
    tags=["orders"],
)
async def reorder(
    order_id: UUID, actor: SignedIn, holder: cart.Adopted, session: Session, locale: i18n.AnswerLocale
) -> Reordered:
    """Put what one has ordered before into the cart again, at today's prices. What cannot be bought is named."""
    return await reorders.reorder(session, actor, holder, order_id, locale=locale)


async def _choice(visit: Visit, actor: Actor, request: CheckoutRequest) -> payment_processing.Choice | None:
    """Return the call that a provider gets as soon as the order exists, or None if there is none."""
    if not payment_processing.asks(request.payment_method, request.payment_method_id):
        return None
    await commit_now(visit.session)  # no locks are held while the provider is called
    save, page = request.save_payment_method, request.return_url
    return await payment_processing.choose(
        visit.database, actor, card=request.payment_method_id, save=save, return_url=page
    )
