"""Shapes of tax rates."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from mercat.catalog import TaxClass
from mercat.kit.countries import Country
from mercat.kit.shapes import Line, Moment, Shape
from mercat.pricing.fields import Rate, Region

EXAMPLE: JsonDict = {
    "name": "USt.",
    "country": "DE",
    "tax_class": "standard",
    "rate": "0.19",
    "valid_from": "2007-01-01T00:00:00Z",
}


class RateWrite(Shape):
    """A tax rate as it shall be."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})
    name: Line = Field(examples=["USt."])
    country: Country = Field(examples=["DE"])
    region: Region | None = None
    """Left out: all of the country that has no rate of its own."""
    tax_class: TaxClass = Field("standard", examples=["standard"])
    rate: Rate = Field(examples=["0.19"])
    """A fraction: `0.19` is 19 %."""
    valid_from: Moment = Field(examples=["2007-01-01T00:00:00Z"])
    """Of several that are valid the one that began last counts."""
    valid_to: Moment | None = None

    @model_validator(mode="after")
    def _in_time(self) -> Self:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise PydanticCustomError("valid_from_before_to", "it must begin before it ends")
        return self


class RateRead(Shape):
    """A tax rate and its time."""

    id: UUID
    name: str = Field(examples=["USt."])
    country: str = Field(examples=["DE"])
    region: str | None
    tax_class: str = Field(examples=["standard"])
    rate: str = Field(examples=["0.19"])
    valid_from: datetime
    valid_to: datetime | None
    version: int
