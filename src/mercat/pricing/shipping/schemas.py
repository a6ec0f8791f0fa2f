"""Shapes of shipping zones and methods."""

from itertools import pairwise
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from mercat.catalog import TaxClass
from mercat.kit.countries import Country
from mercat.kit.money import Money, default_currency
from mercat.kit.shapes import Count, Flag, Line, Shape
from mercat.pricing.fields import Amount, Region

MethodCode = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z0-9_-]+$")]
Prefix = Annotated[
    str, StringConstraints(min_length=1, max_length=10, pattern=r"^[A-Za-z0-9 -]*[A-Za-z0-9][A-Za-z0-9 -]*$")
]


class AreaWrite(Shape):
    """An area of a zone; all of it left out is everywhere that no other area is about."""

    country: Country | None = Field(None, examples=["AT"])
    region: Region | None = Field(None, examples=["Tirol"])
    """As it is written in addresses, whatever the case of the letters."""
    postal_prefix: Prefix | None = Field(None, examples=["60"])
    """What postal codes begin with, along their own structure: PA6 in Great Britain is not the beginning of PA67."""

    @model_validator(mode="after")
    def _of_a_country(self) -> Self:
        if self.country is None and (self.region or self.postal_prefix):
            raise PydanticCustomError("parts_of_a_country", "a region or postal prefix is one of a country")
        return self


class ZoneWrite(Shape):
    """A zone as it shall be: a name, and all of its areas."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Austria", "areas": [{"country": "AT"}]}]})
    name: Line = Field(examples=["Austria"])
    areas: list[AreaWrite] = Field(min_length=1, max_length=300)


class BandWrite(Shape):
    """A price up to a weight or a value, that much included."""

    up_to_grams: Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)] | None = Field(None, examples=[2000])
    """For the basis `weight`; left out: no bound."""
    up_to_value: Amount | None = None
    """For the basis `value`, of goods after discounts; left out: no bound."""
    price: Amount


class MethodWrite(Shape):
    """A shipping method as it shall be."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"code": "express", "name": "Express", "basis": "flat", "price": "9.90"}]}
    )
    code: MethodCode = Field(examples=["express"])
    """What a checkout names in `shipping_method`."""
    name: Line = Field(examples=["Express"])
    vendor_id: UUID | None = None
    """This vendor's own tariff for its goods; left out: the marketplace's, for every vendor without one."""
    basis: Literal["flat", "weight", "value"] = Field("flat", examples=["flat"])
    price: Amount | None = None
    """For the basis `flat`."""
    bands: list[BandWrite] = Field(default_factory=list, max_length=100)
    """For the others, in ascending order. What is above the last one is not sent this way."""
    free_from: Amount | None = None
    """From this value of goods, after discounts, it costs nothing."""
    tax_class: TaxClass | None = None
    """Left out: taxed like the shipped goods."""
    position: Count = 0
    is_active: Flag = True

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        flat = self.basis == "flat"
        if flat != (self.price is not None) or flat == bool(self.bands):
            raise PydanticCustomError("price_or_bands", "the basis flat needs a price, the others need bands")
        bounds = self.bounds()
        if any(band.up_to_grams is not None for band in self.bands) and self.basis != "weight":
            raise PydanticCustomError("band_of_basis", "up_to_grams belongs to the basis weight")
        if any(band.up_to_value is not None for band in self.bands) and self.basis != "value":
            raise PydanticCustomError("band_of_basis", "up_to_value belongs to the basis value")
        if None in bounds[:-1] or any(a >= b for a, b in pairwise(bounds) if a and b):
            raise PydanticCustomError("bands_ascending", "bands go up, and only the last one is without a bound")
        return self

    def bounds(self) -> list[int | None]:
        """Return the bands' bounds, in grams or minor units."""
        return [band.up_to_value.minor if band.up_to_value else band.up_to_grams for band in self.bands]

    def stored(self) -> list[list[int | None]]:
        """Return the bands as they are kept."""
        if self.price is not None:
            return [[None, self.price.minor]]
        return [[bound, band.price.minor] for bound, band in zip(self.bounds(), self.bands, strict=True)]


class AreaRead(Shape):
    """An area of a zone."""

    country: str | None = Field(examples=["AT"])
    region: str | None
    postal_prefix: str | None


class BandRead(Shape):
    """A price up to a weight or a value."""

    up_to_grams: int | None
    up_to_value: Money | None
    price: Money

    @classmethod
    def of(cls, basis: str, stored: list[int | None], currency: str = "") -> Self:
        """Read a band as it is kept."""
        currency = currency or default_currency()
        bound, price = stored
        grams = bound if basis == "weight" else None
        value = Money(bound, currency) if basis == "value" and bound is not None else None
        return cls(up_to_grams=grams, up_to_value=value, price=Money(price or 0, currency))


class MethodRead(Shape):
    """A shipping method and its state."""

    id: UUID
    zone_id: UUID
    code: str = Field(examples=["express"])
    name: str = Field(examples=["Express"])
    vendor_id: UUID | None
    basis: str = Field(examples=["flat"])
    price: Money | None
    bands: list[BandRead]
    free_from: Money | None
    tax_class: str | None
    position: int
    is_active: bool
    version: int


class ZoneRead(Shape):
    """A zone with its areas and methods."""

    id: UUID
    name: str = Field(examples=["Austria"])
    areas: list[AreaRead]
    methods: list[MethodRead]
    version: int
