"""Reads of a vendor's stock."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import dict_row
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import inventory
from mercat.catalog.stock.schemas import StockListing, VendorLevelRead, VendorStockRead
from mercat.inventory import locations
from mercat.kit.database import driver, snapshot

FROM = """
FROM variants v JOIN products p ON p.id = v.product_id
LEFT JOIN LATERAL (
    SELECT available, in_stock, allow_backorder FROM variant_availability WHERE variant_id = v.id
) a ON true
LEFT JOIN stock_low_at t ON t.variant_id = v.id
WHERE v.vendor_id = %(vendor)s AND v.deleted_at IS NULL AND p.deleted_at IS NULL
"""
LISTED = f"""{FROM}
AND (%(q)s::text IS NULL OR p.name ILIKE %(q)s OR v.sku ILIKE %(q)s)
AND (%(location)s::uuid IS NULL OR EXISTS (
    SELECT FROM stock_levels s WHERE s.variant_id = v.id AND s.location_id = %(location)s))
AND (NOT %(low)s::bool OR coalesce(a.available, 0) <= coalesce(t.low_at, %(default)s::int))
"""
COLUMNS = """
SELECT v.id AS variant_id, v.product_id, p.name, array_to_string(v.options, ' / ') AS title, v.sku,
       coalesce(a.available, 0) AS available, coalesce(a.in_stock, false) AS in_stock,
       coalesce(a.allow_backorder, false) AS allow_backorder, coalesce(t.low_at, %(default)s::int) AS low_stock_at
"""
PAGE = f"{COLUMNS} {LISTED} ORDER BY {{order}} LIMIT %(limit)s OFFSET %(offset)s"
ORDERS: dict[str, LiteralString] = {
    "name": "lower(p.name), p.id, v.position, v.id",
    "-name": "lower(p.name) DESC, p.id DESC, v.position DESC, v.id DESC",
    "sku": "v.sku NULLS LAST, v.id",
    "-sku": "v.sku DESC NULLS LAST, v.id DESC",
    "available": "coalesce(a.available, 0), v.id",
    "-available": "coalesce(a.available, 0) DESC, v.id DESC",
}
COUNTED = f"SELECT count(*) {LISTED}"
NAMED = f"{COLUMNS} {FROM} AND v.id = ANY(%(variants)s) ORDER BY lower(p.name), p.id, v.position, v.id"
OWN = """
SELECT v.id, v.product_id FROM variants v JOIN products p ON p.id = v.product_id
WHERE v.id = ANY(%s) AND v.vendor_id = %s AND v.deleted_at IS NULL AND p.deleted_at IS NULL
"""


async def page(session: AsyncSession, vendor_id: UUID, listing: StockListing) -> tuple[list[VendorStockRead], int]:
    """Return a page of a vendor's variants, and how many there are."""
    letters = listing.q and "%" + listing.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    parameters = {
        "vendor": vendor_id,
        "q": letters,
        "location": listing.location,
        "low": listing.low,
        "default": inventory.default_threshold(),
        "limit": listing.size,
        "offset": listing.offset,
    }
    connection = await driver(session)
    async with snapshot(session):  # or what is available and what lies where would contradict each other
        total = await (await connection.execute(COUNTED, parameters)).fetchone()
        wanted = PAGE.format(order=ORDERS[listing.sort])
        found = await (await connection.cursor(row_factory=dict_row).execute(wanted, parameters)).fetchall()
        return await _with_levels(session, vendor_id, found), total[0] if total else 0


async def of_variants(session: AsyncSession, vendor_id: UUID, variant_ids: Collection[UUID]) -> list[VendorStockRead]:
    """Return the stock of these variants of a vendor."""
    parameters = {"vendor": vendor_id, "variants": list(variant_ids), "default": inventory.default_threshold()}
    connection = await driver(session)
    async with snapshot(session):
        found = await (await connection.cursor(row_factory=dict_row).execute(NAMED, parameters)).fetchall()
        return await _with_levels(session, vendor_id, found)


async def own_variants(session: AsyncSession, vendor_id: UUID, variant_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return those of these variants that a vendor sells, with their products."""
    rows = await (await driver(session)).execute(OWN, (list(variant_ids), vendor_id))
    return {row[0]: row[1] async for row in rows}


@dataclass(frozen=True, slots=True)
class LowVariant:
    """A variant that runs low."""

    name: str
    title: str
    sku: str | None
    available: int


async def running_low(session: AsyncSession, vendor_id: UUID, variant_ids: Collection[UUID]) -> list[LowVariant]:
    """Return those of these variants that are still low, and sold by the vendor."""
    found = await of_variants(session, vendor_id, variant_ids)
    return [LowVariant(one.name, one.title, one.sku, one.available) for one in found if one.low]


async def _with_levels(
    session: AsyncSession, vendor_id: UUID, rows: Sequence[Mapping[str, Any]]
) -> list[VendorStockRead]:
    places = {place.id: place for place in await locations.of_vendor(session, vendor_id)}
    by_variant: dict[UUID, list[inventory.Level]] = defaultdict(list)
    for level in await inventory.levels(session, [row["variant_id"] for row in rows]):
        by_variant[level.variant_id].append(level)
    order = {location_id: number for number, location_id in enumerate(places)}
    found = []
    for row in rows:
        here = [level for level in by_variant[row["variant_id"]] if level.location_id in places]
        levels = sorted(here, key=lambda level: order[level.location_id])
        found.append(
            VendorStockRead(
                **{**row, "title": row["title"] or "Default"},
                on_hand=sum(level.on_hand for level in levels),
                reserved=sum(level.reserved for level in levels),
                backordered=sum(max(level.reserved - level.on_hand, 0) for level in levels),
                low=row["low_stock_at"] is not None and row["available"] <= row["low_stock_at"],
                version=inventory.version_of(by_variant[row["variant_id"]]),
                levels=[_level(level, places[level.location_id]) for level in levels],
            )
        )
    return found


def _level(level: inventory.Level, place: locations.LocationRead) -> VendorLevelRead:
    return VendorLevelRead(
        location_id=place.id,
        code=place.code,
        on_hand=level.on_hand,
        reserved=level.reserved,
        available=max(level.on_hand - level.reserved, 0) if place.active else 0,
        allow_backorder=level.allow_backorder,
    )
