"""Shapes of shops."""

from uuid import UUID

from pydantic import Field

from mercat.kit.shapes import Shape


class VendorRead(Shape):
    """A shop as buyers see it."""

    id: UUID
    slug: str = Field(examples=["north-kiln"])
    name: str = Field(examples=["North Kiln"])
    tagline: str
    description: str
    logo_url: str | None


class MembershipRead(Shape):
    """A shop that somebody works for."""

    id: UUID
    slug: str = Field(examples=["north-kiln"])
    name: str = Field(examples=["North Kiln"])
    role: str = Field(examples=["owner"])
