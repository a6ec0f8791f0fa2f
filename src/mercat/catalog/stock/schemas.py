"""Shapes of a vendor's stock."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from mercat.kit.pagination import Page, PageParams
from mercat.kit.shapes import MOST_UNITS, Count, Flag, Quantity, Shape

MOST_LINES = 500
Note = Annotated[str, StringConstraints(max_length=500)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class StockListing(PageParams):
    """Which of a vendor's variants, and in which order."""

    sort: Literal["name", "-name", "sku", "-sku", "available", "-available"] = "name"
    """Order of the list: downward with a minus sign. What has no SKU comes last."""
    low: bool = False
    """Only those that run low."""
    q: Words | None = None
    """Only those whose name or SKU has these letters."""
    location: UUID | None = None
    """Only those that have lain at this location."""


class VendorLevelRead(Shape):
    """What lies at a location."""

    location_id: UUID
    code: str = Field(examples=["berlin"])
    on_hand: int
    reserved: int
    """Reserved for orders."""
    available: int
    """What can be sold; zero at a closed location."""
    allow_backorder: bool


class VendorStockRead(Shape):
    """A variant's stock, and where it lies."""

    variant_id: UUID
    product_id: UUID
    name: str = Field(examples=["Stoneware mug"])
    title: str = Field(examples=["Grey / M"])
    sku: str | None
    on_hand: int
    reserved: int
    available: int
    in_stock: bool
    """Whether it can be bought: some are available, or back-orders are allowed."""
    backordered: int
    """Units that are reserved for orders and have still to arrive."""
    allow_backorder: bool
    low_stock_at: int | None
    """The low-stock threshold in available units; null: never low."""
    low: bool
    version: str = Field(examples=["9f86d081884c7d65"])
    """Another one as soon as any of it changes; in quotes, an `If-Match` for setting it."""
    levels: list[VendorLevelRead]


class LevelSet(Shape):
    """The stock of a location, on hand or available. What is left out stays."""

    location_id: UUID | None = None
    """Left out: its only location, if it has one; the vendor's first location, if it has none yet."""
    on_hand: Count | None = Field(None, examples=[25])
    """Units on hand, with those reserved for orders."""
    available: Count | None = None
    """Units on hand that are not reserved, instead of `on_hand`."""
    low_stock_at: Count | None = None
    """The low-stock threshold in available units, over all locations. Null: the vendor's own threshold."""
    allow_backorder: Flag | None = None
    """Whether more may be sold from there than there is."""

    @model_validator(mode="after")
    def _one_count(self) -> Self:
        if self.on_hand is not None and self.available is not None:
            raise PydanticCustomError("on_hand_and_available", "on_hand and available are two ways; choose one")
        return self


class StockAdjust(Shape):
    """A change by a number of units, whatever concurrent changes do."""

    delta: Annotated[int, Field(strict=True, ge=-MOST_UNITS, le=MOST_UNITS, examples=[-2])]
    """How many units were added, or with a minus sign removed: not zero."""
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)] = Field(examples=["Broken in the store"])
    location_id: UUID | None = None
    """Left out: its only location, if it has one; the vendor's first location, if it has none yet."""

    @field_validator("delta")
    @classmethod
    def _something(cls, delta: int) -> int:
        if not delta:
            raise PydanticCustomError("delta", "not zero")
        return delta


class VariantStockSet(LevelSet):
    """The stock of one variant."""

    note: Note = Field("", examples=["stock take"])


class StockLine(LevelSet):
    """The stock of one variant among others."""

    variant_id: UUID


class StockSetMany(Shape):
    """The stock of many variants: all of it, or nothing."""

    lines: list[StockLine] = Field(min_length=1, max_length=MOST_LINES)
    note: Note = Field("", examples=["stock take"])


class TransferLine(Shape):
    """Units of a variant."""

    variant_id: UUID
    quantity: Quantity


class TransferCreate(Shape):
    """A transfer of units from one location of the vendor to another."""

    from_location_id: UUID
    to_location_id: UUID = Field(examples=["0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c56"])
    lines: list[TransferLine] = Field(min_length=1, max_length=MOST_LINES)
    note: Note = Field("", examples=["weekly delivery"])

    @model_validator(mode="after")
    def _elsewhere(self) -> Self:
        if self.from_location_id == self.to_location_id:
            raise PydanticCustomError("same_location", "units go to another location")
        return self


class ThresholdSet(Shape):
    """The low-stock threshold of variants that have none of their own."""

    low_stock_at: Count | None = Field(examples=[5])
    """In available units, over all locations. Null: the marketplace's default."""


class ThresholdRead(ThresholdSet):
    """A vendor's low-stock threshold, and the one without it."""

    default: int | None
    """The marketplace's; null: never."""


class StockAfter(Page[VendorStockRead]):
    """The stock of the variants that were named, as it is now."""
