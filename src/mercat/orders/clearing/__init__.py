"""Clearing: what a shop has earned by its part of an order becomes due to be paid out. Rooms above decide when."""

from mercat.orders.clearing.vendor_orders import DueVendorOrder, clear, due, sweep, unswept

__all__ = ["DueVendorOrder", "clear", "due", "sweep", "unswept"]
