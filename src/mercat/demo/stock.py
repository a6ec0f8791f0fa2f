"""Giving one shop of the demo marketplace a second location, and a few things that run low."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import catalog, inventory
from mercat.auth import Actor
from mercat.demo import content
from mercat.inventory import locations

OPERATOR = Actor.system()
SHOP = "saltmarsh-pottery"
STUDIO = locations.LocationCreate(
    code="studio", name="Studio shelf", country="DE", address="Hafenstraße 4, 25813 Husum"
)
LOW = 3
"""Variants that run low, those of which there is least."""


async def load_stock(session: AsyncSession, shops: dict[str, UUID]) -> None:
    """Move a third of the shop's pieces to its studio, and let it be told of what it has few of."""
    stocked = {v.sku: v.stock for p in content.products() if p.shop == SHOP for v in p.variants}
    ids = await catalog.variants_by_sku(session, list(stocked))
    studio = await locations.create(session, OPERATOR, shops[SHOP], STUDIO)
    pieces = {ids[sku]: stock // 3 for sku, stock in stocked.items() if stock >= LOW}
    main = next(place for place in await locations.of_shop(session, shops[SHOP]) if place.shared)
    await inventory.transfer(session, main.id, studio.id, pieces, actor=OPERATOR.reference, note="for the studio sale")
    rarest = sorted(stocked, key=lambda sku: (stocked[sku], sku))[:LOW]
    await inventory.set_thresholds(session, {ids[sku]: stocked[sku] + 1 for sku in rarest})
