"""Where something is sent, as far as prices depend on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from mercat.pricing.config import settings


def squeezed(postal_code: str) -> str:
    """Return a postal code as prefixes are compared: capital letters and digits alone."""
    return "".join(letter for letter in postal_code.upper() if letter.isalnum())


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
