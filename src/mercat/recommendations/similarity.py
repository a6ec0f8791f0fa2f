"""Similar products: those that share terms, the rarer the better, at a price of the same order.

A term is a word of the name, a tag, a value of an attribute, the brand, the category, or the category at a level of
prices. `product_terms` is an inverted index of which a term has `MOST_PRODUCTS` rows at most: a term that more products
have says nothing, and what is read for a product does not grow with the catalogue.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import log
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.catalog import listing
from mercat.catalog.listing import ListedProduct
from mercat.i18n import DEFAULT_LOCALE
from mercat.kit.database import Reads, driver
from mercat.kit.slugs import name_slug
from mercat.recommendations import trends
from mercat.search.text import analyzer

MOST_PRODUCTS = 300
"""Products that are kept of a term."""
MOST_TERMS = 12
"""Words of a name, tags, and attributes that count, of each."""
LONGEST_VALUE = 60
"""Characters of an attribute's value; longer ones are prose."""
CANDIDATES = 60
"""Products that are compared by price as well, those with the best terms."""
WORD, TAG, ATTRIBUTE, BRAND, CATEGORY, LEVEL = 1.0, 0.8, 0.6, 0.6, 1.2, 0.8
"""What sharing a term of each kind counts, times how rare it is."""
FREQUENT = 0.2
"""Rarity of a term that as many products have as are kept of it."""
WITHIN = log(1.5)
"""The width of a level of prices: half as much again."""

FORGET = """
DELETE FROM product_terms t WHERE t.product_id = ANY(%s) AND NOT EXISTS (
    SELECT FROM unnest(%s::bigint[], %s::uuid[]) AS n(term, product_id)
    WHERE (n.term, n.product_id) = (t.term, t.product_id))
"""
ADD = f"""
INSERT INTO product_terms (term, product_id)
SELECT n.term, n.product_id FROM unnest(%s::bigint[], %s::uuid[]) AS n(term, product_id)
JOIN (
    SELECT d.term FROM (SELECT DISTINCT unnest(%s::bigint[]) AS term) AS d WHERE (
        SELECT count(*) FROM (SELECT FROM product_terms t WHERE t.term = d.term LIMIT {MOST_PRODUCTS}) AS known
    ) < {MOST_PRODUCTS}
) AS open USING (term) ORDER BY 1, 2 ON CONFLICT DO NOTHING
"""  # noqa: S608 - our own number
# what shares terms, scored by how rare they are, and of the best what else decides
ALIKE = f"""
WITH found AS MATERIALIZED (
    SELECT seed, weight, ARRAY(SELECT product_id FROM product_terms WHERE term = s.term LIMIT {MOST_PRODUCTS}) AS ids
    FROM unnest(%s::uuid[], %s::bigint[], %s::float8[]) AS s(seed, term, weight)
), shared AS (
    SELECT f.seed, t.product_id,
           sum(f.weight * (ln({MOST_PRODUCTS}::float8 / cardinality(f.ids)) + {FREQUENT})) AS score
    FROM found f CROSS JOIN LATERAL unnest(f.ids) AS t(product_id)
    WHERE t.product_id <> f.seed GROUP BY f.seed, t.product_id
), best AS (
    SELECT *, row_number() OVER (PARTITION BY seed ORDER BY score DESC, product_id DESC) AS place FROM shared
)
SELECT b.seed, b.product_id, b.score, p.price_minor, p.category_path, p.brand_id, p.vendor_id
FROM best b JOIN product_projections p USING (product_id) WHERE b.place <= {CANDIDATES} AND p.listed
"""  # noqa: S608 - our own numbers


@dataclass(frozen=True, slots=True)
class Alike:
    """A product that is similar to another, and what they share."""

    product_id: UUID
    score: float
    category: bool
    brand: bool
    vendor: bool


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a product is compared besides its terms."""

    price_minor: int
    category_path: Sequence[UUID]
    brand_id: UUID | None
    vendor_id: UUID


async def index(session: AsyncSession, product_ids: Sequence[UUID]) -> None:
    """Write the terms of these products as they are now; those that are not listed have none.

    Locks the products in key order, so that of two writers the later one knows what the earlier one has written.
    """
    if not product_ids:
        return
    await listing.hold(session, product_ids)
    rows = sorted(
        (term, product.id) for product in await listing.products(session, product_ids) for term in terms_of(product)
    )
    terms, products = [row[0] for row in rows], [row[1] for row in rows]
    connection = await driver(session)
    await connection.execute(FORGET, (list(product_ids), terms, products))
    await connection.execute(ADD, (terms, products, terms))
    await trends.follow_categories(connection, product_ids)


async def similar_to(reads: Reads, seeds: Sequence[ListedProduct]) -> dict[UUID, list[Alike]]:
    """Return by product what is similar to it, the most similar first. One statement."""
    if not seeds:
        return {}
    rows = [(seed.id, term, weight) for seed in seeds for term, weight in terms_of(seed).items()]
    known = {seed.id: _traits(seed) for seed in seeds}
    found: dict[UUID, list[Alike]] = defaultdict(list)
    columns = [list(column) for column in zip(*rows, strict=True)]
    for seed_id, product_id, score, *traits in await reads.rows(ALIKE, columns):
        found[seed_id].append(_compared(known[seed_id], product_id, score, Traits(*traits)))
    return {
        seed_id: sorted(alike, key=lambda one: (-one.score, one.product_id.int)) for seed_id, alike in found.items()
    }


def terms_of(product: ListedProduct) -> dict[int, float]:
    """Return the terms of a product, as hashes, and what sharing each counts."""
    words = analyzer(DEFAULT_LOCALE)
    spelt = (spellings[0] for spellings in words.words(product.name))
    stems = (words.stem(word) for word in spelt if len(word) > 1 and word not in words.stopwords)
    named = [("word", stem, WORD) for stem in _first(stems)]
    named += [("tag", name_slug(tag), TAG) for tag in _first(product.tags)]
    values = (
        f"{name.casefold()}={value.casefold()}"
        for name, value in product.attributes.items()
        if len(value) <= LONGEST_VALUE
    )
    named += [("attribute", value, ATTRIBUTE) for value in _first(values)]
    if product.brand:
        named.append(("brand", product.brand.id, BRAND))
    if product.categories:
        category = product.categories[-1].id
        level = round(log(max(product.price_minor, 1)) / WITHIN)
        named += [("category", category, CATEGORY), ("level", f"{category} {level}", LEVEL)]
    return {_hash(f"{kind} {value}"): weight for kind, value, weight in named}


def _first(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))[:MOST_TERMS]


def _hash(term: str) -> int:
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), signed=True)


def _traits(product: ListedProduct) -> Traits:
    return Traits(
        price_minor=product.price_minor,
        category_path=[UUID(category.id) for category in product.categories],
        brand_id=UUID(product.brand.id) if product.brand else None,
        vendor_id=UUID(product.vendor.id),
    )


def _compared(seed: Traits, product_id: UUID, score: float, other: Traits) -> Alike:
    """Halve the score of what costs many times as much, or shares no category."""
    apart = abs(log(max(seed.price_minor, 1)) - log(max(other.price_minor, 1)))
    shared = set(seed.category_path) & set(other.category_path)
    near = len(shared) / max(len(seed.category_path), len(other.category_path), 1)
    return Alike(
        product_id,
        score * (1 + 1 / (1 + apart)) / 2 * (1 + near) / 2,
        category=bool(shared) and seed.category_path[-1] == other.category_path[-1],
        brand=seed.brand_id is not None and seed.brand_id == other.brand_id,
        vendor=seed.vendor_id == other.vendor_id,
    )
