"""The second location of one of the demo's vendors, and the variants that it wants to hear of before they run out."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import catalog, inventory
from mercat.auth import Actor
from mercat.demo.content import Content
from mercat.inventory import locations

OPERATOR = Actor.system()


async def load_stock(session: AsyncSession, content: Content, vendors: Mapping[str, UUID]) -> None:
    """Make the location, move stock to it and set the thresholds."""
    second = content.second_location
    vendor_id = vendors[second.vendor]
    ids = await catalog.variants_by_sku(session, [*second.moved, *second.thresholds])
    made = await locations.create(session, OPERATOR, vendor_id, second.location)
    main = next(place for place in await locations.of_vendor(session, vendor_id) if place.shared)
    units = {ids[sku]: quantity for sku, quantity in second.moved.items()}
    await inventory.transfer(session, main.id, made.id, units, actor=OPERATOR.reference, note=second.note)
    await inventory.set_thresholds(session, {ids[sku]: units for sku, units in second.thresholds.items()})
