"""Shapes of requests that name units by the lines of an order: to ship, to return, to refund them."""

from collections.abc import Collection
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from mercat.kit.money import Money
from mercat.kit.shapes import Quantity, Shape


class LineUnits(Shape):
    """Units of a line of the order."""

    item_id: UUID
    quantity: Quantity = Field(examples=[1])


def require_each_once(items: Collection[LineUnits]) -> None:
    """Refuse a request that names a line twice."""
    if len({units.item_id for units in items}) < len(items):
        raise PydanticCustomError("item_twice", "name each line once")


def by_line(items: Collection[LineUnits]) -> dict[UUID, int]:
    """Return the units by line."""
    return {units.item_id: units.quantity for units in items}


class RefundScope(Shape):
    """What is refunded: an amount, units of lines, or with neither all that is refundable."""

    amount: Money | None = Field(None, examples=[{"amount": "10.00", "currency": "EUR"}])
    items: list[LineUnits] = Field(default_factory=list, max_length=200)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.amount is not None and self.items:
            raise PydanticCustomError("amount_and_items", "name an amount or units, not both")
        if self.amount is not None and self.amount.minor <= 0:
            raise PydanticCustomError("amount_positive", "an amount to give back is more than nothing")
        require_each_once(self.items)
        return self

    @property
    def units(self) -> dict[UUID, int]:
        """The units by line."""
        return by_line(self.items)
