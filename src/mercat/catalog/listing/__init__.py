"""Lists of products on sale: for readers as ready-made JSON, and for whoever keeps an index of them.

Owns: nothing of its own; reads the projections.
Calls: nothing.
Publishes: nothing.
Listens: nothing.
"""

from mercat.catalog.currency_prices.choice import NO_PRICES, ChosenCurrency, ReaderCurrency, chosen
from mercat.catalog.currency_prices.display import kept_prices, require_shown
from mercat.catalog.listing.listed_products import (
    ListedProduct,
    count_listed,
    hold,
    next_listed,
    products,
    summaries,
)
from mercat.catalog.listing.localised import categories_called
from mercat.catalog.listing.parameters import Narrowed, Pairs, query_pairs
from mercat.catalog.listing.product_list import counted, read
from mercat.catalog.listing.translated_products import in_locales
from mercat.catalog.schemas import ProductSummary

__all__ = [
    "NO_PRICES",
    "ChosenCurrency",
    "ListedProduct",
    "Narrowed",
    "Pairs",
    "ProductSummary",
    "ReaderCurrency",
    "categories_called",
    "chosen",
    "count_listed",
    "counted",
    "hold",
    "in_locales",
    "kept_prices",
    "next_listed",
    "products",
    "query_pairs",
    "read",
    "require_shown",
    "summaries",
]
