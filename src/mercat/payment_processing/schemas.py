"""Shapes of payment and refunds."""

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
    """Pay an order that awaits payment, perhaps by another method than was chosen first."""

    order_id: UUID
    provider: MethodName | None = Field(None, examples=["card"])
    """`card`, `manual`, or another accepted method; left out, the method that the order was placed with."""
    payment_method_id: CardRef | None = Field(None, examples=["pm_card_visa"])
    """A card: the id of a saved one, or the reference from the provider's form. It is charged at once."""
    save_payment_method: Flag = False
    """Save the card for later; for signed-in buyers."""
    return_url: PageUrl | None = Field(None, examples=["https://shop.example/orders/done"])
    """The page that the buyer returns to after 3-D Secure."""


class PaymentConfirm(Shape):
    """Continue a payment."""

    payment_id: UUID
    payment_method_id: CardRef | None = Field(None, examples=["pm_card_visa"])
    """A card, see `POST /payments/create`; left out, the marketplace queries the payment at its provider."""
    save_payment_method: Flag = False
    """Save the card for later; for signed-in buyers."""
    return_url: PageUrl | None = Field(None, examples=["https://shop.example/orders/done"])
    """The page that the buyer returns to after 3-D Secure."""


class RefundedUnits(Shape):
    """Units of a line of the order."""

    item_id: UUID
    quantity: Quantity = Field(examples=[1])


class RefundCreate(Shape):
    """Refund a payment: an amount, units of lines, or with neither all that is refundable."""

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
        """The units by line."""
        return {piece.item_id: piece.quantity for piece in self.items}


class PaymentMoment(Shape):
    """An event of a payment."""

    at: datetime
    what: str = Field(examples=["payment.captured"])
    """`payment.opened`, `payment.captured`, `payment.failed` and so on, `webhook.kept`, `refund.requested`,
    `refund.succeeded`, `refund.failed`, `dispute.open`, `dispute.won`, `dispute.lost`, `ledger.booked`."""
    detail: dict[str, JsonValue]
    """Its details: amounts, reasons, outcomes."""


class RefundResult(RefundRead):
    """The refund, and the payment as it is now."""

    payment: PaymentRead
