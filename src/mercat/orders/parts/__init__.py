"""Shops' parts of orders, each with a life of its own: at the shop's desk, for operators, and for buyers.

Owns: nothing of its own; parts and parcels are tables of `orders`.
Calls: vendors, payments, inventory, cart, auth, audit, outbox.
Publishes: PartShipped, PartCancelled.
Listens: nothing.
"""

from mercat.orders.parts.desk_router import router as desk_router
from mercat.orders.parts.router import router

__all__ = ["desk_router", "router"]
