"""Low-stock thresholds of vendors, in units.

A variant's own threshold holds, else its vendor's, else the marketplace's. The view `stock_low_at` has
the first two.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.inventory.config import settings
from mercat.kit.database import driver

READ = "SELECT variant_id, low_at FROM stock_thresholds WHERE variant_id = ANY(%s)"
SET = """
INSERT INTO stock_thresholds (variant_id, low_at)
SELECT * FROM unnest(%s::uuid[], %s::int[]) AS t(variant_id, low_at) ORDER BY 1
ON CONFLICT (variant_id) DO UPDATE SET low_at = excluded.low_at
"""
LOCK_VENDOR = "SELECT 1 FROM vendors WHERE id = %s FOR NO KEY UPDATE"
"""A vendor without a threshold has no row: the vendor's own is locked."""
DEFAULT_OF = "SELECT low_at FROM stock_defaults WHERE vendor_id = %s"
SET_DEFAULT = """
INSERT INTO stock_defaults (vendor_id, low_at) VALUES (%s, %s)
ON CONFLICT (vendor_id) DO UPDATE SET low_at = excluded.low_at
"""
CLEAR_DEFAULT = "DELETE FROM stock_defaults WHERE vendor_id = %s"
CLEAR = "DELETE FROM stock_thresholds WHERE variant_id = ANY(%s)"


def default_threshold() -> int | None:
    """Return the threshold of vendors that set none, or None: no vendor is told."""
    return settings().low_stock_at or None


async def thresholds(session: AsyncSession, variant_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return the thresholds that vendors have set for these variants."""
    return {row[0]: row[1] async for row in await (await driver(session)).execute(READ, (list(variant_ids),))}


async def set_thresholds(session: AsyncSession, wanted: Mapping[UUID, int | None]) -> None:
    """Set when variants run low; None resets to the vendor's threshold. Low ones are told at their next fall."""
    connection = await driver(session)
    said = {variant: wanted[variant] for variant in sorted(wanted) if wanted[variant] is not None}
    if said:
        await connection.execute(SET, (list(said), list(said.values())))
    cleared = [variant for variant, low_at in wanted.items() if low_at is None]
    if cleared:
        await connection.execute(CLEAR, (cleared,))


async def vendor_threshold(session: AsyncSession, vendor_id: UUID, *, for_update: bool = False) -> int | None:
    """Return a vendor's threshold for all of its variants, or None; locks the vendor on demand."""
    connection = await driver(session)
    if for_update:
        await connection.execute(LOCK_VENDOR, (vendor_id,))
    row = await (await connection.execute(DEFAULT_OF, (vendor_id,))).fetchone()
    return row[0] if row else None


async def set_vendor_threshold(session: AsyncSession, vendor_id: UUID, low_at: int | None) -> None:
    """Set a vendor's threshold for variants that have none of their own; None resets to the marketplace's."""
    connection = await driver(session)
    if low_at is None:
        await connection.execute(CLEAR_DEFAULT, (vendor_id,))
    else:
        await connection.execute(SET_DEFAULT, (vendor_id, low_at))
