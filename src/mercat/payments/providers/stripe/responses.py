"""The parts of Stripe's answers that we trust, and their meaning."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field, field_validator

from mercat.kit.money import Money
from mercat.payments.providers.interface import Charge, ChargeState, Dispute, Returned, ReturnState, SavedMethod
from mercat.payments.providers.stripe.amounts import from_stripe

STATES = {
    "requires_payment_method": ChargeState.requires_action,
    "requires_confirmation": ChargeState.requires_action,
    "requires_action": ChargeState.requires_action,
    "processing": ChargeState.processing,
    "requires_capture": ChargeState.authorized,
    "succeeded": ChargeState.captured,
    "canceled": ChargeState.cancelled,
}
RETURN_STATES = {"succeeded": ReturnState.succeeded, "failed": ReturnState.failed, "canceled": ReturnState.failed}
CLOSED = {"won": "won", "warning_closed": "won", "prevented": "won", "lost": "lost"}
"""Ends of a dispute. Every other status means that it is open."""


class BalanceSeen(BaseModel):
    """What a charge or a refund was to Stripe's balance, in the currency in which it settles; a refund is negative."""

    amount: int
    fee: int
    currency: str

    def settled(self, currency: str) -> Money | None:
        """Return how much that was, if it is in another currency than was charged."""
        return None if self.currency == currency else from_stripe(abs(self.amount), self.currency)


def _expanded(given: object) -> object:
    return None if isinstance(given, str) else given


Balance = Annotated[BalanceSeen | None, BeforeValidator(_expanded)]
"""It is called after the id alone where it was not asked for."""


class RefundSeen(BaseModel):
    """A refund, as Stripe describes it."""

    id: str
    amount: int
    currency: str
    status: str | None = None
    reason: str | None = None
    metadata: dict[str, str] | None = None
    balance_transaction: Balance = None


class RefundsSeen(BaseModel):
    """The refunds that travel with a charge: the ten newest."""

    data: list[RefundSeen]
    has_more: bool


class DisputeSeen(BaseModel):
    """A dispute, as Stripe describes it."""

    id: str
    amount: int
    currency: str
    status: str
    reason: str = ""


class DisputesSeen(BaseModel):
    """The disputes about a charge; there are never more than a few."""

    data: list[DisputeSeen]


class ChargeSeen(BaseModel):
    """One attempt to take the money; called after the id alone where it was not asked for."""

    id: str
    disputed: bool = False
    balance_transaction: Balance = None
    refunds: RefundsSeen | None = None
    payment_method_details: dict[str, Any] | None = None

    @property
    def capture_before(self) -> datetime | None:
        """When a card's authorization lapses."""
        card = (self.payment_method_details or {}).get("card")
        until = card.get("capture_before") if isinstance(card, dict) else None
        return datetime.fromtimestamp(until, UTC) if isinstance(until, int) else None


class MethodSeen(BaseModel):
    """A payment method; its details are under the name of its kind."""

    model_config = {"extra": "allow"}
    id: str
    type: str
    customer: str | None = None

    def shown(self) -> SavedMethod:
        """Return its public details."""
        detail: Mapping[str, Any] = (self.model_extra or {}).get(self.type) or {}
        year, month = detail.get("exp_year"), detail.get("exp_month")
        expires = f"{year}-{month:02}" if year and month else ""
        return SavedMethod(self.id, self.type, detail.get("brand") or "", detail.get("last4") or "", expires)


class ErrorSeen(BaseModel):
    """Why the last attempt failed."""

    code: str | None = None
    decline_code: str | None = None
    message: str | None = None


class IntentSeen(BaseModel):
    """A PaymentIntent, with what was asked to come along."""

    id: str
    status: str
    amount: int
    amount_received: int = 0
    currency: str
    created: int
    client_secret: str | None = None
    metadata: dict[str, str] = Field(default_factory=dict)
    next_action: dict[str, Any] | None = None
    last_payment_error: ErrorSeen | None = None
    payment_method: MethodSeen | None = None
    latest_charge: ChargeSeen | None = None

    @field_validator("payment_method", "latest_charge", mode="before")
    @classmethod
    def _expanded(cls, given: object) -> object:
        return {"id": given, "type": "card"} if isinstance(given, str) else given


class IntentsSeen(BaseModel):
    """A page of PaymentIntents."""

    data: list[IntentSeen]
    has_more: bool


def charge_of(
    intent: IntentSeen, *, ours: bool, refunds: Sequence[Returned] = (), disputes: Sequence[Dispute] = ()
) -> Charge:
    """Return a charge as we speak of one. `ours`: whether its metadata is this marketplace's."""
    error = intent.last_payment_error if intent.status == "requires_payment_method" else None
    balance = intent.latest_charge and intent.latest_charge.balance_transaction
    return Charge(
        ref=intent.id,
        state=ChargeState.failed if error else STATES.get(intent.status, ChargeState.processing),
        amount=from_stripe(intent.amount, intent.currency),
        captured=from_stripe(intent.amount_received, intent.currency),
        payment_id=_id_in(intent.metadata, "payment_id") if ours else None,
        fee=from_stripe(balance.fee, balance.currency) if balance else None,
        settled=balance.settled(intent.currency) if balance else None,
        client_secret=intent.client_secret,
        next_action=_to_do(intent.next_action),
        failure_code=(error.decline_code or error.code or "declined") if error else "",
        failure_message=(error.message or "") if error else "",
        method=intent.payment_method.shown() if intent.payment_method else None,
        returns=tuple(refunds),
        disputes=tuple(disputes),
        created_at=datetime.fromtimestamp(intent.created, UTC),
        authorized_until=intent.latest_charge.capture_before if intent.latest_charge else None,
    )


def returned_of(refund: RefundSeen, *, ours: bool) -> Returned:
    """Return a refund as we speak of one."""
    metadata = refund.metadata or {}
    return Returned(
        ref=refund.id,
        amount=from_stripe(refund.amount, refund.currency),
        state=RETURN_STATES.get(refund.status or "", ReturnState.pending),
        refund_id=_id_in(metadata, "refund_id") if ours else None,
        reason=metadata.get("reason") or refund.reason or "",
        settled=refund.balance_transaction.settled(refund.currency) if refund.balance_transaction else None,
    )


def dispute_of(dispute: DisputeSeen) -> Dispute:
    """Return a dispute as we speak of one."""
    amount = from_stripe(dispute.amount, dispute.currency)
    return Dispute(dispute.id, amount, CLOSED.get(dispute.status, "open"), dispute.reason)


def _id_in(metadata: Mapping[str, str], name: str) -> UUID | None:
    try:
        return UUID(metadata.get(name, ""))
    except ValueError:
        return None


def _to_do(action: Mapping[str, Any] | None) -> Mapping[str, str] | None:
    if action is None:
        return None
    kind = str(action["type"])
    url = (action.get(kind) or {}).get("url")
    return {"type": kind, "url": str(url)} if url else {"type": kind}
