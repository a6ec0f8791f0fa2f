"""Counts of many variants at once, from a feed: set-based, one movement per level that changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.inventory import changes, distribution
from mercat.inventory.counts import StockedVariant, count_levels
from mercat.inventory.models import MAIN_LOCATION
from mercat.inventory.queries import Availability, Recount
from mercat.kit.database import driver


@dataclass(frozen=True, slots=True)
class StockCount:
    """How many units of a variant are to be available, and whether more may be reserved.

    None leaves either unchanged; a new level has none and allows none. An untracked level is sold without being
    counted. A count makes it tracked, and with it back-orders end unless they are allowed anew. A new level for which
    back-orders are allowed and nothing was counted is not tracked.
    """

    variant: StockedVariant
    available: int | None
    allow_backorder: bool | None = None
    tracked: bool | None = None


RECEIVE = """
WITH before AS MATERIALIZED (
    SELECT s.variant_id, s.on_hand, s.reserved, s.allow_backorder, s.tracked FROM stock_levels s
    WHERE s.variant_id = ANY(%(variants)s::uuid[]) AND s.location_id = %(location)s
    ORDER BY s.variant_id, s.location_id FOR UPDATE
), counted AS (
    SELECT c.variant_id, c.product_id, c.vendor_id, coalesce(c.available, b.on_hand - b.reserved, 0) AS available,
           coalesce(c.allow_backorder, b.allow_backorder AND (b.tracked OR c.available IS NULL), false)
               AS allow_backorder,
           coalesce(c.tracked, c.available IS NOT NULL OR coalesce(b.tracked, c.allow_backorder IS NOT TRUE)) AS tracked
    FROM unnest(%(variants)s::uuid[], %(products)s::uuid[], %(vendors)s::uuid[], %(available)s::int[],
        %(backorder)s::bool[], %(tracked)s::bool[])
        AS c(variant_id, product_id, vendor_id, available, allow_backorder, tracked)
    LEFT JOIN before b USING (variant_id)
), differing AS (
    SELECT c.variant_id, c.product_id, c.vendor_id, c.available + coalesce(b.reserved, 0) AS on_hand,
           c.allow_backorder, c.tracked, c.available + coalesce(b.reserved, 0) - coalesce(b.on_hand, 0) AS delta,
           b.variant_id IS NULL AS fresh, c.available, coalesce(b.on_hand - b.reserved, 0) AS was_available,
           coalesce(b.allow_backorder, false) AS allowed_backorder
    FROM counted c LEFT JOIN before b USING (variant_id)
    WHERE b.variant_id IS NULL OR b.on_hand - b.reserved <> c.available OR b.allow_backorder <> c.allow_backorder
       OR b.tracked <> c.tracked
), changed AS (
    INSERT INTO stock_levels (variant_id, location_id, product_id, vendor_id, on_hand, allow_backorder, tracked)
    SELECT variant_id, %(location)s, product_id, vendor_id, on_hand, allow_backorder, tracked FROM differing
    ON CONFLICT (variant_id, location_id)
    DO UPDATE SET on_hand = excluded.on_hand, allow_backorder = excluded.allow_backorder, tracked = excluded.tracked
), explained AS (
    INSERT INTO stock_movements (variant_id, location_id, kind, on_hand_delta, actor, note)
    SELECT variant_id, %(location)s, CASE WHEN fresh THEN 'received' ELSE 'adjusted' END, delta, %(actor)s, %(note)s
    FROM differing WHERE delta <> 0
)
SELECT d.variant_id, was_available, allowed_backorder, available, allow_backorder, fresh, t.low_at
FROM differing d LEFT JOIN stock_low_at t USING (variant_id)
"""


async def receive_counts(
    session: AsyncSession, counts: Sequence[StockCount], *, actor: str, note: str
) -> dict[UUID, Recount]:
    """Set each variant's available units to its count; a level that already matches stays untouched.

    A count below what is available lowers it; reserved units stay reserved. Of a vendor with several locations see
    `distribution`. Returns what changed.
    """
    if not counts:
        return {}
    # one movement explains one level: a variant counted twice would hide one of the counts
    by_variant = {count.variant.id: count for count in counts}
    elsewhere = await distribution.with_locations(session, {count.variant.vendor_id for count in counts})
    spread = [by_variant.pop(v) for v in sorted(by_variant) if by_variant[v].variant.vendor_id in elsewhere]
    changed = await _spread(session, spread, actor, note) if spread else {}
    if not by_variant:
        return changed
    return changed | await _receive(session, list(by_variant.values()), actor, note)


async def _spread(session: AsyncSession, counts: Sequence[StockCount], actor: str, note: str) -> dict[UUID, Recount]:
    """Count variants of vendors with locations of their own."""
    places = await distribution.places(session, [count.variant for count in counts])
    lines = [
        line
        for count in counts
        for line in distribution.spread(
            places[count.variant.id], count.available, allow_backorder=count.allow_backorder, tracked=count.tracked
        )
    ]
    return await count_levels(session, lines, actor=actor, note=note) if lines else {}


async def _receive(session: AsyncSession, counts: Sequence[StockCount], actor: str, note: str) -> dict[UUID, Recount]:
    """Count variants of vendors that have all of their stock at the main location: one statement for all."""
    connection = await driver(session)
    rows = await connection.execute(
        RECEIVE,
        {
            "variants": [c.variant.id for c in counts],
            "products": [c.variant.product_id for c in counts],
            "vendors": [c.variant.vendor_id for c in counts],
            "available": [c.available for c in counts],
            "backorder": [c.allow_backorder for c in counts],
            "tracked": [c.tracked for c in counts],
            "location": MAIN_LOCATION,
            "actor": actor,
            "note": note,
        },
    )
    found = await rows.fetchall()
    # no alert waits for what has never been on a shelf
    known = [
        changes.Change(variant, max(was_available, 0), max(available, 0), low_at, allowed_backorder, allow_backorder)
        for variant, was_available, allowed_backorder, available, allow_backorder, fresh, low_at in found
        if not fresh
    ]
    await changes.announce(session, known)
    return {row[0]: Recount(Availability(*row[1:3]), Availability(*row[3:5])) for row in found}
