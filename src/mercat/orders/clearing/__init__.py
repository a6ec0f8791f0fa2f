"""Clearing: what a shop has earned by its part of an order becomes due to be paid out. Rooms above decide when."""

from mercat.orders.clearing.parts import DuePart, clear, due, sweep, unswept

__all__ = ["DuePart", "clear", "due", "sweep", "unswept"]
