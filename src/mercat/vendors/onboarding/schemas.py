"""Shapes of vendors' applications, and of vendors as operators see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from mercat.addresses import AddressRead
from mercat.auth import Email
from mercat.kit.shapes import Shape
from mercat.vendors.lifecycle import Status
from mercat.vendors.schemas import LegalDetail, LegalDetailsWrite, Prose, Tagline, VendorName, VendorSlug, WebAddress


class ApplicationCreate(LegalDetailsWrite):
    """An application to become a vendor."""

    name: VendorName = Field(examples=["North Kiln"])
    slug: VendorSlug | None = Field(None, examples=["north-kiln"])
    """Left out: made of the name."""
    tagline: Tagline = Field("", examples=["Stoneware from the north"])
    description: Prose = ""
    contact_email: Email | None = Field(None, examples=["hello@north-kiln.example"])
    """Where buyers reach the vendor; left out, the address of the account."""
    website: WebAddress | None = Field(None, examples=["https://north-kiln.example"])


class ApplicationRead(Shape):
    """An application and its status."""

    id: UUID
    """That of the vendor that it becomes."""
    status: Status = Field(examples=["applied"])
    reason: str
    """Why it was rejected, or the vendor suspended."""
    name: str = Field(examples=["North Kiln"])
    slug: str = Field(examples=["north-kiln"])
    tagline: str
    description: str
    legal_name: str = Field(examples=["North Kiln GmbH"])
    address: AddressRead | None
    tax_id: str = Field(examples=["DE136695976"])
    missing: list[LegalDetail]
    """Legal details without which the vendor cannot sell."""
    contact_email: str = Field(examples=["hello@north-kiln.example"])
    website: str | None
    applied_at: datetime
    decided_at: datetime | None


class VendorRecord(ApplicationRead):
    """A vendor with its legal details, for operators."""

    applicant_id: UUID | None


class Reason(Shape):
    """The reason of the decision; the vendor's owners are told."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=1000)] = Field(
        examples=["The address could not be verified."]
    )
