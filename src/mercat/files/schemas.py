"""Shapes of files."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from mercat.kit.shapes import Shape


class Rendition(Shape):
    """A picture in one of its sizes."""

    width: int = Field(examples=[640])
    height: int = Field(examples=[480])
    format: Literal["webp", "avif"] = Field(examples=["webp"])
    url: str = Field(examples=["/media/files/4f/4f1c0e6a9b7d42d8a3b5c6d7e8f90a1b/640.webp"])


class Picture(Shape):
    """A picture, wherever one is shown."""

    url: str = Field(examples=["/media/files/4f/4f1c0e6a9b7d42d8a3b5c6d7e8f90a1b/picture.jpg"])
    """The picture in full."""
    alt: str = Field(examples=["A grey stoneware mug"])
    width: int | None = Field(examples=[2560])
    """In pixels; null if it was not uploaded here."""
    height: int | None = Field(examples=[1920])
    sizes: list[Rendition]
    """The picture in the sizes that pages show, the smallest first; empty until they are drawn, or if it was not
    uploaded here."""


class FileRead(Shape):
    """A file that is kept. `url` is empty for private ones: they are reached by links that expire."""

    id: UUID
    media_type: str = Field(examples=["image/jpeg"])
    size: int = Field(examples=[182_044])
    """Bytes."""
    width: int | None = Field(examples=[2560])
    height: int | None = Field(examples=[1920])
    url: str = Field(examples=["/media/files/4f/4f1c0e6a9b7d42d8a3b5c6d7e8f90a1b/picture.jpg"])
    renditions: list[Rendition]


class FileRecord(Shape):
    """A file that a person uploaded."""

    id: UUID
    purpose: str = Field(examples=["product_picture"])
    media_type: str = Field(examples=["image/jpeg"])
    size: int = Field(examples=[182_044])
    """Bytes."""
    uploaded_at: datetime
