"""Turning a wish into an order: the one process that joins cart, prices, stock, payment and order.

Owns: nothing of its own.
Calls: orders, cart, payments, pricing, inventory, catalog, vendors, users, auth, addresses, i18n.
Publishes: nothing of its own; placing publishes `orders.OrderPlaced`.
Listens: nothing.
"""

from mercat.checkout.principals import forget
from mercat.checkout.router import router

__all__ = ["forget", "router"]
