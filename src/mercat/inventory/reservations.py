"""Verbs that end reservations: the units leave the stock for good, or can be sold again.

Every one locks the levels in the order of their keys and writes the movement beside the change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from psycopg import AsyncCursor
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.inventory import changes
from mercat.inventory.exceptions import NotPromised
from mercat.inventory.queries import promised
from mercat.kit.database import driver
from mercat.kit.ids import new_id

LOCKED = """
SELECT s.variant_id, s.location_id FROM stock_levels s
JOIN (SELECT DISTINCT variant_id, location_id FROM stock_reservations WHERE order_id = %(order)s) r
  USING (variant_id, location_id)
ORDER BY s.variant_id, s.location_id FOR UPDATE OF s
"""

# `ended` says how many units of which level are reserved no more; this releases them, or takes them off the stock.
SETTLED = """
summed AS (
    SELECT variant_id, location_id, sum(e.quantity)::int AS quantity,
           CASE WHEN %(leaves)s AND bool_and(s.tracked) THEN sum(e.quantity)::int ELSE 0 END AS gone
    FROM ended e JOIN stock_levels s USING (variant_id, location_id) GROUP BY 1, 2
), given AS (
    UPDATE stock_levels s SET reserved = s.reserved - e.quantity, on_hand = s.on_hand - e.gone
    FROM summed e WHERE s.variant_id = e.variant_id AND s.location_id = e.location_id
), explained AS (
    INSERT INTO stock_movements (variant_id, location_id, kind, on_hand_delta, reserved_delta, order_id, actor)
    SELECT variant_id, location_id, %(to)s, -gone, -quantity, %(order)s, %(actor)s
    FROM summed
)
SELECT count(*) FROM summed
"""

# A reservation ends once: only rows that are still reserved are moved, and only those are released.
END = f"""
WITH locked AS MATERIALIZED ({LOCKED}), ended AS (
    UPDATE stock_reservations r SET state = %(to)s
    FROM locked l
    WHERE r.order_id = %(order)s AND r.variant_id = l.variant_id AND r.location_id = l.location_id
      AND r.state IN ('held', 'confirmed')
    RETURNING r.variant_id, r.location_id, r.quantity
), {SETTLED}
"""  # noqa: S608 - made of constants

# Units are shipped from where they are; missing units are released first; else the oldest reservation ends first. If it
# ends in part, the rest stays in its row and what ended becomes a row of its own. The locks are taken before this
# statement, so that it sees what other transactions have committed.
END_VENDOR_ORDER = f"""
WITH wanted AS (
    SELECT variant_id, quantity, split_id
    FROM unnest(%(variants)s::uuid[], %(quantities)s::int[], %(ids)s::uuid[]) AS w(variant_id, quantity, split_id)
), ended AS (
    SELECT p.id, p.variant_id, p.location_id, p.promised, p.created_at, p.split_id,
           least(p.promised, p.wanted - p.before)::int AS quantity
    FROM (
        SELECT r.id, r.variant_id, r.location_id, r.quantity AS promised, r.created_at, w.quantity AS wanted,
               w.split_id, sum(r.quantity) OVER (
                   PARTITION BY r.variant_id ORDER BY (s.on_hand >= r.quantity OR NOT s.tracked) = %(leaves)s DESC, r.id
               ) - r.quantity AS before
        FROM stock_reservations r JOIN wanted w USING (variant_id) JOIN stock_levels s USING (variant_id, location_id)
        WHERE r.order_id = %(order)s AND r.state IN ('held', 'confirmed')
    ) p
    WHERE p.before < p.wanted
), whole AS (
    UPDATE stock_reservations r SET state = %(to)s FROM ended e WHERE r.id = e.id AND e.quantity = e.promised
), rest AS (
    UPDATE stock_reservations r SET quantity = r.quantity - e.quantity FROM ended e
    WHERE r.id = e.id AND e.quantity < e.promised
), split AS (
    INSERT INTO stock_reservations (id, order_id, variant_id, location_id, quantity, state, created_at)
    SELECT split_id, %(order)s, variant_id, location_id, quantity, %(to)s, created_at FROM ended
    WHERE quantity < promised
), {SETTLED}
"""  # noqa: S608 - made of constants


@dataclass(frozen=True, slots=True)
class _Ending:
    """How a reservation ends: the state it ends in, which is also the kind of the movement."""

    to: str
    leaves: bool = False


async def release(
    session: AsyncSession,
    order_id: UUID,
    *,
    actor: str,
    expired: bool = False,
    units: Mapping[UUID, int] | None = None,
) -> int:
    """Release what is still reserved for an order: all of it, or units of each variant.

    Releasing all again does nothing. Releasing units again releases more: the caller must not repeat it.

    Returns:
        How many levels changed.

    Raises:
        NotPromised: fewer units are reserved; nothing was released.
    """
    return await _end(session, order_id, _Ending("expired" if expired else "released"), units, actor)


async def ship(session: AsyncSession, order_id: UUID, *, actor: str, units: Mapping[UUID, int] | None = None) -> int:
    """Take an order's units off the stock: all that are still reserved, or a number of each variant.

    Taking all again does nothing. Taking units again takes more: the caller must not repeat it.

    Raises:
        NotPromised: fewer units are reserved; nothing was taken.
        UnitsMissing: back-ordered units have not arrived.
    """
    return await _end(session, order_id, _Ending("shipped", leaves=True), units, actor)


async def _end(
    session: AsyncSession, order_id: UUID, ending: _Ending, units: Mapping[UUID, int] | None, actor: str
) -> int:
    parameters = {"order": order_id, "to": ending.to, "leaves": ending.leaves, "actor": actor}
    connection = await driver(session)
    if units is None and ending.leaves:  # what leaves was reserved: what can be sold does not change
        return await _count(await connection.execute(END, parameters))
    concerned = [v for v, n in units.items() if n != 0] if units is not None else await promised(session, order_id)
    if not concerned:
        return 0
    before = await changes.lock(session, list(concerned))
    if units is None:
        ended = await _count(await connection.execute(END, parameters))
    else:
        units = {variant: units[variant] for variant in concerned}
        await _require_promised(session, order_id, units)
        batch = {"variants": list(units), "quantities": list(units.values()), "ids": [new_id() for _ in units]}
        ended = await _count(await connection.execute(END_VENDOR_ORDER, {**parameters, **batch}))
    await changes.announce_since(session, before)
    return ended


async def _require_promised(session: AsyncSession, order_id: UUID, units: Mapping[UUID, int]) -> None:
    left = await promised(session, order_id)
    short = [variant for variant, quantity in units.items() if not 0 < quantity <= left.get(variant, 0)]
    if short:
        lines = [{"variant_id": str(v), "requested": units[v], "promised": left.get(v, 0)} for v in short]
        raise NotPromised(lines=lines)


async def _count(cursor: AsyncCursor[TupleRow]) -> int:
    row = await cursor.fetchone()
    return row[0] if row else 0
