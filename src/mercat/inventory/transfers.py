"""Transfers of units from one location of a vendor to another."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.inventory import changes, queries
from mercat.inventory.exceptions import NotThere
from mercat.kit.database import driver

OPEN = """
INSERT INTO stock_levels (variant_id, location_id, product_id, vendor_id, active)
SELECT DISTINCT s.variant_id, l.id, s.product_id, s.vendor_id, l.active
FROM stock_levels s JOIN stock_locations l ON l.id = %s
WHERE s.variant_id = ANY(%s) ORDER BY 1 ON CONFLICT DO NOTHING
"""
# the levels are locked already; what leaves one arrives at the other, and each has its movement
MOVE = """
WITH moved AS (
    SELECT variant_id, location_id, delta
    FROM unnest(%(variants)s::uuid[], %(quantities)s::int[]) AS w(variant_id, quantity)
    CROSS JOIN LATERAL (VALUES (%(source)s::uuid, -w.quantity), (%(target)s::uuid, w.quantity)) AS m(location_id, delta)
), laid AS (
    UPDATE stock_levels s SET on_hand = s.on_hand + m.delta
    FROM moved m WHERE s.variant_id = m.variant_id AND s.location_id = m.location_id
)
INSERT INTO stock_movements (variant_id, location_id, kind, on_hand_delta, actor, note)
SELECT variant_id, location_id, 'transferred', delta, %(actor)s, %(note)s FROM moved ORDER BY variant_id, delta
"""


async def transfer(
    session: AsyncSession, source: UUID, target: UUID, units: Mapping[UUID, int], *, actor: str, note: str
) -> None:
    """Transfer units that are not reserved from one location to another, all or nothing.

    Locks all levels of the variants in key order.

    Raises:
        NotThere: some of them are not on hand there, or are reserved.
    """
    variants = sorted(units)
    connection = await driver(session)
    await connection.execute(OPEN, (target, variants))
    before = await changes.lock(session, variants)
    levels = await queries.levels(session, variants)
    free = {level.variant_id: level.on_hand - level.reserved for level in levels if level.location_id == source}
    short = [variant for variant in variants if units[variant] > free.get(variant, 0)]
    if short:
        lines = [{"variant_id": str(v), "requested": units[v], "available": max(free.get(v, 0), 0)} for v in short]
        raise NotThere(lines=lines)
    parameters = {
        "variants": variants,
        "quantities": [units[variant] for variant in variants],
        "source": source,
        "target": target,
        "actor": actor,
        "note": note,
    }
    await connection.execute(MOVE, parameters)
    await changes.announce_since(session, before)
