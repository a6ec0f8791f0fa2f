"""Realtime stock for open pages."""

from collections.abc import Sequence
from uuid import UUID

from mercat.kit.database import Reads
from mercat.realtime import Message

# looked up variant by variant: joined, the view would first be summed up over all levels
NOW = """
SELECT l.variant_id, l.product_id, l.vendor_id, coalesce(a.available, 0), coalesce(a.in_stock, false)
FROM (SELECT DISTINCT variant_id, product_id, vendor_id FROM stock_levels WHERE variant_id = ANY(%s)) l
LEFT JOIN LATERAL (SELECT available, in_stock FROM variant_availability WHERE variant_id = l.variant_id) a ON true
"""


async def describe(reads: Reads, variant_ids: Sequence[UUID]) -> list[Message]:
    """Return what can be sold of these variants now: for everyone who views the product, and for its vendor."""
    return [
        Message(
            (f"stock:{product_id}", f"vendor:{vendor_id}"),
            {
                "type": "stock.changed",
                "product_id": str(product_id),
                "variant_id": str(variant_id),
                "available": available,
                "in_stock": in_stock,
            },
        )
        for variant_id, product_id, vendor_id, available, in_stock in await reads.rows(NOW, (list(variant_ids),))
    ]
