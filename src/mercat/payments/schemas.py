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
    """`manual`: pay as the instructions say. `confirm`: choose a card and confirm. Else what the provider calls it."""
    instructions: str = Field("", examples=["Please transfer the amount to the shop's account."])
    url: str | None = None
    """Where the buyer passes the card's own check (3-D Secure), if it is a page."""


class PaymentOption(Shape):
    """A way of paying that the shop takes now."""

    method: str = Field(examples=["card"])
    """What a checkout names as `payment_method`."""
    provider: str = Field(examples=["stripe"])
    instructions: str = Field(examples=[""])
    """What the buyer has to do, in words."""
    publishable_key: str | None = Field(examples=["pk_live_51Mx"])
    """With it the provider's form in the buyer's browser reads cards."""
    is_test: bool
    """No money moves."""


class Failure(Shape):
    """Why the last attempt did not work; another card may."""

    code: str = Field(examples=["card_declined"])
    message: str = Field(examples=["The card was declined."])


class PaymentRead(Shape):
    """A payment."""

    id: UUID
    order_id: UUID
    provider: str = Field(examples=["manual"])
    status: str = Field(examples=["requires_action"])
    amount: Money
    captured: Money
    refunded: Money
    client_secret: str | None = None
    """With it the buyer's browser talks to the provider; shown to the payer alone."""
    next_action: NextAction | None
    failure: Failure | None = None
    surplus: bool = False
    """The money cannot be for the order and goes back."""
    created_at: datetime


class RefundRead(Shape):
    """Money of a payment that goes back, or has gone back."""

    id: UUID
    payment_id: UUID
    order_id: UUID
    status: str = Field(examples=["succeeded"])
    amount: Money
    reason: str = Field(examples=["Arrived broken"])
    failure: str = Field("", examples=["The card does not exist any more."])
    """Why the provider could not give it back; the money is still here then."""
    created_at: datetime
    settled_at: datetime | None


class DisputeRead(Shape):
    """A buyer's bank that took the money back, or wants to."""

    id: UUID
    state: str = Field(examples=["open"])
    amount: Money
    reason: str = Field(examples=["fraudulent"])
    created_at: datetime
    updated_at: datetime


class MethodRead(Shape):
    """A card that is kept for somebody, as far as anybody may know it."""

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
    """Order of the list: downward with a minus sign."""
