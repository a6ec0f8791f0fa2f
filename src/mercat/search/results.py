"""Finding products: words are understood, the engine is asked, and what was found is shown as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import orjson

from mercat import i18n
from mercat.catalog import listing
from mercat.kit import clock
from mercat.kit.database import Reads
from mercat.kit.pagination import decode_cursor, encode_cursor
from mercat.search import curation, facets, locales
from mercat.search.asked import Asked
from mercat.search.compounds import with_compounds
from mercat.search.curation import Redirect
from mercat.search.engine import NO_COUNTS, NOTHING, Engine, Found, Request
from mercat.search.engines import engine_for
from mercat.search.spelling import Corrected, corrected
from mercat.search.text import analyzer, parse


@dataclass(frozen=True, slots=True)
class Result:
    """What was found, and the request that found it: corrected, if the words as they were typed found nothing."""

    found: Found
    request: Request
    correction: Corrected | None = None
    redirect: Redirect | None = None
    """Where the query leads, as operators want it."""


async def search(reads: Reads, asked: Asked, locale: str) -> bytes:
    """Return a numbered page of what was found, with facets over all of it, as the JSON on the wire.

    Raises:
        UnknownCurrency, ConversionStopped: no prices are shown in the currency.
    """
    await _require_prices(reads, asked)
    engine = engine_for(reads, asked.parameters.foreign)
    result = await _find(engine, reads, asked, await _request(reads, asked, locale))
    counts = NO_COUNTS if _asks_for_nothing(asked, result.request) else await engine.facets(result.request)
    labels: Mapping[str, str] = {}
    if locale != i18n.source_locale():
        counts, labels = await facets.in_locale(reads, counts, locale)
    named = facets.shown(counts, result.request.filters, labels)
    shown = {name: facet.model_dump() for name, facet in named.items()}
    correction = result.correction
    return b'{"items":[%b],%b,"facets":%b,"did_you_mean":%b,"corrected":%b,"degraded":%b,"redirect":%b}' % (
        await _items(reads, result.found, locale, asked.parameters.foreign),
        listing.counted(asked.parameters, result.found.total),
        orjson.dumps(shown),
        orjson.dumps(correction.text if correction else None),
        b"true" if correction else b"false",
        b"true" if engine.degraded else b"false",
        orjson.dumps(await curation.place_of(reads, result.redirect)),
    )


async def list_found(reads: Reads, asked: Asked, locale: str) -> bytes:
    """Return a list of what was found, by numbered page or by cursor, as the JSON on the wire.

    Raises:
        UnknownCurrency, ConversionStopped: no prices are shown in the currency.
    """
    await _require_prices(reads, asked)
    parameters, foreign = asked.parameters, asked.parameters.foreign
    engine = engine_for(reads, foreign)
    request = await _request(reads, asked, locale)
    if parameters.cursor is None:
        found = (await _find(engine, reads, asked, request)).found
        return b'{"items":[%b],%b}' % (
            await _items(reads, found, locale, foreign),
            listing.counted(parameters, found.total),
        )
    name, begin = f"search:{request.sort}{f':{foreign}' if foreign else ''}", 0
    if parameters.cursor:
        begin = max(0, int(decode_cursor(parameters.cursor, name, int)[0]))
    end = begin + parameters.limit
    found = (await _find(engine, reads, asked, replace(request, offset=begin, size=parameters.limit))).found
    following = orjson.dumps(encode_cursor(name, end) if end < found.total else None)
    return b'{"items":[%b],"next_cursor":%b}' % (
        await _items(reads, found, locale, foreign),
        following,
    )


async def _require_prices(reads: Reads, asked: Asked) -> None:
    if asked.parameters.foreign is not None:
        await listing.require_shown(reads, asked.parameters.foreign)


async def _find(engine: Engine, reads: Reads, asked: Asked, request: Request) -> Result:
    if _asks_for_nothing(asked, request):
        return Result(NOTHING, request)
    told = await curation.current(reads)
    synonyms, rules = told.synonyms(request.locale), told.rules(request.locale)
    effect = rules.effect(request.query, clock.now())
    words = analyzer(request.locale)
    wanted = replace(request, query=await with_compounds(reads, synonyms.expand(request.query), words))
    found = await curation.placed(engine, wanted, effect)
    result = Result(found, wanted, redirect=effect.redirect)
    if found.total or not request.query or effect.redirect:  # what leads somewhere was meant as it was typed
        return result
    correction = await corrected(engine, reads, request, synonyms)
    if correction is None:
        return result
    other = replace(request, query=await with_compounds(reads, synonyms.expand(correction.query), words))
    meant = rules.effect(correction.query, clock.now())
    found = await curation.placed(engine, other, meant)
    return Result(found, other, correction, effect.redirect or meant.redirect) if found.total else result


def _asks_for_nothing(asked: Asked, request: Request) -> bool:
    """Whether something was typed that asks for nothing: punctuation alone, or only what is not wanted."""
    return not request.query and bool((asked.parameters.q or "").strip())


async def _request(reads: Reads, asked: Asked, locale: str) -> Request:
    parameters, filters = asked.parameters, asked.filters
    locale = await locales.searched(reads, locale)
    query = parse(parameters.q or "", analyzer(locale))
    if categories := filters.facets.get("category"):
        known = await listing.categories_called(reads, [*categories])
        filters = replace(
            filters, facets={**filters.facets, "category": tuple(known.get(one, one) for one in categories)}
        )
    sort = parameters.sort or ("relevance" if query else "newest")
    offset = ((parameters.page or 1) - 1) * parameters.size
    return Request(query, locale, filters, sort, offset, parameters.size)


async def _items(reads: Reads, found: Found, locale: str, currency: str | None) -> bytes:
    """Return the summaries of what was found, in its order; what has left the lists since is left out."""
    other = None if locale == i18n.source_locale() else locale
    summaries = await listing.summaries(reads, found.product_ids, other, currency) if found.product_ids else {}
    return b",".join([summaries[product_id] for product_id in found.product_ids if product_id in summaries])
