"""Pages of what was found, with pinned products before it and buried ones after it."""

from dataclasses import replace
from uuid import UUID

from mercat.search.curation.rules import Effect
from mercat.search.engine import Engine, Found, Request
from mercat.search.text import Query


async def placed(engine: Engine, request: Request, effect: Effect) -> Found:
    """Return a page of what is found in the order asked for; by relevance, pinned products come first.

    Pinned ones are there though the words do not find them, if they are listed and fit the filters. Buried ones come
    last, and only if the words find them. Each is there once, and the total counts them.
    """
    if request.sort != "relevance" or not (effect.pinned or effect.buried):
        return await engine.search(request)
    first = await _fitting(engine, request, effect.pinned)
    last = await _found(engine, request, effect.buried)
    filters = replace(request.filters, without=(*first, *last))
    begin = max(0, request.offset - len(first))
    end = max(0, request.offset + request.size - len(first))
    between = await engine.search(replace(request, filters=filters, offset=begin, size=max(1, end - begin)))
    # the page's part of each of the three; the one between may have been asked for its total alone
    middle = list(between.product_ids)[: end - begin]
    head = first[request.offset : request.offset + request.size]
    tail = last[max(0, begin - between.total) : max(0, end - between.total)]
    page = [*head, *middle, *tail][: request.size]  # of an estimate there may be more
    return Found(page, len(first) + between.total + len(last), between.is_estimate)


async def _fitting(engine: Engine, request: Request, ids: tuple[UUID, ...]) -> list[UUID]:
    """Return those of these products that are listed and fit the filters, whatever the words, in this order."""
    if not ids:
        return []
    filters = replace(request.filters, only=ids)
    found = await engine.search(Request(Query(), request.locale, filters, "newest", size=len(ids)))
    fitting = set(found.product_ids)
    return [product_id for product_id in ids if product_id in fitting]


async def _found(engine: Engine, request: Request, ids: tuple[UUID, ...]) -> list[UUID]:
    """Return those of these products that are found, the best first."""
    if not ids:
        return []
    filters = replace(request.filters, only=ids)
    return list((await engine.search(replace(request, filters=filters, offset=0, size=len(ids)))).product_ids)
