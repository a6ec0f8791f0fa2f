"""Checkout: the one process that joins cart, prices, stock, payment and order.

Owns: nothing of its own.
Calls: payment_processing, orders, cart, payments, pricing, catalog, inventory, vendors, users, exchange, auth,
    addresses, i18n.
Publishes: nothing.
Listens: nothing.
"""

from mercat.checkout.placement import Purchase, place, variants_on_sale
from mercat.checkout.principals import forget
from mercat.checkout.router import router
from mercat.checkout.schemas import CheckoutRequest

__all__ = ["CheckoutRequest", "Purchase", "forget", "place", "router", "variants_on_sale"]
