"""Vendor orders, each with a life cycle of its own: in the vendor portal, for operators, and for buyers.

Owns: nothing of its own; vendor orders and shipments are tables of `orders`.
Calls: vendors, payments, inventory, cart, auth, audit, outbox.
Publishes: VendorOrderShipped, VendorOrderCancelled.
Listens: nothing.
"""

from mercat.orders.vendor_orders.router import router
from mercat.orders.vendor_orders.vendor_router import router as vendor_router

__all__ = ["router", "vendor_router"]
