"""Shapes of payments."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from mercat.kit.money import Money
from mercat.kit.pagination import PageParams
from mercat.kit.shapes import Shape


class NextAction(Shape):
    """What the buyer has to do now."""

    type: str = Field(examples=["manual"])
    """`manual`: pay as the instructions say. `confirm`: choose a card and confirm. Else the provider's own word."""
    instructions: str = Field("", examples=["Please transfer the amount to the marketplace's account."])
    url: str | None = None
    """The page of the card's own check (3-D Secure), if there is one."""


class PaymentOption(Shape):
    """A payment method that the marketplace accepts now."""

    method: str = Field(examples=["card"])
    """The `payment_method` of a checkout."""
    provider: str = Field(examples=["stripe"])
    instructions: str = Field(examples=[""])
    """What the buyer has to do, in words."""
    publishable_key: str | None = Field(examples=["pk_live_51Mx"])
    """With it the provider's form in the buyer's browser reads cards."""
    is_test: bool
    """No money moves."""


class Failure(Shape):
    """Why the last attempt failed; another card may work."""

    code: str = Field(examples=["card_declined"])
    message: str = Field(examples=["The card was declined."])


class PaymentRead(Shape):
    """A payment."""

    id: UUID
    order_id: UUID
    provider: str = Field(examples=["manual"])
    status: str = Field(examples=["requires_action"])
    amount: Money
    books_amount: Money | None
    """What it is worth in the currency of the books, or has taken off a gift card; null if nobody knows."""
    captured: Money
    refunded: Money
    client_secret: str | None = None
    """With it the buyer's browser talks to the provider; shown to the payer alone."""
    next_action: NextAction | None
    failure: Failure | None = None
    surplus: bool = False
    """The money cannot be for the order and is refunded."""
    created_at: datetime


class RefundRead(Shape):
    """A refund of a payment, under way or done."""

    id: UUID
    payment_id: UUID
    order_id: UUID
    status: str = Field(examples=["succeeded"])
    amount: Money
    books_amount: Money | None
    """What it was worth in the currency of the books, or gave back to a gift card; null before it has succeeded."""
    reason: str = Field(examples=["Arrived broken"])
    failure: str = Field("", examples=["The card does not exist any more."])
    """Why the provider could not refund it; the money is still with the marketplace then."""
    created_at: datetime
    settled_at: datetime | None


class DisputeRead(Shape):
    """A dispute: a buyer's bank reclaims the money, or has done so."""

    id: UUID
    state: str = Field(examples=["open"])
    amount: Money
    reason: str = Field(examples=["fraudulent"])
    created_at: datetime
    updated_at: datetime


class MethodRead(Shape):
    """A person's saved card, without anything secret."""

    id: UUID
    provider: str = Field(examples=["stripe"])
    kind: str = Field(examples=["card"])
    brand: str = Field(examples=["visa"])
    last4: str = Field(examples=["4242"])
    expires: str = Field(examples=["2030-04"])
    created_at: datetime


class PaymentListing(PageParams):
    """Which page of payments, and in which order."""

    sort: Literal["-created_at", "created_at", "-amount", "amount"] = "-created_at"
    """Order of the list: downward with a minus sign. Amounts are compared in the currency of the books; those that are
    unknown there come last."""
