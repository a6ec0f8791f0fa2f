"""What is recommended to a person: what goes with, or is like, what they have bought, saved and viewed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.catalog import listing
from mercat.kit.database import Reads
from mercat.recommendations import co_purchases, similarity
from mercat.recommendations.candidates import Candidate, chosen
from mercat.recommendations.schemas import Known
from mercat.recommendations.trends import trending

VIEWED = """
SELECT product_id, max(viewed_at) AS at FROM recent_views
WHERE user_id = %(user_id)s OR cart_id = %(cart_id)s GROUP BY product_id ORDER BY 2 DESC, 1 LIMIT 50
"""
# the last of each; what was cancelled or refunded is not theirs
KNOWN = f"""
(SELECT 'bought', i.product_id, max(o.placed_at) FROM (
    SELECT id, placed_at FROM orders WHERE user_id = %(user_id)s
    AND status NOT IN ('cancelled', 'expired', 'refunded') ORDER BY placed_at DESC LIMIT 200
 ) AS o JOIN order_items i ON i.order_id = o.id GROUP BY i.product_id ORDER BY 3 DESC, 2)
UNION ALL
(SELECT 'saved', i.product_id, max(i.created_at) FROM wishlists l JOIN wishlist_items i ON i.list_id = l.id
 WHERE l.user_id = %(user_id)s GROUP BY i.product_id ORDER BY 3 DESC, 2 LIMIT 500)
UNION ALL
(SELECT 'viewed', v.product_id, v.at FROM ({VIEWED}) AS v ORDER BY 3 DESC, 2)
"""  # noqa: S608 - our own part
SEEDS: Mapping[Known, int] = {"bought": 6, "saved": 4, "viewed": 6}
"""How many of the last products of each kind something is recommended for."""
GOES_WITH: Mapping[Known, float] = {"bought": 1.2, "saved": 1.0, "viewed": 0.8}
IS_LIKE: Mapping[Known, float] = {"bought": 0.4, "saved": 1.0, "viewed": 0.8}
"""What being bought together with such a product counts, and being similar to it: nobody needs a second teapot."""
FADES = 0.15
"""How much less each seed counts than the one before it of its kind."""
EVEN = 5
"""The first of a list counts 1 / 5, the next 1 / 6: reciprocal ranks make lists of several measures comparable."""
DEEP = 20
"""Of each list so many are looked at."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with an account, or with the token of a cart; either may be missing."""

    user_id: UUID | None
    cart_id: UUID | None

    @property
    def is_known(self) -> bool:
        """Whether anything can be known of them."""
        return self.user_id is not None or self.cart_id is not None


@dataclass(frozen=True, slots=True)
class Seed:
    """A product that something is recommended for."""

    product_id: UUID
    known: Known
    weight: float


async def for_you(session: AsyncSession, reads: Reads, visitor: Visitor, size: int) -> list[dict[str, Any]]:
    """Return products for a visitor that they neither own nor have saved, and then what is trending.

    Candidates of all seeds are merged by reciprocal ranks; each has the reason that counts most.
    """
    known = await _known(reads, visitor)
    seeds = list(_seeds(known))
    goes_with = await co_purchases.bought_with(reads, [seed.product_id for seed in seeds])
    products = await listing.products(session, [seed.product_id for seed in seeds]) if seeds else []
    is_like = await similarity.similar_to(reads, products)
    ranked: list[tuple[float, Candidate]] = []
    for seed in seeds:
        others = [Candidate(other, "bought_together", seed.product_id) for other in goes_with.get(seed.product_id, ())]
        alike = [similar(seed.product_id, one) for one in is_like.get(seed.product_id, ())]
        for counts, candidates in ((GOES_WITH, others), (IS_LIKE, alike)):
            ranked += [
                (seed.weight * counts[seed.known] / (EVEN + place), replace(candidate, known=seed.known))
                for place, candidate in enumerate(candidates[:DEEP])
            ]
    own = {product_id for products in known.values() for product_id in products}
    items = await chosen(reads, _merged(ranked), size, without=own)
    if len(items) < size:
        shown = own | {UUID(str(item["id"])) for item in items}
        items += await trending(reads, size - len(items), without=shown)
    return items


async def recently_viewed(reads: Reads, visitor: Visitor, size: int) -> list[dict[str, Any]]:
    """Return what a visitor viewed lately and can be bought now, the last first."""
    viewed = await reads.rows(VIEWED, _params(visitor))
    return await chosen(reads, [Candidate(row[0], "recently_viewed") for row in viewed], size)


def similar(seed: UUID, one: similarity.Alike) -> Candidate:
    """Return a similar product as a candidate."""
    return Candidate(one.product_id, "similar", seed, category=one.category, brand=one.brand, vendor=one.vendor)


def _params(visitor: Visitor) -> dict[str, UUID | None]:
    return {"user_id": visitor.user_id, "cart_id": visitor.cart_id}


async def _known(reads: Reads, visitor: Visitor) -> dict[Known, list[UUID]]:
    known: dict[Known, list[UUID]] = {"bought": [], "saved": [], "viewed": []}
    rows = await reads.rows(KNOWN, _params(visitor))
    for kind, product_id, _ in rows:
        known[kind].append(product_id)
    return known


def _seeds(known: Mapping[Known, Sequence[UUID]]) -> Iterable[Seed]:
    """Yield the last products of each kind, each once: what was bought is no longer only viewed."""
    taken: set[UUID] = set()
    for kind, most in SEEDS.items():
        fresh = [product_id for product_id in known[kind] if product_id not in taken][:most]
        taken.update(fresh)
        yield from (Seed(product_id, kind, 1 / (1 + FADES * n)) for n, product_id in enumerate(fresh))


def _merged(ranked: Sequence[tuple[float, Candidate]]) -> list[Candidate]:
    """Add up what candidates of the same product count, the highest sum first, each with its strongest reason."""
    sums: dict[UUID, float] = defaultdict(float)
    reasons: dict[UUID, tuple[float, Candidate]] = {}
    for score, candidate in ranked:
        product_id = candidate.product_id
        sums[product_id] += score
        if product_id not in reasons or reasons[product_id][0] < score:
            reasons[product_id] = score, candidate
    return [reasons[product_id][1] for product_id in sorted(sums, key=lambda one: (-sums[one], one.int))]
