"""Fewer words, where all of them together find nothing: most of what was typed is better than nothing at all."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from mercat.kit.database import Reads
from mercat.search.engine import Engine, Filters, Request
from mercat.search.postgresql.vocabulary import category_stems
from mercat.search.text import Query, analyzer

FEWEST_WORDS, MOST_WORDS = 3, 8
"""Words of a query that is tried with fewer: each costs."""

Understood = Callable[[Query], Awaitable[Query]]
"""Adds synonyms, and whatever else a query means."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A query without some of its words, which are named by their places."""

    query: Query
    dropped: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Term:
    """A word or its alternatives by its place in the query, and how many products have one."""

    place: int
    products: int
    is_kind: bool
    """Whether a category is called so."""


async def relaxed(engine: Engine, reads: Reads, request: Request, understood: Understood) -> Relaxed | None:
    """Return a query with most of the words of one that finds nothing, or None if none finds anything.

    Words that no product has go first, then the rarest one that makes the others find something, then several. More
    than half of the words stay, so that two words are never too many. Words of a category's name stay in any
    case: they say what is wanted, the others what it should be like. What was typed with quotes or a minus
    was meant so, and where words find something without the filters, it is the filters that find nothing.

    Neither the request nor what is returned has synonyms in it; what they find is found.
    """
    query = request.query
    if query.phrases or query.excluded or query.excluded_phrases or not FEWEST_WORDS <= len(query.groups) <= MOST_WORDS:
        return None
    if request.filters != Filters() and await _finds(engine, replace(request, filters=Filters()), query, understood):
        return None
    terms = await _terms(engine, reads, request, understood)
    for dropped in _ways(terms, len(query.groups)):
        kept = tuple(group for place, group in enumerate(query.groups) if place not in dropped)
        fewer = replace(query, groups=kept)
        if await _finds(engine, request, fewer, understood):
            return Relaxed(fewer, tuple(sorted(dropped)))
    return None


async def _terms(engine: Engine, reads: Reads, request: Request, understood: Understood) -> Sequence[_Term]:
    """Return the terms of a query, the rarest first."""
    kinds = await category_stems(reads, request.query.stems, analyzer(request.locale))
    terms = []
    for place, group in enumerate(request.query.groups):
        query = Query((group,))
        alone = Request(await understood(query), request.locale, Filters(), "newest", size=1)
        products = (await engine.search(alone)).total
        terms.append(_Term(place, products, not kinds.isdisjoint(query.stems)))
    return sorted(terms, key=lambda term: term.products)


def _ways(terms: Sequence[_Term], words: int) -> Iterator[set[int]]:
    """Yield the places of words to go without, the least loss first."""
    nowhere = _places(term for term in terms if not term.products)
    known = [term for term in terms if term.products]
    if not known:
        return
    if nowhere and 2 * len(nowhere) < words:
        yield nowhere
    free = [term for term in known if not term.is_kind]
    ways = [{*nowhere, term.place} for term in free]
    ways += [nowhere | _places(free[:count]) for count in range(2, len(free) + 1)]
    for dropped in ways:
        if 2 * len(dropped) < words:
            yield dropped


def _places(terms: Iterable[_Term]) -> set[int]:
    return {term.place for term in terms}


async def _finds(engine: Engine, request: Request, query: Query, understood: Understood) -> bool:
    asked = replace(request, query=await understood(query), sort="newest", offset=0, size=1, with_total=False)
    return bool((await engine.search(asked)).product_ids)
