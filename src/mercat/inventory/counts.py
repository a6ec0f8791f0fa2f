"""Counts at a location: what is on hand there, or what of it can be sold, and whether more may be reserved."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.inventory import changes, queries
from mercat.inventory.exceptions import BelowReserved, NotThere
from mercat.inventory.queries import Level, Recount
from mercat.kit.conditional import require_match
from mercat.kit.database import driver

OPEN = """
INSERT INTO stock_levels (variant_id, location_id, product_id, vendor_id, active)
SELECT k.variant_id, k.location_id, k.product_id, k.vendor_id, l.active
FROM unnest(%(variants)s::uuid[], %(locations)s::uuid[], %(products)s::uuid[], %(vendors)s::uuid[])
    AS k(variant_id, location_id, product_id, vendor_id) JOIN stock_locations l ON l.id = k.location_id
ORDER BY 1, 2 ON CONFLICT DO NOTHING RETURNING variant_id, location_id
"""
SET = """
WITH counted AS (
    SELECT * FROM unnest(%(variants)s::uuid[], %(locations)s::uuid[], %(on_hand)s::int[], %(backorder)s::bool[],
        %(tracked)s::bool[], %(deltas)s::int[], %(kinds)s::text[])
        AS c(variant_id, location_id, on_hand, allow_backorder, tracked, delta, kind)
), laid AS (
    UPDATE stock_levels s SET on_hand = c.on_hand, allow_backorder = c.allow_backorder, tracked = c.tracked
    FROM counted c WHERE s.variant_id = c.variant_id AND s.location_id = c.location_id
)
INSERT INTO stock_movements (variant_id, location_id, kind, on_hand_delta, actor, note)
SELECT variant_id, location_id, kind, delta, %(actor)s, %(note)s FROM counted WHERE delta <> 0
ORDER BY variant_id, location_id
"""


@dataclass(frozen=True, slots=True)
class StockedVariant:
    """A variant, whose product it is and whose stock: what a level is opened with, and none of it ever changes."""

    id: UUID
    product_id: UUID
    vendor_id: UUID


@dataclass(frozen=True, slots=True)
class LevelCount:
    """How many units are on hand at a location, or how many of them can be sold; None leaves each unchanged."""

    variant: StockedVariant
    location_id: UUID
    on_hand: int | None = None
    available: int | None = None
    allow_backorder: bool | None = None
    tracked: bool | None = None
    delta: int = 0
    """A change by a difference; instead of a count."""

    @property
    def key(self) -> tuple[UUID, UUID]:
        """Which level is meant."""
        return self.variant.id, self.location_id

    def changed(self, level: Level) -> Level:
        """Return the level as it is after the change."""
        on_hand = level.on_hand if self.on_hand is None else self.on_hand
        if self.available is not None:
            on_hand = self.available + level.reserved
        on_hand += self.delta
        counted = self.on_hand is not None or self.available is not None
        tracked = (level.tracked or counted) if self.tracked is None else self.tracked
        # what was sold without being counted was untracked until now
        kept = level.allow_backorder and (level.tracked or not counted)
        backorder = kept if self.allow_backorder is None else self.allow_backorder
        return Level(level.variant_id, level.location_id, on_hand, level.reserved, backorder, tracked)


async def require_unchanged(session: AsyncSession, variant_id: UUID, if_match: str | None) -> None:
    """Reject a change of the stock of a variant that differs from what the client has read. Locks its levels then.

    Raises:
        PreconditionFailed: it has changed.
    """
    if if_match is not None:
        await changes.lock(session, [variant_id])
        require_match(if_match, f'"{queries.version_of(await queries.levels(session, [variant_id]))}"')


async def count_levels(
    session: AsyncSession, counts: Sequence[LevelCount], *, actor: str, note: str
) -> dict[UUID, Recount]:
    """Set levels to their counts, all or nothing; each may be counted once. Returns what could be sold, and can.

    Locks all levels of the variants in key order.

    Raises:
        NotThere: fewer than zero units would be on hand.
        BelowReserved: reserved units would be missing, and back-orders are not allowed.
    """
    counts = sorted(counts, key=lambda count: count.key)
    variants = list(dict.fromkeys(count.variant.id for count in counts))
    connection = await driver(session)
    opened = {
        "variants": [count.variant.id for count in counts],
        "locations": [count.location_id for count in counts],
        "products": [count.variant.product_id for count in counts],
        "vendors": [count.variant.vendor_id for count in counts],
    }
    fresh = {(row[0], row[1]) async for row in await connection.execute(OPEN, opened)}
    sold_before = await changes.lock(session, variants)
    before = await queries.availability(session, variants)
    found = {(level.variant_id, level.location_id): level for level in await queries.levels(session, variants)}
    await _write(session, [(found[c.key], c.changed(found[c.key])) for c in counts], fresh, actor, note)
    await changes.announce_since(session, sold_before)
    after = await queries.availability(session, variants)
    return {variant: Recount(before[variant], after[variant]) for variant in variants}


async def _write(
    session: AsyncSession,
    pairs: Sequence[tuple[Level, Level]],
    fresh: set[tuple[UUID, UUID]],
    actor: str,
    note: str,
) -> None:
    gone = [(old, new) for old, new in pairs if new.on_hand < 0]
    if gone:
        raise NotThere(
            lines=[
                {"variant_id": str(old.variant_id), "requested": old.on_hand - new.on_hand, "available": old.on_hand}
                for old, new in gone
            ]
        )
    short = [new for old, new in pairs if new.on_hand < new.reserved and not new.allow_backorder and new != old]
    if short:
        raise BelowReserved(
            lines=[
                {"variant_id": str(v.variant_id), "location_id": str(v.location_id), "reserved": v.reserved}
                for v in short
            ]
        )
    parameters = {
        "variants": [new.variant_id for _, new in pairs],
        "locations": [new.location_id for _, new in pairs],
        "on_hand": [new.on_hand for _, new in pairs],
        "backorder": [new.allow_backorder for _, new in pairs],
        "tracked": [new.tracked for _, new in pairs],
        "deltas": [new.on_hand - old.on_hand for old, new in pairs],
        "kinds": ["received" if (n.variant_id, n.location_id) in fresh else "adjusted" for _, n in pairs],
        "actor": actor,
        "note": note,
    }
    await (await driver(session)).execute(SET, parameters)
