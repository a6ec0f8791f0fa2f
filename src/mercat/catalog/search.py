"""Searching what is on sale by words, with facets; and names that begin like what is being typed."""

from typing import Any

import orjson

from mercat.catalog.product_list import STOCKED, Filters, Listing, counted, filters_of, numbered
from mercat.catalog.schemas import Suggestion
from mercat.kit.database import Reads
from mercat.kit.money import default_currency, format_minor
from mercat.kit.problems import FieldError, Invalid

FACET_SIZE = 50

FACETS = """
WITH found AS MATERIALIZED (
    SELECT c.category_path[cardinality(c.category_path)] AS category_id, c.brand_id, c.vendor_id, c.price_minor,
           floor(c.rating_average)::int AS stars, {stocked} AS stocked
    FROM product_projections c WHERE {where}
), edges AS (
    SELECT percentile_disc(ARRAY[0.25, 0.5, 0.75, 1.0]) WITHIN GROUP (ORDER BY price_minor) AS upper FROM found
)
(SELECT 'category', k.slug, k.name, count(*) FROM found JOIN categories k ON k.id = category_id
 GROUP BY 2, 3 ORDER BY 4 DESC, 2 LIMIT {size})
UNION ALL
(SELECT 'brand', k.slug, k.name, count(*) FROM found JOIN brands k ON k.id = brand_id
 GROUP BY 2, 3 ORDER BY 4 DESC, 2 LIMIT {size})
UNION ALL
(SELECT 'vendor', k.slug, k.name, count(*) FROM found JOIN vendors k ON k.id = vendor_id
 GROUP BY 2, 3 ORDER BY 4 DESC, 2 LIMIT {size})
UNION ALL
(SELECT 'price', min(price_minor)::text, max(price_minor)::text, count(*)
 FROM found, edges
 GROUP BY width_bucket(price_minor - 1, ARRAY(SELECT DISTINCT e FROM unnest(upper) e ORDER BY e))
 ORDER BY min(price_minor))
UNION ALL
(SELECT 'rating', stars::text, stars::text, count(*) FROM found WHERE stars > 0 GROUP BY stars ORDER BY stars DESC)
UNION ALL
(SELECT 'in_stock', stocked::text, stocked::text, count(*) FROM found GROUP BY stocked ORDER BY stocked DESC)
"""

SUGGEST = """
SELECT summary FROM product_projections WHERE listed AND name_key LIKE %s ORDER BY name_key, product_id LIMIT 10
"""


async def read(reads: Reads, listing: Listing) -> bytes:
    """Return a numbered page of what was found, with facets over all of it, as the JSON on the wire."""
    if listing.cursor is not None:
        raise Invalid(errors=(FieldError("cursor", "what was found is paged by number", "extra_forbidden"),))
    filters = filters_of(listing)
    items, total = await numbered(reads, listing, filters)
    facets = await _facets(reads, filters)
    return b'{"items":[%b],%b,"facets":%b,"did_you_mean":null}' % (
        items,
        counted(listing, total),
        orjson.dumps(facets),
    )


async def suggest(reads: Reads, typed: str) -> bytes:
    """Return up to ten products whose name begins with what was typed, as JSON."""
    pattern = typed.strip().casefold().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    rows = await reads.rows(SUGGEST, (pattern,)) if typed.strip() else []
    summaries = [orjson.loads(summary) for (summary,) in rows]
    return orjson.dumps({"products": [{name: one[name] for name in Suggestion.model_fields} for one in summaries]})


async def _facets(reads: Reads, filters: Filters) -> dict[str, list[dict[str, Any]]]:
    facets: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("category", "brand", "vendor", "price", "rating", "in_stock")
    }
    statement = FACETS.format(stocked=STOCKED, where=filters.where, size=FACET_SIZE)
    currency = default_currency()
    for name, value, label, count in await reads.rows(statement, filters.params):
        if name == "price":
            low, high = format_minor(int(value), currency), format_minor(int(label), currency)
            facets[name].append({"value": f"{low}-{high}", "label": f"{low} - {high} {currency}", "count": count})
        else:
            facets[name].append({"value": value, "label": label, "count": count})
    return facets
