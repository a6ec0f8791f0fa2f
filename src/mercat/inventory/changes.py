"""Changes of what can be sold of a variant: the events, and how both sides of a change are read without a gap.

A change of what can be sold locks all levels of the variant, in the order of their keys. So the sum over its
locations is exact before and after, and two changes never both think that they were the one that crossed a line.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import outbox, realtime
from mercat.inventory import realtime_stock
from mercat.inventory.config import settings
from mercat.inventory.events import BackInStock, SoldOut, StockLow
from mercat.kit.database import driver

MOST_VARIANTS = 5_000
"""Variants of one event: its listeners query the database about all of them at once."""
LOCK = """
WITH locked AS MATERIALIZED (
    SELECT variant_id, on_hand, reserved, active, allow_backorder FROM stock_levels WHERE variant_id = ANY(%s)
    ORDER BY variant_id, location_id FOR UPDATE
)
SELECT variant_id, coalesce(sum(greatest(on_hand - reserved, 0)) FILTER (WHERE active), 0)::int,
       coalesce(bool_or(allow_backorder) FILTER (WHERE active), false)
FROM locked GROUP BY 1
"""
NOW = """
SELECT v.id, coalesce(a.available, 0), t.low_at, coalesce(a.allow_backorder, false)
FROM unnest(%s::uuid[]) AS v(id)
LEFT JOIN LATERAL (SELECT available, allow_backorder FROM variant_availability WHERE variant_id = v.id) a ON true
LEFT JOIN stock_low_at t ON t.variant_id = v.id
"""
VENDORS = "SELECT DISTINCT vendor_id, variant_id FROM stock_levels WHERE variant_id = ANY(%s) ORDER BY 1, 2"


@dataclass(frozen=True, slots=True)
class Sellable:
    """How many units of a variant can be sold, and whether more are sold on back-order."""

    units: int
    on_backorder: bool


@dataclass(frozen=True, slots=True)
class Change:
    """How many units could be sold before and after, and the vendor's low-stock threshold, if it has set one.

    Whether more could and can be sold on back-order matters where nothing else changes.
    """

    variant_id: UUID
    before: int
    after: int
    low_at: int | None
    was_on_backorder: bool = False
    is_on_backorder: bool = False

    @property
    def rose_from_nothing(self) -> bool:
        """Whether it can be sold again."""
        allowed = self.is_on_backorder and not self.was_on_backorder
        return self.before == 0 and (self.after > 0 or allowed)

    @property
    def fell_to_nothing(self) -> bool:
        """Whether it cannot be sold any more."""
        ended = self.was_on_backorder and not self.is_on_backorder
        return self.after == 0 and (self.before > 0 or ended)

    @property
    def shows(self) -> bool:
        """Whether pages of it look different."""
        return (self.before, self.was_on_backorder) != (self.after, self.is_on_backorder)

    @property
    def fell_low(self) -> bool:
        """Whether it has just run low."""
        low_at = (settings().low_stock_at or None) if self.low_at is None else self.low_at
        return low_at is not None and self.after <= low_at < self.before


async def lock(session: AsyncSession, variant_ids: Sequence[UUID]) -> dict[UUID, Sellable]:
    """Lock all levels of these variants in key order; returns what can be sold of each that has one."""
    rows = await (await driver(session)).execute(LOCK, (list(variant_ids),))
    return {row[0]: Sellable(row[1], row[2]) async for row in rows}


async def announce_since(session: AsyncSession, before: Mapping[UUID, Sellable]) -> None:
    """Announce what has changed since `lock` returned `before`."""
    if before:
        rows = await (await driver(session)).execute(NOW, (list(before),))
        found = [
            Change(variant, before[variant].units, after, low_at, before[variant].on_backorder, on_backorder)
            async for variant, after, low_at, on_backorder in rows
        ]
        await announce(session, found)


async def announce(session: AsyncSession, changes: Iterable[Change]) -> None:
    """Publish what can be sold again, and tell vendors what runs low, in the caller's transaction.

    Open pages hear of every change, after the commit.
    """
    changes = list(changes)
    realtime.changed(session, realtime_stock.describe, [change.variant_id for change in changes if change.shows])
    risen = tuple(change.variant_id for change in changes if change.rose_from_nothing)
    fallen = tuple(change.variant_id for change in changes if change.fell_to_nothing)
    for event, variants in ((BackInStock, risen), (SoldOut, fallen)):
        for start in range(0, len(variants), MOST_VARIANTS):
            await outbox.publish(session, event(variant_ids=variants[start : start + MOST_VARIANTS]))
    low = [change.variant_id for change in changes if change.fell_low]
    if low:
        by_vendor: dict[UUID, list[UUID]] = defaultdict(list)
        async for vendor_id, variant_id in await (await driver(session)).execute(VENDORS, (low,)):
            by_vendor[vendor_id].append(variant_id)
        for vendor_id, variant_ids in by_vendor.items():
            await outbox.publish(session, StockLow(vendor_id=vendor_id, variant_ids=tuple(variant_ids)))
