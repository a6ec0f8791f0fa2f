"""Shapes of imports."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from mercat.kit.pagination import PageParams
from mercat.kit.shapes import Shape


class ImportRowError(Shape):
    """Something in a file that could not be taken over; the rest was."""

    line: int = Field(examples=[17])
    """Line of the file, from 1."""
    field: str = Field(examples=["Variant Price"])
    """The column, empty when the row as a whole is meant."""
    message: str = Field(examples=["'abc' is not a price"])
    code: str = Field(examples=["bad_price"])


class NotForSaleRead(Shape):
    """Products and variants that cannot be bought, for one reason."""

    reason: str = Field(examples=["not_counted"])
    explanation: str = Field(examples=["no stock was counted"])
    products: int = Field(examples=[3])
    variants: int = Field(examples=[7])
    """Of a missing price these are rows of the file."""
    example: str = Field(examples=["Stoneware mug"])
    """One of the products, by name."""


class ImportResult(Shape):
    """What an import did, in products."""

    read: int = Field(examples=[120])
    created: int = Field(examples=[100])
    updated: int = Field(examples=[15])
    unchanged: int = Field(examples=[4])
    error_count: int = Field(examples=[1])
    errors: list[ImportRowError]
    """The first hundred, by line."""
    not_for_sale: list[NotForSaleRead] = Field(default_factory=list)
    """What of the file is in the catalogue now and cannot be bought, and why."""


class ImportFailure(Shape):
    """Why an import failed."""

    code: str = Field(examples=["vendors.suspended"])
    message: str = Field(examples=["This shop is suspended and sells nothing at the moment."])


class ImportRead(Shape):
    """An import."""

    id: UUID
    state: Literal["waiting", "done", "failed"] = Field(examples=["done"])
    size: int = Field(examples=[48_213])
    """Bytes of the file."""
    report: ImportResult | None
    """Its outcome; null as long as it waits, and of one that failed."""
    failure: ImportFailure | None
    """Why it failed; null otherwise."""
    created_at: datetime
    finished_at: datetime | None


class ImportListing(PageParams):
    """Which page of imports, and in which order."""

    sort: Literal["-created_at", "created_at"] = "-created_at"
    """Order of the list: downward with a minus sign."""
