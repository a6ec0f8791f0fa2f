"""Shapes of shops."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from mercat.files import Picture
from mercat.kit.shapes import Line, Shape

ShopName = Annotated[Line, StringConstraints(max_length=120)]
ShopSlug = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Tagline = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Prose = Annotated[str, StringConstraints(max_length=20_000)]
WebAddress = Annotated[str, StringConstraints(max_length=2000, pattern=r"^https?://[^\s\x00-\x1f<>\"']+$")]
ImageAddress = Annotated[str, StringConstraints(max_length=2000, pattern=r"^(https?://|/)[^\s\x00-\x1f<>\"']+$")]


class VendorRead(Shape):
    """A shop as buyers see it."""

    id: UUID
    slug: str = Field(examples=["north-kiln"])
    name: str = Field(examples=["North Kiln"])
    tagline: str
    description: str
    logo: Picture | None
    banner: Picture | None
    """The picture above the vendor's page."""


class VendorListed(VendorRead):
    """A shop in the list."""

    status: str = Field(examples=["active"])


class Policies(Shape):
    """What a shop promises and says about itself, as sanitised HTML or plain text."""

    returns: str = Field(examples=["Send it back within 30 days."])
    shipping: str
    privacy: str
    imprint: str


class VendorPage(VendorRead):
    """A shop with how to reach it and what it promises."""

    contact_email: str = Field(examples=["hello@north-kiln.example"])
    website: str | None
    policies: Policies


class MembershipRead(Shape):
    """A shop that somebody works for."""

    id: UUID
    slug: str = Field(examples=["north-kiln"])
    name: str = Field(examples=["North Kiln"])
    role: str = Field(examples=["owner"])
