"""Recommendations: what is bought together, similar, trending, or meant for a visitor, each with its reason.

Owns: decayed counts of orders, pairs of products and views; the terms by which products are similar.
Calls: search, saved_items, orders, cart, catalog, content, users, exchange, auth, outbox, i18n.
Publishes: nothing.
Listens: OrderCancelled, OrderPaid, OrderRefunded, ProductsChanged, VendorOrderCancelled.
"""

from mercat.recommendations import jobs
from mercat.recommendations.handlers import count_order, index_changed
from mercat.recommendations.maintenance import count_past, rebuild
from mercat.recommendations.router import router

__all__ = ["count_order", "count_past", "index_changed", "jobs", "rebuild", "router"]
