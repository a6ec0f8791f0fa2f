"""All eight shops and everything they sell."""

from functools import cache

from content.manuscript import Workshop, read
from content.shapes import ProductContent
from content.shops import bicycles, bindery, knitwear, lamps, nursery, pottery, roastery, toys

WORKSHOPS: tuple[Workshop, ...] = tuple(
    module.WORKSHOP for module in (pottery, bicycles, bindery, roastery, knitwear, nursery, lamps, toys)
)

SHOPS = tuple(workshop.shop for workshop in WORKSHOPS)


@cache
def products() -> tuple[ProductContent, ...]:
    """Return every product, shop by shop, each in the order of its shop's catalogue."""
    return tuple(product for workshop in WORKSHOPS for product in read(workshop))
