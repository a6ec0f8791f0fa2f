"""Reads of shipping zones for those who keep them."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.money import Money
from mercat.kit.pagination import PageParams
from mercat.kit.rows import required
from mercat.kit.sorts import numbered_page
from mercat.pricing.exceptions import MethodNotFound, ZoneNotFound
from mercat.pricing.models import ShippingArea, ShippingMethod, ShippingZone
from mercat.pricing.shipping.schemas import AreaRead, BandRead, MethodRead, ZoneRead


async def page(session: AsyncSession, params: PageParams) -> tuple[list[ZoneRead], int]:
    """Return a page of zones by name, and how many there are."""
    alive = select(ShippingZone).where(ShippingZone.deleted_at.is_(None))
    ordered = alive.order_by(func.lower(ShippingZone.name), ShippingZone.id)
    zones, total = await numbered_page(session, ordered, params)
    return await _read(session, list(zones.scalars())), total


async def zone(session: AsyncSession, zone_id: UUID) -> ZoneRead:
    """Return a zone.

    Raises:
        ZoneNotFound: there is none, or it was deleted.
    """
    return (await _read(session, [await find_zone(session, zone_id)]))[0]


async def find_zone(session: AsyncSession, zone_id: UUID, *, for_update: bool = False) -> ShippingZone:
    """Return a zone's row, locked on demand.

    Raises:
        ZoneNotFound: there is none, or it was deleted.
    """
    statement = select(ShippingZone).where(ShippingZone.id == zone_id, ShippingZone.deleted_at.is_(None))
    return await required(session, statement, ZoneNotFound, lock=for_update)


async def find_method(session: AsyncSession, method_id: UUID) -> ShippingMethod:
    """Return a method's row, locked.

    Raises:
        MethodNotFound: there is none, or it was deleted.
    """
    statement = select(ShippingMethod).where(ShippingMethod.id == method_id, ShippingMethod.deleted_at.is_(None))
    return await required(session, statement, MethodNotFound, lock=True)


def shown(row: ShippingMethod) -> MethodRead:
    """Return a method as operators see it."""
    bands = [BandRead.of(row.basis, band, row.currency) for band in row.bands]
    flat = row.basis == "flat"
    return MethodRead(
        id=row.id,
        zone_id=row.zone_id,
        code=row.code,
        name=row.name,
        vendor_id=row.vendor_id,
        basis=row.basis,
        price=bands[0].price if flat else None,
        bands=[] if flat else bands,
        free_from=None if row.free_from_minor is None else Money(row.free_from_minor, row.currency),
        tax_class=row.tax_class,
        position=row.position,
        is_active=row.is_active,
        version=row.version,
    )


async def _read(session: AsyncSession, zones: Sequence[ShippingZone]) -> list[ZoneRead]:
    ids = [row.id for row in zones]
    areas: dict[UUID, list[AreaRead]] = defaultdict(list)
    for area in await session.scalars(
        select(ShippingArea).where(ShippingArea.zone_id.in_(ids)).order_by(ShippingArea.id)
    ):
        areas[area.zone_id].append(AreaRead(country=area.country, region=area.region, postal_prefix=area.postal_prefix))
    methods: dict[UUID, list[MethodRead]] = defaultdict(list)
    for method in await session.scalars(
        select(ShippingMethod)
        .where(ShippingMethod.zone_id.in_(ids), ShippingMethod.deleted_at.is_(None))
        .order_by(ShippingMethod.position, ShippingMethod.id)
    ):
        methods[method.zone_id].append(shown(method))
    return [
        ZoneRead(id=row.id, name=row.name, areas=areas[row.id], methods=methods[row.id], version=row.version)
        for row in zones
    ]
