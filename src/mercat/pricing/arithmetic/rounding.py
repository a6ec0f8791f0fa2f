"""Integers of minor units: rounded half up, split without losing any."""

from collections.abc import Sequence

from mercat.kit.money import Money

ANY = "XXX"  # ISO 4217's code of no currency: only the number is split


def divided(numerator: int, denominator: int) -> int:
    """Return a quotient of what is not negative, rounded half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def split(whole: int, weights: Sequence[int]) -> list[int]:
    """Split in proportion by largest remainder; no part exceeds its weight if the whole does not exceed all of them."""
    return [part.minor for part in Money(whole, ANY).allocate(weights)] if weights else []
