"""The second location of one shop, what lies there, and what the shop has few of."""

from typing import Any

from content.catalogue import products
from mercat.inventory.locations import LocationCreate

SHOP = "saltmarsh-pottery"
STUDIO = LocationCreate(code="studio", name="Studio shelf", country="DE", address="Hafenstraße 4, 25813 Husum")
LOW = 3
"""Variants that run low, those of which there is least."""


def second_location() -> dict[str, Any]:
    """Return the location, a third of the shop's stock for it, and the thresholds of what runs low."""
    stocked = {v.sku: v.stock for p in products() if p.shop == SHOP for v in p.variants}
    rarest = sorted(stocked, key=lambda sku: (stocked[sku], sku))[:LOW]
    return {
        "vendor": SHOP,
        "location": STUDIO,
        "note": "for the studio sale",
        "moved": {sku: stock // 3 for sku, stock in stocked.items() if stock >= LOW},
        "thresholds": {sku: stocked[sku] + 1 for sku in rarest},
    }
