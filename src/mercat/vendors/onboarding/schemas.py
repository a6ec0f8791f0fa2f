"""Shapes of applications for shops, and of shops as operators see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from mercat.addresses import AddressRead
from mercat.auth import Email
from mercat.kit.countries import Country
from mercat.kit.shapes import Line, Shape
from mercat.vendors.lifecycle import Status
from mercat.vendors.schemas import Prose, ShopName, ShopSlug, Tagline, WebAddress

Part = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]


class BusinessAddress(Shape):
    """Where a business is."""

    line1: Annotated[Line, StringConstraints(max_length=200)] = Field(examples=["Hafenstraße 7"])
    line2: Part | None = None
    city: Annotated[Line, StringConstraints(max_length=100)] = Field(examples=["Husum"])
    region: Part | None = None
    postal_code: Annotated[Line, StringConstraints(max_length=20)] = Field(examples=["25813"])
    country: Country = Field(examples=["DE"])


class ApplicationCreate(Shape):
    """An application for a shop."""

    name: ShopName = Field(examples=["North Kiln"])
    slug: ShopSlug | None = Field(None, examples=["north-kiln"])
    """Left out: made of the name."""
    tagline: Tagline = Field("", examples=["Stoneware from the north"])
    description: Prose = ""
    legal_name: Annotated[Line, StringConstraints(max_length=200)] = Field(examples=["North Kiln GmbH"])
    """Who contracts and is paid."""
    address: BusinessAddress
    tax_id: Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$")] = Field(
        "", examples=["DE136695976"]
    )
    """VAT id; where the country has them its check digits must be right."""
    contact_email: Email | None = Field(None, examples=["hello@north-kiln.example"])
    """Where buyers reach the shop; left out, the address of the account."""
    website: WebAddress | None = Field(None, examples=["https://north-kiln.example"])


class ApplicationRead(Shape):
    """An application as it stands."""

    id: UUID
    """Of the shop that it becomes."""
    status: Status = Field(examples=["applied"])
    reason: str
    """Why it was rejected, or the shop suspended."""
    name: str = Field(examples=["North Kiln"])
    slug: str = Field(examples=["north-kiln"])
    tagline: str
    description: str
    legal_name: str = Field(examples=["North Kiln GmbH"])
    address: AddressRead | None
    tax_id: str = Field(examples=["DE136695976"])
    contact_email: str = Field(examples=["hello@north-kiln.example"])
    website: str | None
    applied_at: datetime
    decided_at: datetime | None


class VendorRecord(ApplicationRead):
    """A shop with all that stands behind it, for operators."""

    applicant_id: UUID | None


class Reason(Shape):
    """Why it was decided so; the shop's owners are told."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=1000)] = Field(
        examples=["The address could not be verified."]
    )
