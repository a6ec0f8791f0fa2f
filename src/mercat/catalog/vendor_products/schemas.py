"""Shapes of a vendor's own products."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from mercat.catalog.schemas import Status
from mercat.catalog.write_schemas import ProductUpdate
from mercat.files import Picture
from mercat.kit.money import Money
from mercat.kit.pagination import PageParams
from mercat.kit.shapes import MOST_VALUES, Shape

Sort = Literal["-updated_at", "updated_at", "-created_at", "created_at", "name", "-name", "price", "-price"]
MOST_AT_ONCE = 100


class OwnFilter(PageParams):
    """Which of the vendor's products to list."""

    status: list[Status] = Field([], max_length=MOST_VALUES, examples=[["draft"]])
    """Only products of this status; given several times, of any of these. Left out: of all."""
    q: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    """A substring of the name, or the beginning of a SKU."""
    sort: Sort = "-updated_at"
    """Order of the list."""


class OwnProduct(Shape):
    """One of the vendor's products, on sale or not."""

    id: UUID
    slug: str = Field(examples=["stoneware-mug"])
    name: str = Field(examples=["Stoneware mug"])
    status: Status
    on_sale: bool
    """Whether buyers may see it; not while the vendor is suspended."""
    listed: bool
    """Whether lists show it while it is on sale; else only its page does."""
    price: Money | None
    """The lowest among its variants."""
    variant_count: int = Field(examples=[3])
    skus: list[str] = Field(examples=[["MUG-GREY-M"]])
    """The first ten."""
    stock_quantity: int = Field(examples=[21])
    image: Picture | None
    version: int
    created_at: datetime
    updated_at: datetime


class ItemEdit(ProductUpdate):
    """Changes of one product, as in `PATCH /products/{product_id}`; what is left out stays."""

    id: UUID
    version: Annotated[int, Field(strict=True, ge=1)] | None = None
    """The version that the change is based on; another one now refuses all."""

    def changes(self) -> ProductUpdate:
        """Return the changes alone."""
        given = {name: getattr(self, name) for name in self.model_fields_set - {"id", "version"}}
        return ProductUpdate.model_construct(_fields_set=set(given), **given)


class BulkEdit(Shape):
    """Changes of several products, all or nothing."""

    items: list[ItemEdit] = Field(
        min_length=1,
        max_length=MOST_AT_ONCE,
        examples=[[{"id": "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55", "price": "19.90", "status": "active"}]],
    )

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({item.id for item in self.items}) < len(self.items):
            raise PydanticCustomError("twice", "a product is named twice")
        return self
