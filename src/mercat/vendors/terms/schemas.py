"""Shapes of terms of commission."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from mercat.kit.pagination import PageParams
from mercat.kit.shapes import Moment, Shape
from mercat.vendors.terms.config import SHARE

Share = Annotated[str, StringConstraints(pattern=SHARE)]


class TermsWrite(Shape):
    """New terms from a moment on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rate": "0.12"}]})
    rate: Share | None = Field(examples=["0.12"])
    """A fraction: `0.12` is 12 %. Null ends what was agreed: the next wider terms count again."""
    category_id: UUID | None = None
    """Left out: all products. Else those of this category and the categories below it."""
    valid_from: Moment | None = None
    """Now or later; left out, at once."""
    note: Annotated[str, StringConstraints(max_length=500)] = Field("", examples=["Agreed by mail of May 3rd."])


class TermsRead(Shape):
    """Terms as they were agreed, for good."""

    id: UUID
    vendor_id: UUID | None
    """Null: of all vendors that have none of their own."""
    category_id: UUID | None
    rate: str | None = Field(examples=["0.12"])
    valid_from: datetime
    created_at: datetime


class AgreedTerms(TermsRead):
    """Terms as operators see them."""

    note: str


class CommissionTaxWrite(Shape):
    """The tax on what a vendor is charged."""

    rate: Share | None = Field(examples=["0"])
    """A fraction: `0.19` is 19 %. Null: that of all vendors."""


class CommissionTax(Shape):
    """The tax on what a vendor is charged."""

    rate: str = Field(examples=["0"])
    own: bool
    """Whether it is the vendor's own, and not that of all vendors."""


class VendorTerms(Shape):
    """What a vendor is charged: the most specific terms that have begun count, and the default where there are none."""

    default_rate: str = Field(examples=["0.1"])
    tax_rate: str = Field(examples=["0.19"])
    """The rate of the tax that is added to what is charged."""
    terms: list[TermsRead]
    """The vendor's own and those of all vendors that hold now or will, the most specific ones first."""


class TermsListing(PageParams):
    """Which page of terms, and in which order."""

    sort: Literal["-valid_from", "valid_from"] = "-valid_from"
    """Order of the list: downward with a minus sign."""
