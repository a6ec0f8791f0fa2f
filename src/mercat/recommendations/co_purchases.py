"""What is bought in the same orders, ranked by how unlikely that would be by chance."""

from collections import defaultdict
from collections.abc import Sequence
from math import log
from uuid import UUID

from mercat.kit.database import Reads
from mercat.recommendations.config import settings
from mercat.recommendations.order_counts import ALL

MOST_PAIRS = 200
"""Pairs of a product that are compared, the heaviest: a best seller may have a hundred thousand."""
# the heaviest pairs come from their index; the counts of each product and of all orders make the contingency table:
# looked up one by one, since joined they would be read up to the id that is wanted
PAIRS = f"""
SELECT p.product_id, p.other_id, p.weight,
       (SELECT a.weight FROM ordered_products a WHERE a.product_id = p.product_id),
       (SELECT b.weight FROM ordered_products b WHERE b.product_id = p.other_id),
       (SELECT n.weight FROM ordered_products n WHERE n.product_id = %s)
FROM unnest(%s::uuid[]) AS s(product_id)
CROSS JOIN LATERAL (
    SELECT product_id, other_id, orders, weight FROM product_pairs WHERE product_id = s.product_id
    ORDER BY weight DESC LIMIT {MOST_PAIRS}
) AS p
WHERE p.orders >= %s
"""  # noqa: S608 - our own number


async def bought_with(reads: Reads, product_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Return by product what is bought with it more often than by chance, the most telling first. One statement."""
    if not product_ids:
        return {}
    scores: dict[UUID, dict[UUID, float]] = defaultdict(dict)
    params = (ALL, list(product_ids), settings().recommendations_min_orders)
    for product_id, other_id, both, one, other, total in await reads.rows(PAIRS, params):
        if None not in {one, other, total} and both * total > one * other:  # else they avoid each other
            scores[product_id][other_id] = log_likelihood(both, one, other, total)
    return {product_id: sorted(found, key=lambda other: -found[other]) for product_id, found in scores.items()}


def log_likelihood(both: float, one: float, other: float, total: float) -> float:
    """Return the log-likelihood ratio of a contingency table: how surprising it is that they are bought alike.

    `both` of the `total` orders have both products, `one` and `other` the one or the other. Ted Dunning, "Accurate
    methods for the statistics of surprise and coincidence", Computational Linguistics 19 (1993), 61-74. Scaling all
    counts alike scales it alike, so that decayed weights keep the order.
    """
    table = (both, one - both, other - both, total - one - other + both)
    rows, columns = (one, total - one), (other, total - other)
    return 2 * max(_entropy(*rows) + _entropy(*columns) - _entropy(*table), 0.0)


def _entropy(*counts: float) -> float:
    """Return the entropy of counts, not divided by their sum."""
    known = [count for count in counts if count > 0]
    total = sum(known)
    return sum(count * log(total / count) for count in known)
