"""Pieces that come back from buyers."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.inventory.models import MAIN_LOCATION
from mercat.kit.database import driver

TAKE_BACK = """
WITH returned AS (
    SELECT variant_id, quantity FROM unnest(%(variants)s::uuid[], %(quantities)s::int[]) AS r(variant_id, quantity)
), locked AS MATERIALIZED (
    SELECT variant_id, location_id FROM stock_levels
    WHERE variant_id = ANY(%(variants)s::uuid[]) AND location_id = %(location)s
    ORDER BY variant_id, location_id FOR UPDATE
), laid AS (
    UPDATE stock_levels s SET on_hand = s.on_hand + r.quantity
    FROM returned r JOIN locked l USING (variant_id)
    WHERE s.variant_id = r.variant_id AND s.location_id = l.location_id
    RETURNING s.variant_id, s.location_id, r.quantity
), explained AS (
    INSERT INTO stock_movements (variant_id, location_id, kind, on_hand_delta, order_id, actor)
    SELECT variant_id, location_id, 'returned', quantity, %(order)s, %(actor)s FROM laid
)
SELECT count(*) FROM laid
"""


async def take_back(session: AsyncSession, order_id: UUID, pieces: Mapping[UUID, int], *, actor: str) -> int:
    """Put pieces of an order, by variant, on the shelf again. Doing it again puts them there again: the caller knows.

    Locks the levels in key order. A variant that is gone has no shelf any more.

    Returns:
        How many levels changed.
    """
    variants = sorted(pieces)
    parameters = {
        "variants": variants,
        "quantities": [pieces[variant] for variant in variants],
        "location": MAIN_LOCATION,
        "order": order_id,
        "actor": actor,
    }
    row = await (await (await driver(session)).execute(TAKE_BACK, parameters)).fetchone()
    return row[0] if row else 0
