"""The locations of a vendor's stock: its own, and the main one that every vendor has from the start.

Owns: nothing of its own; `stock_locations` is the room's.
Calls: vendors, audit.
Publishes: BackInStock and StockLow, when a location opens or closes.
Listens: nothing.
"""

from mercat.inventory.locations.queries import hold, of_vendor
from mercat.inventory.locations.router import router
from mercat.inventory.locations.schemas import LocationCreate, LocationRead
from mercat.inventory.locations.service import create

__all__ = ["LocationCreate", "LocationRead", "create", "hold", "of_vendor", "router"]
