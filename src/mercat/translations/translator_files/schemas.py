"""Shapes of files for translators."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from mercat.kit.shapes import Shape
from mercat.translations.schemas import KindName, Locale


class ExportFilter(Shape):
    """What a file for translators shall hold."""

    locale: Locale = Field(examples=["de"])
    """The language to translate into."""
    format: Literal["csv", "xliff"] = "csv"
    """CSV for spreadsheets, or XLIFF 2.1 for tools of translators."""
    kind: KindName | None = None
    """One kind of things; left out, all of them."""
    only: Literal["all", "missing"] = "all"
    """`missing`: only what is not translated, or was changed since."""


class RefusedRow(Shape):
    """A text of a file that could not be taken over; the others were."""

    line: int = Field(examples=[17])
    """Line of the file, from 1."""
    field: str = Field(examples=["product/0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55/name"])
    message: str = Field(examples=["should have at most 255 characters"])
    code: str = Field(examples=["string_too_long"])


class ImportOutcome(Shape):
    """What an import did, in texts."""

    read: int = Field(examples=[1200])
    applied: int = Field(examples=[180])
    unchanged: int = Field(examples=[1018])
    """Among them those that nobody translated yet."""
    refused: int = Field(examples=[2])
    refusals: list[RefusedRow]
    """The first hundred, by line."""
    broken: str | None
    """Why the file could not be read to its end; what was before that is done."""


class TranslationImportFailure(Shape):
    """Why an import failed."""

    code: str = Field(examples=["translations.import_given_up"])
    message: str = Field(examples=["The file could not be read to its end, several times."])


class TranslationImportRead(Shape):
    """An import of translations."""

    id: UUID
    state: Literal["waiting", "done", "failed"] = Field(examples=["done"])
    """`failed`: its job was given up; it waits again when an operator starts it again."""
    failure: TranslationImportFailure | None
    size: int = Field(examples=[48_213])
    """Bytes of the file."""
    report: ImportOutcome | None
    """Its outcome; null as long as it waits, and if it failed."""
    created_at: datetime
    finished_at: datetime | None
