"""Shapes of locations."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from mercat.kit.countries import Country
from mercat.kit.shapes import Flag, Line, Shape

Code = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$")]
Priority = Annotated[int, Field(strict=True, ge=0, le=1000)]
Place = Annotated[str, StringConstraints(max_length=500)]


class LocationRead(Shape):
    """A location of stock."""

    id: UUID
    code: str = Field(examples=["berlin"])
    name: str = Field(examples=["Warehouse Berlin"])
    country: str | None = Field(examples=["DE"])
    address: str
    priority: int
    """The lower one is taken from first."""
    active: bool
    """Stock at a closed location is not sold."""
    shared: bool
    """The main location, which every vendor has from the start and none can change. Its stock is each vendor's own."""


class LocationCreate(Shape):
    """A new location."""

    code: Code = Field(examples=["berlin"])
    name: Line = Field(examples=["Warehouse Berlin"])
    country: Country | None = None
    """Orders that go to this country are taken from here first."""
    address: Place = ""
    priority: Priority = 10
    """The lower one is taken from first; the main location has 100."""
    active: Flag = True


class LocationUpdate(Shape):
    """Changes of a location; what is left out stays."""

    code: Code | None = None
    name: Line | None = Field(None, examples=["Warehouse Berlin-Mitte"])
    country: Country | None = None
    """Null: no country."""
    address: Place | None = None
    priority: Priority | None = None
    active: Flag | None = None
    """False: its stock is not sold from now on; what is reserved stays reserved."""
