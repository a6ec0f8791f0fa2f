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
    """Terms as they shall be from a moment on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rate": "0.12"}]})
    rate: Share | None = Field(examples=["0.12"])
    """A part of one: `0.12` is 12 %. Null ends what was agreed: the next wider terms count again."""
    category_id: UUID | None = None
    """Left out: whatever is sold. Else products of this category and those below it."""
    valid_from: Moment | None = None
    """Now or later; left out, at once."""
    note: Annotated[str, StringConstraints(max_length=500)] = Field("", examples=["Agreed by mail of May 3rd."])


class TermsRead(Shape):
    """Terms as they were agreed, for good."""

    id: UUID
    vendor_id: UUID | None
    """Null: of all shops that have none of their own."""
    category_id: UUID | None
    rate: str | None = Field(examples=["0.12"])
    valid_from: datetime
    created_at: datetime


class AgreedTerms(TermsRead):
    """Terms as operators see them."""

    note: str


class CommissionTaxWrite(Shape):
    """The tax on what a shop is charged."""

    rate: Share | None = Field(examples=["0"])
    """A part of one: `0.19` is 19 %. Null: that of all shops."""


class CommissionTax(Shape):
    """The tax on what a shop is charged."""

    rate: str = Field(examples=["0"])
    own: bool
    """Whether it is the shop's own, and not that of all shops."""


class VendorTerms(Shape):
    """What a shop is charged: the most specific terms that have begun count, and the default where there are none."""

    default_rate: str = Field(examples=["0.1"])
    tax_rate: str = Field(examples=["0.19"])
    """Of the tax that is added to what is charged."""
    terms: list[TermsRead]
    """The shop's own and those of all shops that hold now or will, the most specific ones first."""


class TermsListing(PageParams):
    """Which page of terms, and in which order."""

    sort: Literal["-valid_from", "valid_from"] = "-valid_from"
    """Order of the list: downward with a minus sign."""
