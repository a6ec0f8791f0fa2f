"""Where the marketplace ships to, by which methods and at which prices.

Owns: shipping zones, their areas and methods.
Calls: vendors, translations, auth, audit.
Publishes: nothing.
Listens: nothing.
"""

from mercat.pricing.shipping import translated_kinds
from mercat.pricing.shipping.applicable import STANDARD, Asked, methods_to, named_in, ships_by
from mercat.pricing.shipping.router import router
from mercat.pricing.shipping.schemas import AreaWrite, BandWrite, MethodWrite, ZoneWrite
from mercat.pricing.shipping.service import add_method, create_zone

__all__ = [
    "STANDARD",
    "AreaWrite",
    "Asked",
    "BandWrite",
    "MethodWrite",
    "ZoneWrite",
    "add_method",
    "create_zone",
    "methods_to",
    "named_in",
    "router",
    "ships_by",
    "translated_kinds",
]
