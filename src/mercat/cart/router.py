"""The cart over HTTP."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from mercat import i18n, pricing
from mercat.auth import REFUSED
from mercat.cart import queries, service
from mercat.cart.exceptions import CartFull, CartItemNotFound, ChooseVariant, LineFull, NotForSale
from mercat.cart.holder import HEADER, Holder, give_cookie, holder_of
from mercat.cart.schemas import CartAdd, CartRead, CartSet, CouponSet, CurrencySet, OfferedMethod, Whereto
from mercat.catalog import ProductNotFound, VariantNotFound
from mercat.exchange import ConversionStopped, UnknownCurrency
from mercat.inventory import InsufficientStock
from mercat.kit.database import Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import Invalid

router = APIRouter(prefix="/cart", tags=["cart"])
CURRENCY_REFUSALS = (UnknownCurrency, ConversionStopped)
CartHolder = Annotated[Holder, Depends(holder_of)]


@dataclass(frozen=True, slots=True)
class Client:
    """Who is answered with a cart that may be new, and in which language."""

    request: Request
    response: Response
    locale: str | None

    def hand_over(self, cart: CartRead, holder: Holder) -> CartRead:
        """Give a guest the key to a cart that is new; a browser keeps its cookie as long as the cart that it uses."""
        if cart.token is not None:
            self.response.headers[HEADER] = cart.token
            give_cookie(self.request, self.response, cart.token)
        elif holder.user_id is None and holder.token is not None and HEADER.lower() not in self.request.headers:
            give_cookie(self.request, self.response, holder.token)
        return cart


async def answered(request: Request, response: Response, locale: i18n.AnswerLocale) -> Client:
    """Return who is answered."""
    return Client(request, response, locale)


Answered = Annotated[Client, Depends(answered)]


async def adopted(holder: CartHolder, session: Session) -> Holder:
    """Let what a guest had put in follow the person who signed in."""
    await service.adopt(session, holder)
    return holder


Adopted = Annotated[Holder, Depends(adopted, scope="function")]


@router.get("", responses=refusals(*REFUSED, Invalid))
async def read_cart(holder: Adopted, session: Session, locale: i18n.AnswerLocale) -> CartRead:
    """Return the cart with today's prices and stock, and names in the language of its reader.

    Signed in with a guest's token: both carts become one. What does not fit is left out, and `merge_losses` tell it
    once.
    """
    return await queries.read(session, await queries.active(session, holder), locale=locale)


@router.post(
    "/add",
    responses=refusals(
        *REFUSED,
        ProductNotFound,
        VariantNotFound,
        NotForSale,
        InsufficientStock,
        CartFull,
        LineFull,
        ChooseVariant,
        *CURRENCY_REFUSALS,
        Invalid,
    ),
)
async def add_to_cart(wanted: CartAdd, holder: Adopted, session: Session, client: Answered) -> CartRead:
    """Put units of a variant into the cart. A guest's first call answers with the token of the new cart.

    A new cart is in the currency that is asked for, else in the one that the buyer prefers, else in that of the books.
    """
    return client.hand_over(await service.add(session, holder, wanted, locale=client.locale), holder)


@router.get("/shipping-methods", responses=refusals(*REFUSED, Invalid))
async def list_shipping_methods(
    asked: Annotated[Whereto, Query()], holder: Adopted, session: Session, request: Request, response: Response
) -> Page[OfferedMethod]:
    """List the ways in which the cart can be sent to an address, with what each costs; none for an empty cart.

    Names are in the language of the reader.
    """
    language = i18n.content_language(request, asked.locale)
    response.headers.update(language.headers)
    destination = pricing.Destination(asked.country, asked.region, asked.postal_code)
    cart = await queries.active(session, holder)
    return complete(await queries.ways_to(session, cart, destination, locale=language.other))


@router.put("/currency", responses=refusals(*REFUSED, *CURRENCY_REFUSALS, Invalid))
async def use_currency(wanted: CurrencySet, holder: Adopted, session: Session, client: Answered) -> CartRead:
    """Let the cart be in another currency, and with it the order that it becomes. A guest without one gets a token.

    Answers with today's prices in that currency: what vendors have set in it, else what is converted.
    """
    cart = await service.use_currency(session, holder, wanted.currency, locale=client.locale)
    return client.hand_over(cart, holder)


@router.put("/coupon", responses=refusals(*REFUSED, *pricing.COUPON_REFUSALS[:4], Invalid))
async def use_coupon(
    wanted: CouponSet,
    guesses: pricing.CouponGuesses,
    holder: Adopted,
    session: Session,
    client: Answered,
) -> CartRead:
    """Use a coupon, in place of another. One that is fine but not for what is in the cart yet is kept.

    A few wrong codes are answered, then the guesser must wait.
    """
    await guesses.check(wanted.code)
    cart = await service.use_coupon(session, holder, wanted.code, locale=client.locale)
    return client.hand_over(cart, holder)


@router.delete("/coupon", responses=refusals(*REFUSED, Invalid))
async def drop_coupon(holder: Adopted, session: Session, locale: i18n.AnswerLocale) -> CartRead:
    """Use no coupon; answers with the cart as it is then."""
    return await service.drop_coupon(session, holder, locale=locale)


@router.put("/{item_id}", responses=refusals(*REFUSED, CartItemNotFound, InsufficientStock, Invalid))
async def change_line(
    item_id: UUID, wanted: CartSet, holder: Adopted, session: Session, locale: i18n.AnswerLocale
) -> CartRead:
    """Change how many units a line has; 0 takes it out."""
    return await service.set_quantity(session, holder, item_id, wanted.quantity, locale=locale)


@router.delete("/{item_id}", responses=refusals(*REFUSED, CartItemNotFound, Invalid))
async def remove_line(item_id: UUID, holder: Adopted, session: Session, locale: i18n.AnswerLocale) -> CartRead:
    """Take a line out; answers with the cart as it is then."""
    return await service.set_quantity(session, holder, item_id, 0, locale=locale)
