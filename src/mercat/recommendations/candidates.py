"""Candidates, and as readers get them: only what can be bought now, each once, with the reason."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from mercat.catalog import listing
from mercat.kit.database import Reads
from mercat.recommendations.schemas import Known, Reason

NAMES = "SELECT id, slug, name FROM products WHERE id = ANY(%s)"
TEXTS = """
SELECT product_id, summary FROM product_projection_texts
WHERE product_id = ANY(%s) AND locale = %s AND summary IS NOT NULL
"""
Category = tuple[UUID, str, str]
"""Id, slug and name."""
SPARE = 3
"""Candidates that are looked up for each that is wanted: some are out of stock."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that may be recommended, and why. `category`, `brand`, `vendor`: what it shares with `seed`."""

    product_id: UUID
    kind: Reason
    seed: UUID | None = None
    known: Known | None = None
    category: bool = False
    brand: bool = False
    vendor: bool = False
    trending_in: Category | None = None
    """The category that was asked for."""


async def chosen(
    reads: Reads, candidates: Sequence[Candidate], size: int, *, without: Collection[UUID] = ()
) -> list[dict[str, Any]]:
    """Return the first candidates that can be bought now, as JSON objects. One statement for the products."""
    unique = {one.product_id: one for one in reversed(candidates) if one.product_id not in without}
    ordered = list(unique.values())[::-1][: size * SPARE]
    if not ordered:
        return []
    summaries = await listing.summaries(reads, [one.product_id for one in ordered])
    found = [(one, orjson.loads(summaries[one.product_id])) for one in ordered if one.product_id in summaries]
    shown = [(one, summary) for one, summary in found if summary["in_stock"]][:size]
    names = await _names(reads, {one.seed for one, _ in shown if one.seed is not None})
    return [{**summary, "because": _because(one, summary, names)} for one, summary in shown]


async def in_language(reads: Reads, items: Sequence[dict[str, Any]], other: str | None) -> Sequence[dict[str, Any]]:
    """Return items with the texts of another language than the source, and their reasons too. One statement.

    What operators and vendors call themselves stays; so does a category that is no product's own.
    """
    if other is None or not items:
        return items
    named = [one["because"]["product"]["id"] for one in items if one["because"]["product"]]
    ids = {UUID(str(product_id)) for product_id in (*(one["id"] for one in items), *named)}
    texts = {row[0]: orjson.loads(row[1]) for row in await reads.rows(TEXTS, (list(ids), other))}
    return [_in_language(item, texts) for item in items]


def _in_language(item: dict[str, Any], texts: dict[UUID, dict[str, Any]]) -> dict[str, Any]:
    shown = item | texts.get(UUID(str(item["id"])), {})
    because = dict(item["because"])
    if because["product"]:
        other = texts.get(UUID(str(because["product"]["id"])), {})
        because["product"] |= {name: other[name] for name in ("slug", "name") if name in other}
    for name in ("category", "brand"):
        if because[name] and shown[name] and because[name]["id"] == shown[name]["id"]:
            because[name] = shown[name]
    return shown | {"because": because}


async def in_currency(reads: Reads, items: Sequence[dict[str, Any]], currency: str | None) -> Sequence[dict[str, Any]]:
    """Return items with their prices in a currency other than that of the books, if one is given.

    Raises:
        UnknownCurrency, ConversionStopped: no prices are shown in it.
    """
    if currency is None:
        return items
    prices = await listing.kept_prices(reads, [UUID(one["id"]) for one in items], currency)
    found = [(one, prices.get(UUID(one["id"]))) for one in items]
    return [one | price.wire() for one, price in found if price is not None]


async def localised(reads: Reads, items: Sequence[dict[str, Any]], other: str | None, currency: str | None) -> bytes:
    """Return items in a language and a currency, in the envelope of a complete list."""
    return page(await in_currency(reads, await in_language(reads, items, other), currency))


def page(items: Sequence[dict[str, Any]]) -> bytes:
    """Return items in the envelope of a complete list."""
    count = len(items)
    return orjson.dumps({"items": items, "page": 1, "size": count, "total": count, "pages": min(count, 1)})


async def _names(reads: Reads, product_ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    if not product_ids:
        return {}
    rows = await reads.rows(NAMES, (list(product_ids),))
    return {row[0]: {"id": row[0], "slug": row[1], "name": row[2]} for row in rows}


def _because(one: Candidate, summary: dict[str, Any], names: dict[UUID, dict[str, Any]]) -> dict[str, Any]:
    because = {
        "kind": one.kind,
        "product": names.get(one.seed) if one.seed is not None else None,
        "known": one.known,
        **{name: summary[name] if getattr(one, name) else None for name in ("category", "brand", "vendor")},
    }
    if one.trending_in is not None:
        because["category"] = dict(zip(("id", "slug", "name"), one.trending_in, strict=True))
    return because
