"""Tax rates: by country or region, by class of goods, in their time.

Owns: tax rates.
Calls: auth, audit.
Publishes: nothing.
Listens: nothing.
"""

from mercat.pricing.taxes.applicable import Asked, rates_at
from mercat.pricing.taxes.router import router
from mercat.pricing.taxes.schemas import RateWrite
from mercat.pricing.taxes.service import create

__all__ = ["Asked", "RateWrite", "create", "rates_at", "router"]
