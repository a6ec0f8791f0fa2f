"""Verbs that promise stock to orders.

Levels are locked in the order of their keys, changed under a guard in the same statement, and explained by a movement
beside it.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.inventory import queries
from mercat.inventory.exceptions import InsufficientStock
from mercat.inventory.models import MAIN_LOCATION
from mercat.kit.database import driver
from mercat.kit.ids import new_id

# One statement: lock in key order, take only where enough is left, promise, explain. The guard is checked again on the
# newest version of a row after waiting for its lock, so that two buyers cannot both pass it.
RESERVE = """
WITH wanted AS (
    SELECT variant_id, quantity, reservation_id
    FROM unnest(%(variants)s::uuid[], %(quantities)s::int[], %(ids)s::uuid[]) AS w(variant_id, quantity, reservation_id)
), locked AS MATERIALIZED (
    SELECT variant_id, location_id FROM stock_levels
    WHERE variant_id = ANY(%(variants)s::uuid[]) AND location_id = %(location)s
    ORDER BY variant_id, location_id FOR UPDATE
), taken AS (
    UPDATE stock_levels s SET reserved = s.reserved + w.quantity
    FROM wanted w JOIN locked l USING (variant_id)
    WHERE s.variant_id = w.variant_id AND s.location_id = l.location_id
      AND (s.allow_backorder OR s.on_hand - s.reserved >= w.quantity)
    RETURNING s.variant_id, s.location_id, w.quantity, w.reservation_id
), promised AS (
    INSERT INTO stock_reservations (id, order_id, variant_id, location_id, quantity)
    SELECT reservation_id, %(order)s, variant_id, location_id, quantity FROM taken
), explained AS (
    INSERT INTO stock_movements (variant_id, location_id, kind, reserved_delta, order_id, actor)
    SELECT variant_id, location_id, 'reserved', quantity, %(order)s, %(actor)s FROM taken
)
SELECT variant_id FROM taken
"""

LOCK = "SELECT FROM stock_levels WHERE variant_id = ANY(%s) ORDER BY variant_id, location_id FOR UPDATE"
PROMISED = "SELECT EXISTS (SELECT FROM stock_reservations WHERE variant_id = ANY(%s))"
CONFIRM = "UPDATE stock_reservations SET state = 'confirmed' WHERE order_id = %s AND state = 'held'"


async def require(session: AsyncSession, wanted: Mapping[UUID, int]) -> None:
    """Refuse what is sold out already, before anything is written for it. Nothing is locked: `reserve` decides.

    Raises:
        InsufficientStock: some variant has fewer left.
    """
    levels = await queries.availability(session, list(wanted))
    short = {variant: level for variant, level in levels.items() if not level.covers(wanted[variant])}
    if short:
        raise _shortage(short, wanted)


async def reserve(session: AsyncSession, order_id: UUID, wanted: Mapping[UUID, int], *, actor: str) -> None:
    """Promise pieces to an order, all or nothing.

    Locks the levels in key order: call it last before the commit, a popular variant is then held the shortest.

    Raises:
        InsufficientStock: some variant has fewer left; nothing was promised.
    """
    variants = sorted(wanted)
    connection = await driver(session)
    parameters = {
        "variants": variants,
        "quantities": [wanted[v] for v in variants],
        "ids": [new_id() for _ in variants],
        "location": MAIN_LOCATION,
        "order": order_id,
        "actor": actor,
    }
    rows = await (await connection.execute(RESERVE, parameters, prepare=True)).fetchall()
    if len(rows) < len(variants):
        taken = {row[0] for row in rows}
        left = await queries.availability(session, [variant for variant in variants if variant not in taken])
        raise _shortage(left, wanted)


def _shortage(left: Mapping[UUID, queries.Availability], wanted: Mapping[UUID, int]) -> InsufficientStock:
    return InsufficientStock(
        lines=[
            {"variant_id": str(variant), "requested": wanted[variant], "available": level.available}
            for variant, level in left.items()
        ]
    )


async def ever_promised(session: AsyncSession, variant_ids: Sequence[UUID]) -> bool:
    """Whether pieces of any of them were ever promised to an order.

    Locks the levels in key order: nobody can be promised any until the caller's transaction ends.
    """
    connection = await driver(session)
    await connection.execute(LOCK, (list(variant_ids),))
    row = await (await connection.execute(PROMISED, (list(variant_ids),))).fetchone()
    return bool(row and row[0])


async def confirm(session: AsyncSession, order_id: UUID) -> None:
    """Keep an order's promise until it is shipped: it was paid and cannot expire any more."""
    await (await driver(session)).execute(CONFIRM, (order_id,))
