"""Prices in other currencies than that of the books: those that vendors have set, and those kept for readers.

Owns: prices of variants in other currencies, the prices of products kept in every currency, which of these are shown.
Calls: exchange.
Publishes: nothing.
Listens: nothing.
"""

from mercat.catalog.currency_prices.upkeep import begin, finish

__all__ = ["begin", "finish"]
