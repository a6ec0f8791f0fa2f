"""Shapes of gift cards."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from mercat.kit import clock
from mercat.kit.field_messages import refused
from mercat.kit.money import Money, default_currency
from mercat.kit.pagination import PageParams
from mercat.kit.shapes import Flag, Moment, Shape
from mercat.payments.gift_cards.codes import LONGEST


def _something(amount: Money) -> Money:
    if amount.minor <= 0 or amount.currency != default_currency():
        raise refused("amount", "more than zero {currency}", currency=default_currency())
    return amount


def _to_come(moment: datetime) -> datetime:
    if moment <= clock.now():
        raise PydanticCustomError("moment_to_come", "a moment that is still to come")
    return moment


Note = Annotated[str, StringConstraints(max_length=500)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
ToCome = Annotated[Moment, AfterValidator(_to_come)]


class GiftCardCreate(Shape):
    """A gift card that the marketplace issues."""

    amount: Annotated[Money, AfterValidator(_something)] = Field(examples=[{"amount": "50.00", "currency": "EUR"}])
    expires_at: ToCome | None = None
    """Left out: never."""
    note: Note = Field("", examples=["For the delay in March"])
    """For operators; buyers do not see it."""


class GiftCardUpdate(Shape):
    """Changes of a gift card; what is left out stays."""

    blocked: Flag = Field(default=False, examples=[True])
    """A blocked card pays nothing; its balance stays."""
    expires_at: ToCome | None = None
    """Null: never."""
    note: Note = ""

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("nothing_to_change", "name at least one field to change")
        return self


class GiftCardRead(Shape):
    """A gift card as operators see it. Its code is shown once, when it is issued."""

    id: UUID
    ending: str = Field(examples=["C3PN"])
    """The last characters of the code."""
    initial: Money
    balance: Money
    note: str = Field(examples=["For the delay in March"])
    expires_at: datetime | None
    blocked: bool
    created_at: datetime
    updated_at: datetime


class GiftCardIssued(GiftCardRead):
    """A new gift card, with its code, which is not shown again."""

    code: str = Field(examples=["7K2M-Q9XD-40RT-V8WZ-C3PN"])


class GiftCardUse(Shape):
    """An order that was paid with the card, in part or whole."""

    payment_id: UUID
    order_id: UUID
    amount: Money
    """What left the card, in its currency."""
    refunded: Money
    """What was refunded to the card, in its currency."""
    paid: Money
    """What that paid of the order, in the order's currency."""
    at: datetime


class GiftCardDetail(GiftCardRead):
    """A gift card and what it paid, the newest first."""

    uses: list[GiftCardUse]


class CodeGiven(Shape):
    """A code of a gift card."""

    code: Code = Field(examples=["7K2M-Q9XD-40RT-V8WZ-C3PN"])


class BalanceRead(Shape):
    """What can be paid with a card."""

    balance: Money
    expires_at: datetime | None


class GiftCardListing(PageParams):
    """Which page of gift cards, and in which order."""

    sort: Literal["-created_at", "created_at", "-balance", "balance", "expires_at", "-expires_at"] = "-created_at"
    """Order of the list: downward with a minus sign. Cards that never expire come last."""
