"""What variants have cost, for those who may edit them; `applied_prices` keeps it.

Owns: the prices that were applied, and since when.
Calls: nothing.
Publishes: nothing.
Listens: nothing.
"""

from mercat.catalog.price_history.router import router

__all__ = ["router"]
