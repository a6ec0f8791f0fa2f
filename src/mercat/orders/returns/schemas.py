"""Shapes of returns."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from mercat.kit.money import Money
from mercat.kit.pagination import PageParams
from mercat.kit.shapes import MOST_VALUES, Flag, Shape
from mercat.orders.returns.lifecycle import Reason, Status
from mercat.orders.unit_schemas import LineUnits, by_line, require_each_once

Note = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]


class ReturnedUnits(LineUnits):
    """Units of a line, as they were announced, and how many of them were received."""

    received: int | None = Field(examples=[1])
    """Null until the goods are received; units that were not can be returned another time."""


class Exchange(Shape):
    """Another variant of the same product and price, wanted for all returned units of a line."""

    item_id: UUID
    variant_id: UUID


class ReturnCreate(Shape):
    """What is to be returned, why, and what the buyer wants for it instead of a refund."""

    items: list[LineUnits] = Field(min_length=1, max_length=200)
    exchanges: list[Exchange] = Field(default_factory=list, max_length=200)
    """For which lines of `items` the buyer wants other units instead of a refund; not with a `withdrawal`."""
    reason: Reason = Field(examples=["withdrawal"])
    """A `withdrawal` needs no approval; it is possible within the legal time."""
    note: Note = Field("", examples=["The handle came off."])

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        require_each_once(self.items)
        return self

    @model_validator(mode="after")
    def _exchanged_of_it(self) -> Self:
        if self.exchanges and self.reason is Reason.withdrawal:
            raise PydanticCustomError("withdrawal_exchanged", "a withdrawal gives money back; name another reason")
        if len(self.exchange_variants) < len(self.exchanges):
            raise PydanticCustomError("item_twice", "name each line once")
        if not self.exchange_variants.keys() <= self.units.keys():
            raise PydanticCustomError("not_returned", "only what comes back can be exchanged")
        return self

    @property
    def exchange_variants(self) -> dict[UUID, UUID]:
        """The wanted variants by line."""
        return {exchange.item_id: exchange.variant_id for exchange in self.exchanges}

    @property
    def paid_back(self) -> dict[UUID, int]:
        """The units by line that the buyer wants refunded."""
        return {item_id: quantity for item_id, quantity in self.units.items() if item_id not in self.exchange_variants}

    @property
    def units(self) -> dict[UUID, int]:
        """The units by line."""
        return by_line(self.items)


class ReturnChange(Shape):
    """The status that a return is moved to."""

    status: Status = Field(examples=["received"])
    """`refunded` requests a refund again that its provider has refused."""
    note: Note = Field("", examples=["All of it is here."])
    """Why; a rejection needs one, and the buyer reads it."""
    restock: Flag = True
    """With `received`: whether the units can be sold again."""

    items: list[LineUnits] | None = Field(None, min_length=1, max_length=200)
    """With `received`: the received units, if they are fewer than the return announced."""

    @property
    def received(self) -> dict[UUID, int] | None:
        """The received units by line, if it is not all."""
        return None if self.items is None else by_line(self.items)

    @model_validator(mode="after")
    def _counted_on_receipt(self) -> Self:
        if self.items is not None and self.status is not Status.received:
            raise PydanticCustomError("not_received", "only what is received is counted")
        if self.items is not None and len(self.received or {}) < len(self.items):
            raise PydanticCustomError("item_twice", "name each line once")
        return self

    @model_validator(mode="after")
    def _rejected_with_reason(self) -> Self:
        if self.status is Status.rejected and not self.note:
            raise PydanticCustomError("note_missing", "tell the buyer in the note why")
        return self


class ReturnRefund(Shape):
    """The state of a return's refund."""

    id: UUID
    status: str = Field(examples=["succeeded"])
    failure: str = Field("", examples=["The card does not exist any more."])
    """Why the provider could not refund it; the money is still with the marketplace then."""


class ReturnMove(Shape):
    """One transition of the return."""

    at: datetime
    from_: Status | None = Field(alias="from")
    to: Status
    actor: str = Field(examples=["buyer"])
    note: str = Field(examples=["All of it is here."])


class ReturnExchange(Exchange):
    """The state of an exchange."""

    quantity: int = Field(examples=[1])
    replacement_item_id: UUID | None
    """The line of the order with the new units. None until the goods are received, or if they were refunded."""


class ReturnRead(Shape):
    """A return."""

    id: UUID
    order_id: UUID
    vendor_order_id: UUID
    """The vendor order of the units; they are returned to its vendor."""
    status: Status
    items: list[ReturnedUnits]
    exchanges: list[ReturnExchange]
    """Which of these units are exchanged, and for what."""
    reason: Reason
    note: str = Field(examples=["The handle came off."])
    """What the buyer wrote."""
    refund_amount: Money
    """What the buyer gets; until the goods are here, what it would be now."""
    refund: ReturnRefund | None
    """None until the goods are received, or if nothing is refundable."""
    restocked: bool | None
    """Whether the units could be sold again; None until they are received."""
    history: list[ReturnMove]
    created_at: datetime
    updated_at: datetime


class ReturnListing(PageParams):
    """Which returns, in which order, and which page of them."""

    sort: Literal["created_at", "-created_at", "updated_at", "-updated_at"] = "created_at"
    """Order of the list: downward with a minus sign."""
    status: list[Status] = Field([], max_length=MOST_VALUES, examples=[["requested"]])
    """Only returns in this status; given several times, in any of these."""
