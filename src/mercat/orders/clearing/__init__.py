"""Clearing: the vendor's revenue from a vendor order becomes due for payout. The domains above decide when."""

from mercat.orders.clearing.vendor_orders import DueVendorOrder, clear, due, sweep, unswept

__all__ = ["DueVendorOrder", "clear", "due", "sweep", "unswept"]
