"""Lists of products and search over HTTP, answered from ready-made JSON without a response model."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from mercat import exchange, i18n
from mercat.auth import Public
from mercat.catalog import listing
from mercat.kit.cache import Answer, Policy, cached
from mercat.kit.conditional import PUBLIC
from mercat.kit.openapi import query_parameters, refusals
from mercat.kit.pagination import BadCursor
from mercat.kit.problems import Invalid
from mercat.search import completion, results
from mercat.search.asked import Asked, SearchParameters
from mercat.search.engines import remote
from mercat.search.exceptions import SearchUnavailable
from mercat.search.log import get_log
from mercat.search.schemas import ProductPage, SearchPage, Suggestions

router = APIRouter(prefix="/products", tags=["catalogue"])

NO_PRICES = (exchange.UnknownCurrency, exchange.ConversionStopped)
PUBLIC_JSON = {"Cache-Control": PUBLIC.decode()}
LISTED = ("products", "stock", "brands", "categories", "vendors", "translations")
"""What the items of every list are read from."""
LISTING = Policy("products.list", LISTED, stale_seconds=60)
FOUND = Policy("products.found", (*LISTED, "search"), stale_seconds=60)
SEARCHES = Policy("products.search", (*LISTED, "search"), stale_seconds=60)
SUGGESTIONS = Policy("products.suggest", (*LISTED, "search"), stale_seconds=60)
BY_NAME = [
    {
        "name": f"{kind}.*",
        "in": "query",
        "required": False,
        "description": f"Values of an {what} that a category declares as a filter, by its name: `{example}`.",
        "schema": {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 200}, "maxItems": 20},
    }
    for kind, what, example in (
        ("attr", "attribute", "attr.material=stoneware"),
        ("option", "option", "option.size=m"),
    )
]
LISTING_PARAMETERS = {"parameters": [*query_parameters(SearchParameters), *BY_NAME]}
BY_CURSOR = {"cursor", "limit"}
SEARCH_PARAMETERS = {"parameters": [p for p in LISTING_PARAMETERS["parameters"] if p["name"] not in BY_CURSOR]}


@router.get(
    "",
    dependencies=[Public],
    response_model=ProductPage,
    responses=refusals(Invalid, BadCursor, *NO_PRICES, SearchUnavailable),
    openapi_extra=LISTING_PARAMETERS,
)
async def list_products(request: Request) -> Response:
    """List the products on sale, filtered and sorted, by numbered page with totals or by cursor (`?cursor=`).

    With `q` those that are found, as by search.

    May be read from a replica and be as old as that: a price or the stock is decided when the order is placed.
    """
    asked, choice = await _asked(request)
    language = i18n.content_language(request, asked.parameters.locale)
    locale, other = language.locale, language.other
    sort = asked.parameters.sort or "newest"
    if asked.is_plain and sort != "relevance":
        answer = await cached(
            request, LISTING, lambda reads: listing.read(reads, asked.parameters, sort, other), language=locale
        )
    else:
        answer = await cached(
            request, FOUND, lambda reads: results.list_found(reads, asked, locale), language=locale, keep=_known()
        )
        get_log(request).answer(request.scope, asked, locale, answer.body)
    return _json(answer, language, choice)


@router.get(
    "/search",
    dependencies=[Public],
    response_model=SearchPage,
    responses=refusals(Invalid, *NO_PRICES, SearchUnavailable),
    openapi_extra=SEARCH_PARAMETERS,
)
async def search_products(request: Request) -> Response:
    """Find products by words, with counts of all that was found by category, brand, vendor, price and so on.

    Words are found in every form, with and without accents, in name, brand, category, vendor, tags, attributes,
    options, codes and description; those that stand in the name come first. If nothing is found, words that are nowhere
    are corrected; if no product has all words then, those that have most of them are found. Filters are those of the
    list; counts of a facet leave out what is chosen of itself.

    May be read from a replica and be as old as that.
    """
    asked, choice = await _asked(request)
    asked.refuse_cursor()
    language = i18n.content_language(request, asked.parameters.locale)
    locale = language.locale
    answer = await cached(
        request, SEARCHES, lambda reads: results.search(reads, asked, locale), language=locale, keep=_known()
    )
    get_log(request).answer(request.scope, asked, locale, answer.body)
    return _json(answer, language, choice)


@router.get(
    "/suggest",
    dependencies=[Public],
    response_model=Suggestions,
    responses=refusals(Invalid, *NO_PRICES, SearchUnavailable),
)
async def suggest_products(
    request: Request,
    q: Annotated[str, Query(max_length=100, examples=["mu"], description="What was typed so far.")],
    language: i18n.ReaderLocale,
    currency: exchange.CurrencyParameter = None,
) -> Response:
    """Complete what a visitor types: products, categories, brands and vendors whose names have words that begin so.

    May be read from a replica and be as old as that.
    """
    locale, choice = language.locale, await listing.chosen(request, currency)
    answer = await cached(
        request,
        SUGGESTIONS,
        lambda reads: completion.complete(reads, q, locale, choice.code),
        language=locale,
        keep=_known(),
    )
    return _json(answer, language, choice)


def _known() -> bool:
    """Whether we know when what is found changes; of an engine outside PostgreSQL we do not."""
    return remote() is None


async def _asked(request: Request) -> tuple[Asked, listing.ChosenCurrency]:
    """Read what is asked for; amounts are in the currency that was chosen, by the address or the reader."""
    query: bytes = request.scope["query_string"]
    asked = Asked.from_query(query)
    choice = await listing.chosen(request, asked.parameters.currency)
    if choice.is_preference:
        asked = Asked.from_query(f"{query.decode('ascii')}&currency={choice.code}".lstrip("&").encode())
    return asked, choice


def _json(answer: Answer, language: i18n.ContentLanguage, choice: listing.ChosenCurrency) -> Response:
    headers = {**choice.headers(PUBLIC_JSON), **language.headers}
    return Response(answer.body, media_type="application/json", headers=headers)
