"""Stock: how much there is of each variant, what is reserved for which order, and every movement that explains it.

Owns: locations, levels, reservations, movements, thresholds, the views `variant_availability` (the one formula of
availability), `stock_backorders` and `stock_low_at`.
Calls: vendors, realtime, auth, audit, outbox.
Publishes: BackInStock, StockLow.
Listens: nothing.
"""

from mercat.inventory.bulk_counts import StockCount, receive_counts
from mercat.inventory.counts import LevelCount, StockedVariant, count_levels, require_unchanged
from mercat.inventory.exceptions import BelowReserved, InsufficientStock, NotPromised, NotThere, UnknownLocation
from mercat.inventory.queries import (
    Availability,
    Level,
    Movement,
    Recount,
    availability,
    levels,
    movements,
    promised,
    version_of,
)
from mercat.inventory.reservations import release, ship
from mercat.inventory.restock import take_back
from mercat.inventory.service import begin_reserving, confirm, ever_promised, hold, require, reserve
from mercat.inventory.thresholds import (
    default_threshold,
    set_thresholds,
    set_vendor_threshold,
    thresholds,
    vendor_threshold,
)
from mercat.inventory.transfers import transfer

__all__ = [
    "Availability",
    "BelowReserved",
    "InsufficientStock",
    "Level",
    "LevelCount",
    "Movement",
    "NotPromised",
    "NotThere",
    "Recount",
    "StockCount",
    "StockedVariant",
    "UnknownLocation",
    "availability",
    "begin_reserving",
    "confirm",
    "count_levels",
    "default_threshold",
    "ever_promised",
    "hold",
    "levels",
    "movements",
    "promised",
    "receive_counts",
    "release",
    "require",
    "require_unchanged",
    "reserve",
    "set_thresholds",
    "set_vendor_threshold",
    "ship",
    "take_back",
    "thresholds",
    "transfer",
    "vendor_threshold",
    "version_of",
]
