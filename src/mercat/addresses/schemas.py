"""Shapes of addresses."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, StringConstraints

from mercat.kit.shapes import Line, Shape

PersonName = Annotated[Line, StringConstraints(max_length=120)]
StreetLine = Annotated[Line, StringConstraints(max_length=200)]
City = Annotated[Line, StringConstraints(max_length=100)]
PostalCode = Annotated[Line, StringConstraints(max_length=20)]
More = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Region = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""What `require_complete` looks up."""


def _legible(phone: object) -> object:
    """Drop the invisible marks that come along when a number is pasted; an extension is written in one way."""
    if not isinstance(phone, str):
        return phone
    seen = "".join(letter for letter in phone if unicodedata.category(letter) != "Cf").replace("\xa0", " ").strip()
    return EXTENSION.sub(r" ext. \1", seen)


EXTENSION = re.compile(r"[ ,;]*(?:ext\.?|extension|x|#)[ .:]*([0-9]{1,8})$", re.IGNORECASE)
Phone = Annotated[
    str, BeforeValidator(_legible), StringConstraints(max_length=40, pattern=r"^[0-9+()./ -]*( ext\. [0-9]{1,8})?$")
]


class Address(Shape):
    """Where something goes, of whatever parts an address has in its country; `require_complete` says which."""

    name: PersonName = Field(examples=["Ada Lovelace"])
    line1: StreetLine = Field(examples=["12 St James's Square"])
    line2: More | None = None
    city: City | None = Field(None, examples=["London"])
    region: Region | None = None
    postal_code: PostalCode | None = Field(None, examples=["SW1Y 4JH"])
    country: CountryCode = Field(examples=["GB"])
    phone: Phone | None = None


class AddressRead(Shape):
    """Where something goes, or went.

    Parts that a country does not have are empty; of the address of somebody who was erased the country stays.
    """

    name: str = Field(examples=["Ada Lovelace"])
    line1: str = Field(examples=["12 St James's Square"])
    line2: str | None
    city: str = Field(examples=["London"])
    region: str | None
    postal_code: str = Field(examples=["SW1Y 4JH"])
    country: str = Field(examples=["GB"])
    phone: str | None

    @classmethod
    def of(cls, stored: Mapping[str, str | None]) -> Self:
        """Read an address as it is kept, which leaves out what it lacks."""
        parts = {name: stored.get(name) or "" for name in ("name", "line1", "city", "postal_code", "country")}
        return cls.model_validate({**parts, **{name: stored.get(name) for name in ("line2", "region", "phone")}})
