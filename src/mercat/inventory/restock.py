"""Restocking of returned units."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.inventory import changes
from mercat.inventory.models import MAIN_LOCATION
from mercat.kit.database import driver

# where every location of a variant was closed meanwhile, returned units go to the main location
A_SHELF = """
INSERT INTO stock_levels (variant_id, location_id, product_id, vendor_id)
SELECT variant_id, %(main)s, product_id, vendor_id FROM stock_levels WHERE variant_id = ANY(%(variants)s::uuid[])
GROUP BY variant_id, product_id, vendor_id HAVING NOT bool_or(active) ORDER BY variant_id ON CONFLICT DO NOTHING
"""
# units are restocked where they were, as long as it is open; the levels are locked already
TAKE_BACK = """
WITH returned AS (
    SELECT variant_id, quantity FROM unnest(%(variants)s::uuid[], %(quantities)s::int[]) AS r(variant_id, quantity)
), shelves AS (
    SELECT r.variant_id, r.quantity, s.location_id FROM returned r CROSS JOIN LATERAL (
        SELECT l.location_id FROM stock_levels l WHERE l.variant_id = r.variant_id
        ORDER BY l.active DESC, coalesce((
            SELECT sum(p.quantity) FROM stock_reservations p
            WHERE p.order_id = %(order)s AND p.variant_id = l.variant_id AND p.location_id = l.location_id
              AND p.state = 'shipped'), 0) DESC, l.location_id
        LIMIT 1
    ) s
), laid AS (
    UPDATE stock_levels s SET on_hand = s.on_hand + CASE WHEN s.tracked THEN r.quantity ELSE 0 END
    FROM shelves r WHERE s.variant_id = r.variant_id AND s.location_id = r.location_id
    RETURNING s.variant_id, s.location_id, CASE WHEN s.tracked THEN r.quantity ELSE 0 END AS quantity
), explained AS (
    INSERT INTO stock_movements (variant_id, location_id, kind, on_hand_delta, order_id, actor)
    SELECT variant_id, location_id, 'returned', quantity, %(order)s, %(actor)s FROM laid
)
SELECT count(*) FROM laid
"""


async def take_back(session: AsyncSession, order_id: UUID, units: Mapping[UUID, int], *, actor: str) -> int:
    """Restock units of an order, by variant. Doing it again restocks them again: the caller must not repeat it.

    Locks the levels in key order. A deleted variant is not restocked.

    Returns:
        How many levels changed.
    """
    variants = sorted(units)
    parameters = {
        "variants": variants,
        "quantities": [units[variant] for variant in variants],
        "main": MAIN_LOCATION,
        "order": order_id,
        "actor": actor,
    }
    connection = await driver(session)
    await connection.execute(A_SHELF, parameters)
    before = await changes.lock(session, variants)
    row = await (await connection.execute(TAKE_BACK, parameters)).fetchone()
    await changes.announce_since(session, before)
    return row[0] if row else 0
