"""Shapes of promotions."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from mercat.kit.money import Money
from mercat.kit.pagination import PageParams
from mercat.kit.shapes import Flag, Line, Moment, Shape
from mercat.pricing.fields import Amount, Percent
from mercat.pricing.promotions.codes import CouponCode

Ids = Annotated[list[UUID], Field(max_length=500)]
EXAMPLE: JsonDict = {
    "name": "Welcome",
    "code": "WELCOME10",
    "kind": "percent",
    "percent": "10",
    "once_per_customer": True,
}


class PromotionWrite(Shape):
    """A promotion as it shall be: a sale, or with a `code` a coupon."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})
    name: Line = Field(examples=["Welcome"])
    code: CouponCode | None = Field(None, examples=["WELCOME10"])
    """Left out: a sale, which applies automatically."""
    kind: Literal["percent", "fixed", "free_shipping"] = Field(examples=["percent"])
    applies_to: Literal["lines", "order"] = "order"
    """`lines`: reduces each unit in scope; `order`: reduces the sum of what is in scope."""
    percent: Percent | None = Field(None, examples=["10"])
    amount: Amount | None = None
    vendor_ids: Ids = Field(default_factory=list)
    """Only what these vendors sell; empty is all."""
    category_ids: Ids = Field(default_factory=list)
    """Only what is in these categories or below them."""
    product_ids: Ids = Field(default_factory=list)
    minimum: Amount | None = None
    """What the goods in scope must cost before discounts."""
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    usage_limit: Annotated[int, Field(strict=True, ge=1, le=1_000_000_000)] | None = Field(None, examples=[100])
    """How often a coupon can be used in all."""
    once_per_customer: Flag = False
    is_active: Flag = True

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.kind == "percent") != (self.percent is not None):
            raise PydanticCustomError("percent_of_kind", "percent belongs to the kind percent, and to no other")
        if (self.kind == "fixed") != (self.amount is not None) or (self.amount is not None and not self.amount.minor):
            raise PydanticCustomError("amount_of_kind", "an amount above zero belongs to the kind fixed, and no other")
        if self.starts_at is not None and self.ends_at is not None and self.starts_at >= self.ends_at:
            raise PydanticCustomError("starts_before_it_ends", "it must start before it ends")
        if self.code is None and (self.usage_limit is not None or self.once_per_customer):
            raise PydanticCustomError("limits_need_code", "only a coupon, which has a code, can be limited in its uses")
        return self


class PromotionRead(Shape):
    """A promotion and its state."""

    id: UUID
    name: str = Field(examples=["Welcome"])
    code: str | None = Field(examples=["WELCOME10"])
    kind: str = Field(examples=["percent"])
    applies_to: str = Field(examples=["order"])
    percent: str | None = Field(examples=["10"])
    amount: Money | None
    vendor_ids: list[UUID]
    category_ids: list[UUID]
    product_ids: list[UUID]
    minimum: Money | None
    starts_at: datetime | None
    ends_at: datetime | None
    usage_limit: int | None
    used: int
    """Uses that were not returned."""
    once_per_customer: bool
    is_active: bool
    version: int
    created_at: datetime
    updated_at: datetime


class PromotionListing(PageParams):
    """Which page of promotions, and in which order."""

    sort: Literal[
        "-created_at", "created_at", "name", "-name", "starts_at", "-starts_at", "ends_at", "-ends_at", "used", "-used"
    ] = "-created_at"
    """Order of the list: downward with a minus sign. What has no such moment comes last."""
