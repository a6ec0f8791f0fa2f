"""Shapes of vendors."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from mercat.addresses import AddressRead
from mercat.files import Picture
from mercat.kit.countries import Country
from mercat.kit.shapes import Line, Shape

VendorName = Annotated[Line, StringConstraints(max_length=120)]
LONGEST_SLUG = 100
VendorSlug = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_SLUG, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
]
Tagline = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Prose = Annotated[str, StringConstraints(max_length=20_000)]
WebAddress = Annotated[str, StringConstraints(max_length=2000, pattern=r"^https?://[^\s\x00-\x1f<>\"']+$")]
ImageAddress = Annotated[str, StringConstraints(max_length=2000, pattern=r"^(https?://|/)[^\s\x00-\x1f<>\"']+$")]
Part = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
LegalDetail = Literal["legal_name", "address", "tax_id"]


class BusinessAddress(Shape):
    """The address of a business."""

    line1: Annotated[Line, StringConstraints(max_length=200)] = Field(examples=["Hafenstraße 7"])
    line2: Part | None = None
    city: Annotated[Line, StringConstraints(max_length=100)] = Field(examples=["Husum"])
    region: Part | None = None
    postal_code: Annotated[Line, StringConstraints(max_length=20)] = Field(examples=["25813"])
    country: Country = Field(examples=["DE"])


class LegalDetailsWrite(Shape):
    """A vendor's legal details: who contracts, is paid, and is on invoices as the supplier."""

    legal_name: Annotated[Line, StringConstraints(max_length=200)] = Field(examples=["North Kiln GmbH"])
    address: BusinessAddress
    tax_id: Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$")] = Field(
        "", examples=["DE136695976"]
    )
    """VAT id, whose check digits must be right, or the number of the tax office where a country takes that instead."""


class LegalDetailsRead(Shape):
    """A vendor's legal details, and which are missing."""

    legal_name: str = Field(examples=["North Kiln GmbH"])
    address: AddressRead | None
    tax_id: str = Field(examples=["DE136695976"])
    missing: list[LegalDetail]
    """What is required before the vendor can sell, and missing."""


class VendorRead(Shape):
    """A vendor as buyers see it."""

    id: UUID
    slug: str = Field(examples=["north-kiln"])
    name: str = Field(examples=["North Kiln"])
    tagline: str
    description: str
    logo: Picture | None
    banner: Picture | None
    """The picture above the vendor's page."""


class VendorListed(VendorRead):
    """A vendor in the list."""

    status: str = Field(examples=["active"])


class Policies(Shape):
    """What a vendor promises and says about itself, as sanitised HTML or plain text."""

    returns: str = Field(examples=["Send it back within 30 days."])
    shipping: str
    privacy: str
    imprint: str


class VendorPage(VendorRead):
    """A vendor with how to reach it and what it promises."""

    contact_email: str = Field(examples=["hello@north-kiln.example"])
    website: str | None
    policies: Policies


class MembershipRead(Shape):
    """A vendor that an account works for."""

    id: UUID
    slug: str = Field(examples=["north-kiln"])
    name: str = Field(examples=["North Kiln"])
    role: str = Field(examples=["owner"])
