"""The interface of every payment provider.

A provider is only ever called outside of transactions. Each call that moves money carries a key made from our own
row and kept on every retry, so that a call whose answer was lost may simply be made again.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from mercat.kit.money import Money


class ChargeState(StrEnum):
    """The state of a charge at its provider."""

    requires_action = "requires_action"
    """The buyer must give a payment method, confirm, or pass 3-D Secure."""
    processing = "processing"
    authorized = "authorized"
    captured = "captured"
    failed = "failed"
    """Declined; the same charge may be tried again with another method."""
    cancelled = "cancelled"


class ReturnState(StrEnum):
    """The state of a refund."""

    pending = "pending"
    succeeded = "succeeded"
    failed = "failed"


@dataclass(frozen=True, slots=True)
class SavedMethod:
    """A card, without anything secret."""

    ref: str
    kind: str
    brand: str = ""
    last4: str = ""
    expires: str = ""
    """`2030-04`, or empty."""


@dataclass(frozen=True, slots=True)
class ChargeRequest:
    """What is to be paid. `payment_id` is our own row; its key at the provider is `payment-<id>`."""

    payment_id: UUID
    order_id: UUID
    order_number: str
    amount: Money
    email: str = ""
    customer_ref: str | None = None
    method_ref: str | None = None
    """A saved method, or one that the buyer's browser made; the charge is then confirmed at once."""
    save_method: bool = False
    capture_later: bool = False
    return_url: str = ""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute by the buyer's bank. `state`: open, won, lost."""

    ref: str
    amount: Money
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """A refund, as the provider has it; `refund_id` is our own row, None if it is none of ours."""

    ref: str
    amount: Money
    state: ReturnState
    refund_id: UUID | None = None
    reason: str = ""
    settled: Money | None = None
    """What it has cost at the provider, where that counts in another currency."""


@dataclass(frozen=True, slots=True)
class Charge:
    """A payment, as its provider has it at this moment; `payment_id` is the row that it claims to belong to."""

    ref: str
    state: ChargeState
    amount: Money
    captured: Money
    payment_id: UUID | None = None
    fee: Money | None = None
    settled: Money | None = None
    """What has come at the provider before its fee, where that counts in another currency."""
    client_secret: str | None = None
    next_action: Mapping[str, str] | None = None
    """What the buyer has to do: at least `type`; `url` where there is a page."""
    failure_code: str = ""
    failure_message: str = ""
    method: SavedMethod | None = None
    returns: tuple[Returned, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    created_at: datetime | None = None
    authorized_until: datetime | None = None
    """Until when authorized money can be captured, where the provider says so."""


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """A verified webhook: it names the charge to query; nothing else of it is trusted."""

    event_id: str
    kind: str
    charge_ref: str | None
    """None: it is about nothing that we store."""
    body: Mapping[str, object] = field(default_factory=dict)
    """The event itself, stored for replay."""
    account_ref: str | None = None
    """Which vendor's account to query, if it is about one."""


class ProviderAway(Exception):
    """No answer, or an unusable one: the request may have been carried out. Retry with the same key."""


class ProviderRefused(Exception):
    """A definite no; nothing happened."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


UNKNOWN = frozenset({"resource_missing", "no_such_charge"})
"""Codes of refusals which say that a provider does not know what it was asked about."""


class WebhookRejected(Exception):
    """An unverified webhook: unsigned, badly signed, too old, or no secret to check it with."""


class Provider(Protocol):
    """A payment provider. Every method but `read_webhook` may raise `ProviderAway` and `ProviderRefused`."""

    @property
    def name(self) -> str:
        """The provider's name in payments."""

    async def open(self, charge_request: ChargeRequest) -> Charge:
        """Create the charge; with the same `payment_id` again, return the existing one.

        A decline is no refusal: it is a `Charge` in state `failed`.
        """

    async def confirm(self, ref: str, *, payment_id: UUID, method_ref: str | None, return_url: str) -> Charge:
        """Continue a charge that waits for its buyer, perhaps with another method."""

    async def find(self, ref: str) -> Charge:
        """Return a charge with all of its refunds and disputes."""

    async def find_of(self, payment_id: UUID, since: datetime) -> Charge | None:
        """Return the charge of a payment of ours, when the answer that named it was lost.

        `since` is by our clock; how far the provider's may be behind is the provider's to allow for.
        """

    async def capture(self, ref: str, amount: Money, *, key: str) -> Charge:
        """Capture authorized money, all of it or less; the rest is released."""

    async def cancel(self, ref: str, *, key: str) -> Charge:
        """Void a charge. One that was captured meanwhile is returned as captured, not cancelled."""

    async def refund(self, ref: str, amount: Money, *, refund_id: UUID, reason: str) -> Returned:
        """Refund money; with the same `refund_id` again, return the existing refund."""

    def charges(self, since: datetime) -> AsyncIterator[Charge]:
        """Yield every charge of ours since then, for reconciliation; others' on the same account are left out."""

    def read_webhook(self, body: bytes, headers: Mapping[str, str]) -> WebhookEvent:
        """Check a webhook's signature and age.

        Raises:
            WebhookRejected: it cannot be trusted.
        """

    async def new_customer(self, user_id: UUID, email: str) -> str:
        """Return the reference of a person's account at the provider; with the same `user_id` again, the same."""

    async def begin_saving(self, customer_ref: str) -> tuple[str, str]:
        """Return the reference and client secret with which the buyer's browser saves a method without paying."""

    async def attach(self, customer_ref: str, method_ref: str) -> SavedMethod:
        """Save a method that the buyer's browser made."""

    async def methods(self, customer_ref: str) -> list[SavedMethod]:
        """Return the saved methods of a person."""

    async def detach(self, method_ref: str) -> None:
        """Delete a method; one that is gone already is no error."""
