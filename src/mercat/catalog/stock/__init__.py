"""A vendor's stock in the vendor portal: all of its variants, at all of its locations.

Owns: nothing of its own; what is in stock is `inventory`'s, whose it is is the catalogue's.
Calls: inventory, vendors, audit.
Publishes: nothing of its own.
Listens: nothing.
"""

from mercat.catalog.stock.queries import LowVariant, running_low
from mercat.catalog.stock.router import router

__all__ = ["LowVariant", "router", "running_low"]
