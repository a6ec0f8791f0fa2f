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
from mercat.search.fewer_words import relaxed
from mercat.search.spelling import Corrected, corrected, written
from mercat.search.text import Query, analyzer, parse


@dataclass(frozen=True, slots=True)
class Result:
    """What was found, and the request that found it: corrected, if the words as they were typed found nothing."""

    found: Found
    request: Request
    correction: Corrected | None = None
    dropped: tuple[str, ...] = ()
    """Words without which something is found, if all together find nothing."""
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
        _counted(asked, result),
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
        result = await _find(engine, reads, asked, request)
        return b'{"items":[%b],%b}' % (await _items(reads, result.found, locale, foreign), _counted(asked, result))
    name, begin = f"search:{request.sort}{f':{foreign}' if foreign else ''}", 0
    if parameters.cursor:
        begin = max(0, int(decode_cursor(parameters.cursor, name, int)[0]))
    end = begin + parameters.limit
    found = (await _find(engine, reads, asked, replace(request, offset=begin, size=parameters.limit))).found
    more = len(found.product_ids) == parameters.limit if found.is_estimate else end < found.total
    following = orjson.dumps(encode_cursor(name, end) if more else None)
    return b'{"items":[%b],"next_cursor":%b}' % (await _items(reads, found, locale, foreign), following)


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

    async def understood(query: Query) -> Query:
        return await with_compounds(reads, synonyms.expand(query), words)

    wanted = replace(request, query=await understood(request.query))
    found = await curation.placed(engine, wanted, effect)
    result = Result(found, wanted, redirect=effect.redirect)
    if found.total or not request.query or effect.redirect:  # what leads somewhere was meant as it was typed
        return result
    correction = await corrected(engine, reads, request, synonyms)
    if correction is not None:
        other = replace(request, query=await understood(correction.query))
        meant = rules.effect(correction.query, clock.now())
        found = await curation.placed(engine, other, meant)
        if found.total:
            return Result(found, other, correction, redirect=effect.redirect or meant.redirect)
    known = replace(request, query=correction.query) if correction else request
    fewer = await relaxed(engine, reads, known, understood)
    if fewer is None:
        return result
    typed = request.query.groups
    other = replace(request, query=await understood(fewer.query))
    found = await curation.placed(engine, other, rules.effect(fewer.query, clock.now()))
    as_typed = tuple(group for place, group in enumerate(typed) if place not in fewer.dropped)
    correction = Corrected(fewer.query, written(fewer.query)) if as_typed != fewer.query.groups else None
    dropped = tuple(written(Query((typed[place],))) for place in fewer.dropped)
    return Result(found, other, correction, dropped)


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


def _counted(asked: Asked, result: Result) -> bytes:
    """Return the numbers of a page's envelope, and what is to be said about them."""
    return b'%b,"total_is_estimate":%b,"relaxed":%b,"dropped_words":%b' % (
        listing.counted(asked.parameters, result.found.total),
        b"true" if result.found.is_estimate else b"false",
        b"true" if result.dropped else b"false",
        orjson.dumps(result.dropped),
    )


async def _items(reads: Reads, found: Found, locale: str, currency: str | None) -> bytes:
    """Return the summaries of what was found, in its order; what has left the lists since is left out."""
    other = None if locale == i18n.source_locale() else locale
    summaries = await listing.summaries(reads, found.product_ids, other, currency) if found.product_ids else {}
    return b",".join([summaries[product_id] for product_id in found.product_ids if product_id in summaries])
