"""What is asked of the product, and from where its processes are started."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

LIST = "/api/v1/products"
FILTERED = "/api/v1/products?category=shirts&min_price=20.00&sort=price"
DETAIL = "/api/v1/products/{slug}"
ORDERS = "/api/v1/orders"
SEARCH = "/api/v1/products/search?q={}"
SUGGEST = "/api/v1/products/suggest?q={}"

KNOWN = {"Cookie": "measured=past-the-cache"}
"""Whoever may be known is answered by the route itself, not from memory."""
