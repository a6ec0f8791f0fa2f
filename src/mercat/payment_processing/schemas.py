"""Shapes of payment and refunds."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, JsonValue, StringConstraints

from mercat import orders
from mercat.kit.shapes import Flag, Line, Shape
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


class RefundCreate(orders.RefundScope):
    """Refund a payment: an amount, units of lines, or with neither all that is refundable."""

    payment_id: UUID
    reason: Line | None = Field(None, max_length=200, examples=["Arrived broken"])


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
