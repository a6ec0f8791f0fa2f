"""What things cost together: pure functions over values, no database and no clock.

Amounts are computed on the largest sum that they are about and then split by largest remainder, so that lines and
vendor orders add up to the whole, to the minor unit.

Owns: the arithmetic of discounts, shipping, taxes and totals.
Calls: nobody.
Publishes: nothing.
Listens: nothing.
"""

from mercat.pricing.arithmetic.basket import EVERYTHING, Line, Scope
from mercat.pricing.arithmetic.discounts import Discount, Kind, Obstacle
from mercat.pricing.arithmetic.shipping import Band, Basis, Method, Tariff
from mercat.pricing.arithmetic.taxes import Taxes
from mercat.pricing.arithmetic.totals import PricedLine, Share, Terms, Totals, price

__all__ = [
    "EVERYTHING",
    "Band",
    "Basis",
    "Discount",
    "Kind",
    "Line",
    "Method",
    "Obstacle",
    "PricedLine",
    "Scope",
    "Share",
    "Tariff",
    "Taxes",
    "Terms",
    "Totals",
    "price",
]
