"""Shapes of imports."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from mercat.kit.shapes import Shape


class ImportRowError(Shape):
    """Something in a file that could not be taken over; the rest was."""

    line: int = Field(examples=[17])
    """Line of the file, from 1."""
    field: str = Field(examples=["Variant Price"])
    """The column, empty when the row as a whole is meant."""
    message: str = Field(examples=["'abc' is not a price"])
    code: str = Field(examples=["bad_price"])


class ImportResult(Shape):
    """What an import did, in products."""

    read: int = Field(examples=[120])
    created: int = Field(examples=[100])
    updated: int = Field(examples=[15])
    unchanged: int = Field(examples=[4])
    error_count: int = Field(examples=[1])
    errors: list[ImportRowError]
    """The first hundred, by line."""


class ImportRead(Shape):
    """An import."""

    id: UUID
    state: Literal["waiting", "done"] = Field(examples=["done"])
    size: int = Field(examples=[48_213])
    """Bytes of the file."""
    report: ImportResult | None
    """What came of it; null as long as it waits."""
    created_at: datetime
    finished_at: datetime | None
