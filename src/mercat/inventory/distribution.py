"""Counts of a whole variant whose vendor has several locations: more is added to the first, less taken off the last."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.inventory import changes
from mercat.inventory.counts import LevelCount, StockedVariant
from mercat.inventory.models import MAIN_LOCATION
from mercat.kit.database import driver

WITH_LOCATIONS = "SELECT DISTINCT vendor_id FROM stock_locations WHERE vendor_id = ANY(%s) AND deleted_at IS NULL"
PLACES = """
SELECT v.id, l.id, coalesce(s.on_hand - s.reserved, 0), s.variant_id IS NOT NULL, coalesce(s.tracked, true)
FROM unnest(%s::uuid[], %s::uuid[]) AS v(id, vendor_id)
JOIN stock_locations l ON (l.vendor_id = v.vendor_id OR l.id = %s) AND l.active AND l.deleted_at IS NULL
LEFT JOIN stock_levels s ON s.variant_id = v.id AND s.location_id = l.id
ORDER BY v.id, l.priority, l.id
"""


@dataclass(frozen=True, slots=True)
class Place:
    """An open location of a variant's vendor, the first one first: its free units, and whether it ever held any."""

    variant: StockedVariant
    location_id: UUID
    free: int
    stocked: bool
    tracked: bool = True


async def with_locations(session: AsyncSession, vendor_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these vendors that have locations of their own."""
    rows = await (await driver(session)).execute(WITH_LOCATIONS, (list(vendor_ids),))
    return {row[0] async for row in rows}


async def places(session: AsyncSession, variants: Sequence[StockedVariant]) -> dict[UUID, list[Place]]:
    """Return the open locations of these variants' vendors. Locks all levels of the variants in key order."""
    known = {variant.id: variant for variant in variants}
    await changes.lock(session, list(known))
    vendors = [variant.vendor_id for variant in known.values()]
    rows = await (await driver(session)).execute(PLACES, (list(known), vendors, MAIN_LOCATION))
    found = [Place(known[row[0]], *row[1:]) for row in await rows.fetchall()]
    return {variant.id: list(group) for variant, group in groupby(found, key=lambda place: place.variant)}


def spread(
    places: Sequence[Place], available: int | None, *, allow_backorder: bool | None, tracked: bool | None = None
) -> list[LevelCount]:
    """Return the counts that make so many units available over all of a variant's locations.

    Back-orders are allowed at the first location, and forbidden at all of them. Untracked ones: see `StockCount`.
    """
    if tracked is None and available is not None:
        tracked = True
    elif tracked is None and allow_backorder and not any(place.stocked for place in places):
        tracked = False
    free = {place: max(place.free, 0) for place in places}
    missing = 0 if available is None else available - sum(free.values())
    wanted = {places[0]: free[places[0]] + max(missing, 0)}
    gone = max(-missing, 0)
    for place in reversed(places):
        taken = min(free[place], gone)
        wanted[place] = wanted.get(place, free[place]) - taken
        gone -= taken
    counts = []
    for place in places:
        counted = wanted[place] if available is not None and wanted[place] != place.free else None
        concerned = place is places[0] if allow_backorder else place.stocked
        backorder = allow_backorder if concerned else None
        known = place is places[0] or place.stocked
        changed = tracked if known and tracked not in (None, place.tracked) else None
        if counted is not None or backorder is not None or changed is not None:
            counts.append(LevelCount(place.variant, place.location_id, None, counted, backorder, changed))
    return counts
