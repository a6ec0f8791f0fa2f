"""Stock: how much there is of each variant, what is promised to whom, and every movement that explains it.

Owns: locations, levels, reservations, movements, thresholds, the view `variant_availability` (the one formula of
availability).
Calls: auth, outbox.
Publishes: BackInStock, StockLow.
Listens: nothing.
"""

from mercat.inventory.ending import release, ship
from mercat.inventory.exceptions import InsufficientStock, NotPromised
from mercat.inventory.queries import Availability, Level, Movement, availability, levels, movements, promised
from mercat.inventory.receiving import Recount, StockCount, receive_counts
from mercat.inventory.service import confirm, ever_promised, require, reserve
from mercat.inventory.taking_back import take_back

__all__ = [
    "Availability",
    "InsufficientStock",
    "Level",
    "Movement",
    "NotPromised",
    "Recount",
    "StockCount",
    "availability",
    "confirm",
    "ever_promised",
    "levels",
    "movements",
    "promised",
    "receive_counts",
    "release",
    "require",
    "reserve",
    "ship",
    "take_back",
]
