"""Shapes of paying and of giving back."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, JsonValue, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from mercat.kit.money import Money
from mercat.kit.shapes import Flag, Line, Quantity, Shape
from mercat.payments import PaymentRead
from mercat.payments.refunds import RefundRead

MethodName = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z0-9_-]+$")]
CardRef = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9_:-]+$")]
PageUrl = Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[^\s\\]+$")]


class PaymentCreate(Shape):
    """Pay an order that waits for its money, perhaps in another way than was chosen first."""

    order_id: UUID
    provider: MethodName | None = Field(None, examples=["card"])
    """`card`, `manual`, or what else the shop takes; left out, the way that the order was placed with."""
    payment_method_id: CardRef | None = Field(None, examples=["pm_card_visa"])
    """A card: the id of a saved one, or what the provider's form gave the browser. It is charged at once."""
    save_payment_method: Flag = False
    """Keep the card for later; for people who are signed in."""
    return_url: PageUrl | None = Field(None, examples=["https://shop.example/orders/done"])
    """Where the buyer comes back to after the card's own check."""


class PaymentConfirm(Shape):
    """Go on with a payment."""

    payment_id: UUID
    payment_method_id: CardRef | None = Field(None, examples=["pm_card_visa"])
    """A card, see `POST /payments/create`; left out, the shop asks the provider how the payment stands."""
    save_payment_method: Flag = False
    """Keep the card for later; for people who are signed in."""
    return_url: PageUrl | None = Field(None, examples=["https://shop.example/orders/done"])
    """Where the buyer comes back to after the card's own check."""


class RefundedUnits(Shape):
    """So many pieces of a line of the order."""

    item_id: UUID
    quantity: Quantity = Field(examples=[1])


class RefundCreate(Shape):
    """Give money of a payment back: an amount, pieces of lines, or with neither all that is left."""

    payment_id: UUID
    amount: Money | None = Field(None, examples=[{"amount": "10.00", "currency": "EUR"}])
    items: list[RefundedUnits] = Field(default_factory=list, max_length=200)
    reason: Line | None = Field(None, max_length=200, examples=["Arrived broken"])

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.amount is not None and self.items:
            raise PydanticCustomError("amount_and_items", "name an amount or pieces, not both")
        if self.amount is not None and self.amount.minor <= 0:
            raise PydanticCustomError("amount_positive", "an amount to give back is more than nothing")
        if len({piece.item_id for piece in self.items}) < len(self.items):
            raise PydanticCustomError("item_twice", "name each line once")
        return self

    @property
    def pieces(self) -> dict[UUID, int]:
        """The pieces by line."""
        return {piece.item_id: piece.quantity for piece in self.items}


class PaymentMoment(Shape):
    """Something that happened to a payment."""

    at: datetime
    what: str = Field(examples=["payment.captured"])
    """`payment.opened`, `payment.captured`, `payment.failed` and so on, `webhook.kept`, `refund.requested`,
    `refund.succeeded`, `refund.failed`, `dispute.open`, `dispute.won`, `dispute.lost`, `ledger.booked`."""
    detail: dict[str, JsonValue]
    """What is to be said about it: amounts, reasons, what came of it."""


class RefundResult(RefundRead):
    """The refund, and the payment as it is now."""

    payment: PaymentRead
