"""Where something is sent, as far as prices depend on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Self

from mercat.pricing.config import settings

OUTWARD = {"GB": 3, "GG": 3, "IM": 3, "JE": 3, "IE": 4}
"""Countries whose codes begin with an outward code of variable length, or a routing key; how much follows it."""
EIRCODE_KEY = 3


def squeezed(postal_code: str) -> str:
    """Return a postal code as prefixes are compared: capital letters and digits alone."""
    return "".join(letter for letter in postal_code.upper() if letter.isalnum())


def prefix_of(country: str, prefix: str) -> str:
    """Return a prefix as it is kept: in `OUTWARD` countries with a space behind the outward code."""
    squeezed_prefix = squeezed(prefix)
    if country not in OUTWARD:
        return squeezed_prefix
    outward, _, inward = prefix.upper().strip().partition(" ")
    if inward:
        return f"{squeezed(outward)} {squeezed(inward)}"
    split = outward_of(country, squeezed_prefix)
    return " ".join(part for part in split if part) if split else squeezed_prefix


def prefixes(country: str, postal_code: str) -> list[str]:
    """Return every prefix, as it is kept, that a postal code has by its own structure.

    PA6 7LN is in PA, in PA6 and in PA6 7, and not in PA67, which is a district of its own.
    """
    code = squeezed(postal_code)
    split = outward_of(country, code) if country in OUTWARD else None
    if split is None:
        return [code[:length] for length in range(1, len(code) + 1)]
    outward, inward = split
    area = "".join(takewhile(str.isalpha, outward))
    district = area + "".join(takewhile(str.isdigit, outward[len(area) :]))
    behind = [f"{outward} {inward[:length]}" for length in range(1, len(inward) + 1)]
    return list(dict.fromkeys([area, district, outward, *behind]))


def outward_of(country: str, code: str) -> tuple[str, str] | None:
    """Split a whole, squeezed code into what is delivered to and what is behind it; None if it is not whole."""
    behind = OUTWARD[country]
    if len(code) <= behind or not code[0].isalpha():
        return None
    outward, inward = code[:-behind], code[-behind:]
    whole = len(outward) == EIRCODE_KEY if country == "IE" else inward[0].isdigit() and inward[1:].isalpha()
    return (outward, inward) if whole else None


@dataclass(frozen=True, slots=True)
class Destination:
    """A country and, if they are known, a region and a postal code of it."""

    country: str
    region: str = ""
    postal_code: str = ""

    @classmethod
    def of(cls, address: Mapping[str, str | None]) -> Self:
        """Return where an address lies."""
        return cls(address.get("country") or "", address.get("region") or "", address.get("postal_code") or "")

    @classmethod
    def home(cls) -> Self:
        """Return where carts go until their address is known."""
        return cls(settings().home_country)
