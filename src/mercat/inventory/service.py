"""Verbs that reserve stock for orders.

Levels are locked in the order of their keys, changed under a guard in the same statement, and explained by a movement
beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from psycopg import AsyncCursor
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.inventory import changes, queries
from mercat.inventory.exceptions import InsufficientStock
from mercat.kit.database import driver
from mercat.kit.ids import new_id

# One statement: lock in key order, choose, take only where enough remains, reserve, explain. What is locked is the
# newest version of a row, so that two buyers cannot both pass the guard.
# The order of a variant's levels is the rule: one that covers all units, the buyer's country, the vendor's priority.
# Each level gives what it has until there is enough; the first that allows back-orders reserves what is missing then.
RESERVE = """
WITH wanted AS (
    SELECT variant_id, quantity, reservation_id
    FROM unnest(%(variants)s::uuid[], %(quantities)s::int[], %(ids)s::uuid[]) AS w(variant_id, quantity, reservation_id)
), locked AS MATERIALIZED (
    SELECT variant_id, location_id, greatest(on_hand - reserved, 0) AS free, allow_backorder, active FROM stock_levels
    WHERE variant_id = ANY(%(variants)s::uuid[])
    ORDER BY variant_id, location_id FOR UPDATE
), ranked AS (
    SELECT k.variant_id, k.location_id, w.quantity, w.reservation_id, k.free, k.allow_backorder,
           row_number() OVER ranks AS place, sum(k.free) OVER ranks - k.free AS before
    FROM wanted w JOIN locked k USING (variant_id) JOIN stock_locations l ON l.id = k.location_id
    WHERE k.active
    WINDOW ranks AS (
        PARTITION BY k.variant_id
        ORDER BY k.free >= w.quantity DESC, coalesce(l.country = %(country)s::text, false) DESC, l.priority, l.id
        ROWS UNBOUNDED PRECEDING
    )
), shared AS (
    SELECT r.*, sum(free) OVER variant AS total,
           min(place) FILTER (WHERE allow_backorder) OVER variant AS backorder_place
    FROM ranked r WINDOW variant AS (PARTITION BY variant_id)
), shares AS (
    SELECT variant_id, location_id, reservation_id, place, total, quantity AS wanted,
           (least(free, greatest(quantity - before, 0))
            + CASE WHEN place = backorder_place THEN greatest(quantity - total, 0) ELSE 0 END)::int AS quantity
    FROM shared WHERE total >= quantity OR backorder_place IS NOT NULL
), taken AS (
    UPDATE stock_levels s SET reserved = s.reserved + a.quantity
    FROM shares a
    WHERE s.variant_id = a.variant_id AND s.location_id = a.location_id AND a.quantity > 0
      AND (s.allow_backorder OR s.on_hand - s.reserved >= a.quantity)
    RETURNING s.variant_id, s.location_id, a.quantity, a.reservation_id, a.place, a.total, a.wanted
), promised AS (
    INSERT INTO stock_reservations (id, order_id, variant_id, location_id, quantity)
    SELECT CASE WHEN place = min(place) OVER (PARTITION BY variant_id) THEN reservation_id
           -- of a promise split over several levels the others need ids too: the same moment, other random bits
           ELSE (left(reservation_id::text, 19) || right(gen_random_uuid()::text, 17))::uuid END,
           %(order)s, variant_id, location_id, quantity
    FROM taken
), explained AS (
    INSERT INTO stock_movements (variant_id, location_id, kind, reserved_delta, order_id, actor)
    SELECT variant_id, location_id, 'reserved', quantity, %(order)s, %(actor)s FROM taken
)
SELECT variant_id, min(total)::int, greatest(min(total) - min(wanted), 0)::int,
       (SELECT low_at FROM stock_low_at t WHERE t.variant_id = taken.variant_id)
FROM taken GROUP BY variant_id HAVING sum(quantity) = min(wanted)
"""

LOCK = "SELECT FROM stock_levels WHERE variant_id = ANY(%s) ORDER BY variant_id, location_id FOR UPDATE"
PROMISED = "SELECT EXISTS (SELECT FROM stock_reservations WHERE variant_id = ANY(%s))"
CONFIRM = "UPDATE stock_reservations SET state = 'confirmed' WHERE order_id = %s AND state = 'held'"


async def require(session: AsyncSession, wanted: Mapping[UUID, int]) -> None:
    """Reject what is sold out already, before anything is written for it. Nothing is locked: `reserve` decides.

    Raises:
        InsufficientStock: fewer units of some variant are available.
    """
    levels = await queries.availability(session, list(wanted))
    short = {variant: level for variant, level in levels.items() if not level.covers(wanted[variant])}
    if short:
        raise _shortage(short, wanted)


async def reserve(
    session: AsyncSession, order_id: UUID, wanted: Mapping[UUID, int], *, actor: str, country: str | None = None
) -> bool:
    """Reserve units for an order that goes to a country, all or nothing; see `begin_reserving`.

    Returns:
        Whether all units are on hand; else some were sold on back-order.

    Raises:
        InsufficientStock: fewer units of some variant are available; nothing was reserved.
    """
    return await (await begin_reserving(session, order_id, wanted, actor=actor, country=country)).settle()


class Reserving:
    """A reservation under way; `settle` says whether it was in time."""

    def __init__(self, session: AsyncSession, wanted: Mapping[UUID, int], cursor: AsyncCursor[TupleRow]) -> None:
        self.session, self.wanted, self.cursor = session, wanted, cursor

    async def settle(self) -> bool:
        """Wait for it, see `reserve`."""
        wanted, rows = self.wanted, await self.cursor.fetchall()
        if len(rows) < len(wanted):
            taken = {row[0] for row in rows}
            left = await queries.availability(
                self.session, [variant for variant in sorted(wanted) if variant not in taken]
            )
            raise _shortage(left, wanted)
        await changes.announce(self.session, [changes.Change(*row) for row in rows])
        return all(before >= wanted[variant] for variant, before, _, _ in rows)


async def begin_reserving(
    session: AsyncSession, order_id: UUID, wanted: Mapping[UUID, int], *, actor: str, country: str | None = None
) -> Reserving:
    """Begin to reserve units for an order. In a pipeline nothing waits for the answer yet.

    Locks the levels in key order: call it last before the commit, a popular variant is then held the shortest.
    """
    variants = sorted(wanted)
    connection = await driver(session)
    parameters = {
        "variants": variants,
        "quantities": [wanted[v] for v in variants],
        "ids": [new_id() for _ in variants],
        "country": country,
        "order": order_id,
        "actor": actor,
    }
    return Reserving(session, wanted, await connection.execute(RESERVE, parameters, prepare=True))


def _shortage(left: Mapping[UUID, queries.Availability], wanted: Mapping[UUID, int]) -> InsufficientStock:
    return InsufficientStock(
        lines=[
            {"variant_id": str(variant), "requested": wanted[variant], "available": level.available}
            for variant, level in left.items()
        ]
    )


async def hold(session: AsyncSession, variant_ids: Iterable[UUID]) -> None:
    """Lock all levels of these variants in key order, in one step, before several verbs that change some of them each.

    Without it two transactions that change the same ones one after the other may wait for each other.
    """
    await changes.lock(session, sorted(variant_ids))


async def ever_promised(session: AsyncSession, variant_ids: Sequence[UUID]) -> bool:
    """Whether units of any of them were ever reserved for an order.

    Locks the levels in key order: none can be reserved until the caller's transaction ends.
    """
    connection = await driver(session)
    await connection.execute(LOCK, (list(variant_ids),))
    row = await (await connection.execute(PROMISED, (list(variant_ids),))).fetchone()
    return bool(row and row[0])


async def confirm(session: AsyncSession, order_id: UUID) -> None:
    """Keep an order's reservation until it is shipped: it was paid and cannot expire any more."""
    await (await driver(session)).execute(CONFIRM, (order_id,))
