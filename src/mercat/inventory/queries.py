"""Reads about stock.

Availability has one formula, the view `variant_availability` (variant_id, available, in_stock, allow_backorder), which
the SQL of other domains may join. So may they `stock_low_at` (variant_id, low_at): the low-stock threshold that the
vendor has set, else null; and `stock_backorders` (order_id, variant_id, units): what is reserved for an
order and has still to arrive, first come, first served.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.inventory.models import StockLevel, StockMovement
from mercat.kit.database import driver

PROMISED = """
SELECT variant_id, sum(quantity)::int FROM stock_reservations
WHERE order_id = %s AND state IN ('held', 'confirmed') GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Availability:
    """How many units can be sold right now, and whether more may be reserved."""

    available: int = 0
    allow_backorder: bool = False

    def covers(self, quantity: int) -> bool:
        """Whether this many can be sold."""
        return self.allow_backorder or quantity <= self.available


@dataclass(frozen=True, slots=True)
class Recount:
    """What could be sold of a variant before it was counted, and after."""

    before: Availability
    after: Availability


@dataclass(frozen=True, slots=True)
class Level:
    """The stock of a variant at a location."""

    variant_id: UUID
    location_id: UUID
    on_hand: int
    reserved: int
    allow_backorder: bool
    tracked: bool = True


@dataclass(frozen=True, slots=True)
class Movement:
    """Why a level is what it is."""

    kind: str
    on_hand_delta: int
    reserved_delta: int
    order_id: UUID | None
    actor: str
    note: str
    at: datetime


async def availability(session: AsyncSession, variant_ids: Sequence[UUID]) -> dict[UUID, Availability]:
    """Return what is available of each variant; one without a level has none."""
    connection = await driver(session)
    rows = await connection.execute(
        "SELECT variant_id, available, allow_backorder FROM variant_availability WHERE variant_id = ANY(%s)",
        (list(variant_ids),),
    )
    found = {row[0]: Availability(row[1], row[2]) async for row in rows}
    return {variant_id: found.get(variant_id, Availability()) for variant_id in variant_ids}


async def promised(session: AsyncSession, order_id: UUID) -> dict[UUID, int]:
    """Return how many units of each variant are still reserved for an order, neither shipped nor released."""
    rows = await (await driver(session)).execute(PROMISED, (order_id,))
    return {row[0]: row[1] async for row in rows}


async def levels(session: AsyncSession, variant_ids: Sequence[UUID]) -> list[Level]:
    """Return the levels of these variants at every location."""
    rows = await session.scalars(
        select(StockLevel)
        .where(StockLevel.variant_id.in_(variant_ids))
        .order_by(StockLevel.variant_id, StockLevel.location_id)
        .execution_options(populate_existing=True)  # as they are now, though the session may have seen them before
    )
    return [Level(r.variant_id, r.location_id, r.on_hand, r.reserved, r.allow_backorder, r.tracked) for r in rows]


def version_of(levels: Iterable[Level]) -> str:
    """Return a value that differs as soon as a level of a variant has changed; an order changes it too."""
    said = sorted(
        f"{one.location_id} {one.on_hand} {one.reserved} {one.allow_backorder} {one.tracked}" for one in levels
    )
    return sha256("\n".join(said).encode()).hexdigest()[:16]


async def movements(session: AsyncSession, variant_id: UUID, *, limit: int = 100) -> list[Movement]:
    """Return the latest movements of a variant, newest first."""
    rows = await session.scalars(
        select(StockMovement)
        .where(StockMovement.variant_id == variant_id)
        .order_by(StockMovement.id.desc())
        .limit(limit)
    )
    return [Movement(r.kind, r.on_hand_delta, r.reserved_delta, r.order_id, r.actor, r.note, r.at) for r in rows]
