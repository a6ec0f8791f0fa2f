"""Completing what somebody types: products, categories, brands, vendors and words."""

from typing import Any

import orjson

from mercat import i18n
from mercat.catalog import listing
from mercat.kit.database import Reads
from mercat.search import locales, log
from mercat.search.engine import Filters, Request
from mercat.search.engines import engine_for
from mercat.search.postgresql.vocabulary import beginning_with, meant_by, values_with
from mercat.search.schemas import SuggestedProduct, Suggestions
from mercat.search.text import Analyzer, Query, Word, analyzer

PRODUCTS = 8
VALUES = 5
"""Categories, brands and vendors of each that are suggested at most."""
COMPLETIONS = 12
"""Words that the last one is taken for the beginning of."""
WORDS = 5
"""Words that are suggested at most."""
FACETS = {"category": "categories", "brand": "brands", "vendor": "vendors"}
SHOWN = tuple(SuggestedProduct.model_fields)


async def complete(reads: Reads, typed: str, locale: str, currency: str | None = None) -> bytes:
    """Return how what was typed can be completed, as the JSON on the wire.

    The last word is a beginning, or the whole of a word; the ones before it are whole. A word that nothing begins with
    is taken for a slip. `currency` is one other than that of the books.

    Raises:
        UnknownCurrency, ConversionStopped: no prices are shown in it.
    """
    if currency is not None:
        await listing.require_shown(reads, currency)
    other = None if locale == i18n.source_locale() else locale
    words = analyzer(await locales.searched(reads, locale))
    *before, last = [*words.words(typed)][-8:] or [()]
    found: dict[str, list[Any]] = {name: [] for name in Suggestions.model_fields}
    if not last:
        return orjson.dumps(found)
    lexemes = await _completions(reads, last, words)
    if lexemes:
        typed_before = tuple(((Word(one[0], one, words.stems(one)),),) for one in before)
        completed = tuple((Word(one, (one,), (words.stem(one),)),) for one in lexemes)
        request = Request(Query((*typed_before, completed)), words.locale, Filters(), size=PRODUCTS, with_total=False)
        ids = (await engine_for(reads).search(request)).product_ids
        summaries = await listing.summaries(reads, ids, other, currency) if ids else {}
        products = [orjson.loads(summaries[product_id]) for product_id in ids if product_id in summaries]
        found["products"] = [{name: product[name] for name in SHOWN} for product in products]
        start = " ".join(one[0] for one in before)
        found["queries"] = [f"{start} {lexeme}".strip() for lexeme, is_word in lexemes.items() if is_word][:WORDS]
    popular = await log.popular(reads, words.locale, typed, WORDS)
    found["queries"] = list(dict.fromkeys((*popular, *found["queries"])))
    chain = i18n.fallbacks(locale)[:-1]
    for facet, slug, name in await values_with(reads, [*FACETS], [one[0] for one in before], last[0], VALUES, chain):
        found[FACETS[facet]].append({"slug": slug, "name": name})
    return orjson.dumps(found)


async def _completions(reads: Reads, last: tuple[str, ...], words: Analyzer) -> dict[str, bool]:
    """Return what the last word may become, and of each whether it is a word."""
    for spelling in last:
        if found := await beginning_with(reads, words.locale, spelling, COMPLETIONS):
            return {spelling: found[spelling]} | found if spelling in found else found
    for spelling in last:
        if meant := await meant_by(reads, words.locale, spelling):
            return dict.fromkeys(meant[:COMPLETIONS], True)
    return {}
