"""Products and categories over HTTP.

The read that every visitor makes is answered from ready-made JSON without a response model; lists and search are in
`search`.
"""

from functools import partial
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from mercat import exchange, i18n
from mercat.auth import REFUSED, Actor, Permission, Public, Requires, actor_of
from mercat.catalog import deletion, product_pages, queries, service
from mercat.catalog.currency_prices.choice import chosen
from mercat.catalog.exceptions import (
    DuplicateVariant,
    OptionsMismatch,
    PriceMissing,
    ProductNotFound,
    SkuTaken,
    SlugTaken,
    UnknownCategory,
    UnknownVendor,
)
from mercat.catalog.schemas import (
    CategoryNode,
    DeletedListing,
    DeletedProduct,
    ProductRead,
)
from mercat.catalog.write_schemas import ProductCreate, ProductReplace, ProductUpdate
from mercat.kit.body_guard import LARGE_BODY
from mercat.kit.cache import Policy, cached, is_anonymous
from mercat.kit.conditional import PUBLIC, IfMatch
from mercat.kit.database import PrimarySession, ReplicaSession, Session, get_database
from mercat.kit.idempotency import InProgress, Key, KeyMissing, KeyReused, once, read_optional_key
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.kit.problems import Forbidden, Invalid, PreconditionFailed
from mercat.vendors import VendorIsSuspended

router = APIRouter(prefix="/products", tags=["catalogue"])

Editor = Annotated[Actor, Depends(Requires(Permission.catalog_write, Permission.products_sell))]
Operator = Annotated[Actor, Depends(Requires(Permission.catalog_write))]
DENIED = (*REFUSED, Forbidden)
NO_PRICES = (exchange.UnknownCurrency, exchange.ConversionStopped)
BAD_PRODUCT = (
    SkuTaken, SlugTaken, VendorIsSuspended, Invalid, OptionsMismatch, DuplicateVariant, PriceMissing, UnknownCategory,
)  # fmt: skip
BAD_EDIT = (*DENIED, ProductNotFound, PreconditionFailed, *BAD_PRODUCT)
MOVED: dict[str, object] = {"description": "A former slug: `Location` is the product's address of today."}
PUBLIC_JSON = {"Cache-Control": PUBLIC.decode()}
PAGE = Policy("products.page", tags=(), missing_seconds=0, read=product_pages.page_states)
PRICED_PAGE = Policy("products.page_in_currency", tags=(), missing_seconds=0, read=product_pages.priced_page_states)
GONE = Policy("products.gone", tags=("products", "translations"))
"""Whether what is no product on sale ever was one."""


@router.get("/categories", dependencies=[Public], responses=refusals(Invalid))
async def list_categories(
    response: Response, session: ReplicaSession, language: i18n.ReaderLocale
) -> list[CategoryNode]:
    """Return the category tree with the number of products on sale in each branch.

    May be read from a replica and be as old as that.
    """
    response.headers.update({**PUBLIC_JSON, **language.headers})
    return await queries.tree(session, language.other)


@router.get("/deleted", responses=refusals(*DENIED, Invalid))
async def list_deleted_products(
    params: Annotated[DeletedListing, Query()], actor: Editor, session: PrimarySession
) -> Page[DeletedProduct]:
    """List the products that were deleted and can be restored, the last one first: one's own, for operators all."""
    found, total = await queries.deleted_page(session, actor, params)
    return envelope(found, params, total)


@router.get(
    "/{id_or_slug}",
    dependencies=[Public],
    response_model=ProductRead,
    responses={
        301: MOVED,
        **refusals(ProductNotFound, *REFUSED, exchange.UnknownCurrency, exchange.ConversionStopped, Invalid),
    },  # who asks matters for drafts only
)
async def read_product(
    request: Request,
    id_or_slug: Annotated[str, Path(max_length=255, examples=["stoneware-mug"])],
    language: i18n.ReaderLocale,
    currency: exchange.CurrencyParameter = None,
) -> Response:
    """Return a product by id or slug, with an ETag. A former slug redirects. Drafts are for those who may edit them.

    A slug of any language leads to it; `locale` or else `Accept-Language` chooses the texts, and `Content-Location`
    says where it is in that language.

    May be read from a replica and be as old as that: a price or the stock is decided when the order is placed. That
    there is no such product is only said by the primary.
    """
    locale = language.locale
    choice = await chosen(request, currency)
    foreign = choice.code
    policy, work = PAGE, partial(product_pages.page, id_or_slug=id_or_slug, locale=locale)
    if foreign is not None:
        work = partial(product_pages.page_in_currency, id_or_slug=id_or_slug, locale=locale, currency=foreign)
        policy = PRICED_PAGE
    subject = product_pages.subject_of(id_or_slug, locale, foreign)
    page = await cached(request, policy, work, subject=subject, language=locale)
    folder = request.url.path.rpartition("/")[0]
    if page.status == 200:
        headers = {"ETag": page.etag, **choice.headers(PUBLIC_JSON), **language.headers}
        if page.location:
            query = f"?locale={locale}" + (f"&currency={foreign}" if foreign else "")
            headers["Content-Location"] = f"{folder}/{quote(page.location)}{query}"
        return Response(page.body, media_type="application/json", headers=headers)
    work = partial(product_pages.current_slug, old_slug=id_or_slug, locale=locale)
    gone = await cached(request, GONE, work, language=locale)
    if gone.status == 301:
        query = f"?{request.url.query}" if {"locale", "currency"} & request.query_params.keys() else ""
        headers = {"Location": f"{folder}/{quote(gone.location)}{query}", **PUBLIC_JSON, **language.headers}
        return Response(status_code=301, headers=headers)
    if is_anonymous(request.scope):
        raise ProductNotFound
    async with get_database(request).primary_session() as session:
        hidden = await queries.find_hidden(session, await actor_of(request), id_or_slug)
        if hidden is None:
            raise ProductNotFound
        product, etag = await queries.read(session, hidden)
    return Response(product.model_dump_json(), media_type="application/json", headers={"ETag": etag})


@router.post(
    "",
    status_code=201,
    response_model=ProductRead,
    responses=refusals(*DENIED, UnknownVendor, *BAD_PRODUCT, KeyMissing, KeyReused, InProgress),
    openapi_extra=LARGE_BODY,
)
async def create_product(
    new: ProductCreate,
    key: Annotated[Key | None, Depends(read_optional_key)],
    actor: Editor,
    session: Session,
    response: Response,
) -> ProductRead | Response:
    """Add a product to one's vendor. Without `variants` it gets one, with the product's price, SKU and stock."""

    async def work() -> ProductRead:
        product_id = await service.create(session, actor, new)
        return await _saved(session, product_id, response)

    return await work() if key is None else await once(session, key, str(actor.user_id), work)


@router.put("/{product_id}", openapi_extra=LARGE_BODY, responses=refusals(*BAD_EDIT))
async def replace_product(
    product_id: UUID,
    new: ProductReplace,
    actor: Editor,
    session: Session,
    response: Response,
    if_match: IfMatch = None,
) -> ProductRead:
    """Replace a product: what is left out goes back to its default.

    Slug, stock, variants and pictures stay unless the body names them.
    """
    await service.replace(session, actor, product_id, new, if_match=if_match)
    return await _saved(session, product_id, response)


@router.patch("/{product_id}", openapi_extra=LARGE_BODY, responses=refusals(*BAD_EDIT))
async def update_product(
    product_id: UUID,
    changes: ProductUpdate,
    actor: Editor,
    session: Session,
    response: Response,
    if_match: IfMatch = None,
) -> ProductRead:
    """Change some fields of a product; what is left out stays."""
    await service.update(session, actor, product_id, changes, if_match=if_match)
    return await _saved(session, product_id, response)


@router.delete("/{product_id}", status_code=204, responses=refusals(*DENIED, ProductNotFound, PreconditionFailed))
async def delete_product(product_id: UUID, actor: Editor, session: Session, if_match: IfMatch = None) -> None:
    """Delete a product. Orders keep what they say about it, and it can be restored."""
    await deletion.delete(session, actor, product_id, if_match=if_match)


async def _saved(session: Session, product_id: UUID, response: Response) -> ProductRead:
    product, response.headers["ETag"] = await queries.read(session, product_id)
    return product
