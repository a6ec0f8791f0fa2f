"""Verbs of operators on shipping zones and methods."""

from uuid import UUID

from sqlalchemy import delete as delete_rows
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.conditional import require_match, version_etag
from mercat.kit.ids import new_id
from mercat.kit.money import default_currency
from mercat.pricing.destination import prefix_of
from mercat.pricing.models import ShippingArea, ShippingMethod, ShippingZone
from mercat.pricing.shipping import queries
from mercat.pricing.shipping.schemas import MethodRead, MethodWrite, ZoneRead, ZoneWrite

PLAIN = ("code", "name", "vendor_id", "basis", "tax_class", "position", "is_active")
IN_THE_LOG = (*PLAIN, "price", "free_from")


async def create_zone(session: AsyncSession, actor: Actor, new: ZoneWrite) -> ZoneRead:
    """Make a zone. An area of another zone is a conflict."""
    zone = ShippingZone(id=new_id(), name=new.name, version=1)
    session.add(zone)
    await session.flush()
    await _draw(session, zone.id, new)
    made = await queries.zone(session, zone.id)
    await audit.record(session, actor, "shipping_zone.created", zone.id, changes=audit.difference({}, _state(made)))
    return made


async def replace_zone(
    session: AsyncSession, actor: Actor, zone_id: UUID, new: ZoneWrite, *, if_match: str | None
) -> ZoneRead:
    """Make a zone's name and areas what `new` says; its methods stay.

    Raises:
        ZoneNotFound, PreconditionFailed: what the names say.
    """
    zone = await queries.find_zone(session, zone_id, for_update=True)
    require_match(if_match, version_etag(zone.version))
    before = await queries.zone(session, zone_id)
    zone.name = new.name
    zone.version += 1
    await session.flush()
    await _draw(session, zone_id, new)
    after = await queries.zone(session, zone_id)
    changes = audit.difference(_state(before), _state(after))
    await audit.record(session, actor, "shipping_zone.updated", zone_id, changes=changes)
    return after


async def delete_zone(session: AsyncSession, actor: Actor, zone_id: UUID, *, if_match: str | None) -> None:
    """Take a zone away, with its methods; its areas can be another's."""
    zone = await queries.find_zone(session, zone_id, for_update=True)
    require_match(if_match, version_etag(zone.version))
    zone.deleted_at = clock.now()
    await session.flush()
    await session.execute(
        update(ShippingMethod)
        .where(ShippingMethod.zone_id == zone_id, ShippingMethod.deleted_at.is_(None))
        .values(deleted_at=zone.deleted_at)
    )
    await session.execute(delete_rows(ShippingArea).where(ShippingArea.zone_id == zone_id))
    await audit.record(session, actor, "shipping_zone.deleted", zone_id)


async def add_method(session: AsyncSession, actor: Actor, zone_id: UUID, new: MethodWrite) -> MethodRead:
    """Offer a way of shipping in a zone.

    Raises:
        ZoneNotFound: there is no such zone. By constraint MethodTaken, UnknownScope: of the code, of the vendor.
    """
    await queries.find_zone(session, zone_id, for_update=True)
    method = ShippingMethod(id=new_id(), zone_id=zone_id, version=1)
    _write(method, new)
    session.add(method)
    await session.flush()
    made = queries.shown(method)
    changes = audit.difference({}, _terms(made))
    await audit.record(session, actor, "shipping_method.created", method.id, changes=changes)
    return made


async def replace_method(
    session: AsyncSession, actor: Actor, method_id: UUID, new: MethodWrite, *, if_match: str | None
) -> MethodRead:
    """Make a method what `new` says.

    Raises:
        MethodNotFound, PreconditionFailed: what the names say.
    """
    method = await queries.find_method(session, method_id)
    require_match(if_match, version_etag(method.version))
    before = queries.shown(method)
    _write(method, new)
    method.version += 1
    await session.flush()
    after = queries.shown(method)
    changes = audit.difference(_terms(before), _terms(after))
    await audit.record(session, actor, "shipping_method.updated", method_id, changes=changes)
    return after


async def delete_method(session: AsyncSession, actor: Actor, method_id: UUID, *, if_match: str | None) -> None:
    """Offer a method no more."""
    method = await queries.find_method(session, method_id)
    require_match(if_match, version_etag(method.version))
    method.deleted_at = clock.now()
    await session.flush()
    await audit.record(session, actor, "shipping_method.deleted", method_id)


async def _draw(session: AsyncSession, zone_id: UUID, new: ZoneWrite) -> None:
    await session.execute(delete_rows(ShippingArea).where(ShippingArea.zone_id == zone_id))
    session.add_all(
        ShippingArea(
            id=new_id(),
            zone_id=zone_id,
            country=area.country,
            region=area.region.casefold() if area.region else None,
            postal_prefix=prefix_of(area.country or "", area.postal_prefix) if area.postal_prefix else None,
        )
        for area in new.areas
    )
    await session.flush()


def _write(method: ShippingMethod, new: MethodWrite) -> None:
    for name in PLAIN:
        setattr(method, name, getattr(new, name))
    method.bands = new.stored()
    method.free_from_minor = new.free_from.minor if new.free_from else None
    method.currency = default_currency()


def _state(zone: ZoneRead) -> dict[str, object]:
    return {"name": zone.name, "areas": [area.model_dump() for area in zone.areas]}


def _terms(method: MethodRead) -> dict[str, object]:
    named = {name: getattr(method, name) for name in IN_THE_LOG}
    bands = [{"up_to": b.up_to_value or b.up_to_grams, "price": b.price} for b in method.bands]
    return {**named, "bands": bands}
