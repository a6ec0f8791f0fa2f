"""Recommendations over HTTP."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import cart, exchange, i18n, saved_items, users
from mercat.auth import REFUSED, Actor, OptionalActor, Public
from mercat.catalog import ProductNotFound, listing
from mercat.catalog.listing import NO_PRICES, ProductSummary
from mercat.content import posts
from mercat.kit.conditional import PUBLIC
from mercat.kit.database import Connections, PrimarySession, get_database
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page
from mercat.kit.problems import FieldError, Invalid
from mercat.kit.shapes import Shape, WholeNumber
from mercat.recommendations import candidates, interests, of_product, trends
from mercat.recommendations.schemas import OfProduct, OfVisitor, Recommendation

router = APIRouter(tags=["recommendations"])
PUBLIC_JSON = {"Cache-Control": PUBLIC.decode()}
MOST = 50


class BesideProduct(Shape):
    """What to recommend beside a product."""

    locale: i18n.KnownLocale | None = Field(None, examples=["de"])
    """Language of the texts; without it, that which `Accept-Language` wants most."""
    kind: OfProduct = Field("bought_together", examples=["similar"])
    """`bought_together`: what is bought in the same orders. `similar`: what is like it."""
    size: WholeNumber = Field(12, ge=1, le=MOST)
    """Products at most; there may be fewer, or none."""
    currency: exchange.CurrencyCode | None = Field(None, examples=["USD"])
    """Currency of the prices; without it, that which one prefers, else that of the books."""


class ForVisitor(Shape):
    """What to recommend beside no product."""

    locale: i18n.KnownLocale | None = Field(None, examples=["de"])
    """Language of the texts; without it, that which `Accept-Language` wants most."""
    kind: OfVisitor = Field("trending", examples=["for_you"])
    """`trending`: what is bought and viewed most these days. `for_you`: what goes with what one bought, saved and
    viewed; trending where nothing is known. `recently_viewed`: what one viewed, the last first."""
    category: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(None, examples=["kitchen"])
    """With `trending`: only in this category and below it, by id or slug."""
    size: WholeNumber = Field(12, ge=1, le=MOST)
    """Products at most; there may be fewer, or none."""
    currency: exchange.CurrencyCode | None = Field(None, examples=["USD"])
    """Currency of the prices; without it, that which one prefers, else that of the books."""


@router.get("/recommendations", response_model=Page[Recommendation], responses=refusals(*REFUSED, *NO_PRICES, Invalid))
async def recommend_to_visitor(
    request: Request,
    asked: Annotated[ForVisitor, Query()],
    actor: OptionalActor,
    token: cart.GuestToken,
    opted_out: saved_items.OptedOut,
    session: PrimarySession,
) -> Response:
    """Recommend products to whoever asks: what is trending, or what follows from what they bought, saved and viewed.

    Each can be bought now and says why it is there (`because`). People are known by their account, guests by the
    `X-Cart-Token` of their cart. `for_you` is what is trending for people who declined personalization (`personalized`
    of `PATCH /users/me`), and for guests who send `Sec-GPC: 1`; `recently_viewed` is empty for them.
    """
    if asked.category is not None and asked.kind != "trending":
        raise Invalid(errors=(FieldError("category", "only with kind=trending", "extra_forbidden"),))
    reads, language = get_database(request).primary, i18n.content_language(request, asked.locale)
    choice = await listing.chosen(request, asked.currency)
    if asked.kind == "trending":
        items = await trends.trending(reads, asked.size, category=asked.category)
        body = await candidates.localised(reads, items, language.other, choice.code)
        headers = {**choice.headers(PUBLIC_JSON), **language.headers}
        return Response(body, media_type="application/json", headers=headers)
    visitor = await _visitor(session, actor, token, opted_out=opted_out)
    if asked.kind == "recently_viewed":
        items = await interests.recently_viewed(reads, visitor, asked.size) if visitor.is_known else []
    elif visitor.is_known:
        items = await interests.for_you(session, reads, visitor, asked.size)
    else:
        items = await trends.trending(reads, asked.size)
    body = await candidates.localised(reads, items, language.other, choice.code)
    return Response(body, media_type="application/json", headers=dict(language.headers))


async def _visitor(session: AsyncSession, actor: Actor, token: str | None, *, opted_out: bool) -> interests.Visitor:
    """Return whom recommendations may follow; nobody if they do not want that."""
    if actor.user_id is not None and not await users.personalized(session, actor.user_id):
        return interests.Visitor(None, None)
    cart_id = None if opted_out else await cart.behind(session, token)
    return interests.Visitor(actor.user_id, cart_id)


@router.get(
    "/products/{product_id}/recommendations",
    dependencies=[Public],
    response_model=Page[Recommendation],
    responses=refusals(ProductNotFound, *NO_PRICES, Invalid),
)
async def recommend_beside_product(
    product_id: UUID, asked: Annotated[BesideProduct, Query()], request: Request
) -> Response:
    """Recommend products beside one: what is bought in the same orders, or what is similar.

    Each can be bought now and says why it is there (`because`). The same for everybody.

    May be read from a replica and be as old as that.
    """
    language = i18n.content_language(request, asked.locale)
    choice = await listing.chosen(request, asked.currency)
    body = await of_product.recommend(
        get_database(request), product_id, asked.kind, asked.size, language.other, choice.code
    )
    headers = {**choice.headers(PUBLIC_JSON), **language.headers}
    return Response(body, media_type="application/json", headers=headers)


@router.get(
    "/posts/{post_id}/products",
    response_model=Page[ProductSummary],
    responses=refusals(*REFUSED, posts.PostNotFound, *NO_PRICES, Invalid),
)
async def list_products_of_post(
    post_id: UUID,
    actor: OptionalActor,
    currency: listing.ReaderCurrency,
    session: PrimarySession,
    database: Connections,
    language: i18n.ReaderLocale,
) -> Response:
    """List the products on sale that a post is about, in the order in which its author named them."""
    related = await posts.related_products(session, actor, post_id)
    found = await listing.summaries(database.primary, related, language.other, currency.code)
    body = candidates.page([orjson.loads(found[product_id]) for product_id in related if product_id in found])
    headers = currency.headers(dict(language.headers))
    return Response(body, media_type="application/json", headers=headers)
