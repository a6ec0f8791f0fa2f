"""The sandbox provider: behaves like a card processor with books of its own, and says that it is none.

Its cards are named for what they do: `test_approve` (also without any), `test_decline`, `test_insufficient_funds`,
`test_require_action` (asks for a challenge, which has a page, see `challenges`; confirming again passes it too,
`test_challenge_failed` does not),
`test_processing` (captured later), `test_dispute` (approved, then disputed). It keeps 1.5 % for itself.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import clock
from mercat.kit.database import Database
from mercat.kit.ids import new_id
from mercat.kit.money import Money
from mercat.payments.models import TestCharge, TestReturn
from mercat.payments.providers.interface import (
    Charge,
    ChargeRequest,
    ChargeState,
    Dispute,
    ProviderRefused,
    Returned,
    ReturnState,
    SavedMethod,
    WebhookEvent,
    WebhookRejected,
)
from mercat.payments.providers.sandbox.challenges import url_of

APPROVE = "test_approve"
DECLINES = {
    "test_decline": ("card_declined", "The card was declined."),
    "test_insufficient_funds": ("insufficient_funds", "There is not enough money on the card."),
    "test_challenge_failed": ("authentication_failed", "The challenge was not passed."),
}
METHODS = (APPROVE, *DECLINES, "test_require_action", "test_processing", "test_dispute")
FEE_PER_MILLE = 15
AUTHORIZED_FOR = timedelta(days=7)
SETTLED = (ChargeState.captured, ChargeState.cancelled, ChargeState.authorized)


@dataclass(frozen=True, slots=True)
class SandboxProvider:
    """A card processor for demos and tests. Its books are in the same database, in transactions of their own.

    A charge is created when its buyer confirms it.
    """

    database: Database
    name: str = "test"

    async def open(self, charge_request: ChargeRequest) -> Charge:
        """Create the charge; see `Provider.open`. One statement, unless it exists already."""
        card, new = charge_request.method_ref or APPROVE, _new(charge_request)
        _attempt(new, card)
        values = {column.name: getattr(new, column.name) for column in TestCharge.__table__.columns}
        made = insert(TestCharge).values(values).on_conflict_do_nothing().returning(TestCharge.ref)
        async with self.database.transaction() as session:
            if await session.scalar(made) is not None:
                return _described(new)
            charge = await _locked(session, ref_of(charge_request.payment_id))
            charge.return_url = charge_request.return_url or charge.return_url
            _attempt(charge, card)
            return await _shown(session, charge)

    async def confirm(self, ref: str, *, payment_id: UUID, method_ref: str | None, return_url: str) -> Charge:  # noqa: ARG002 - known by its reference
        """Pay with a pretended card."""
        async with self.database.transaction() as session:
            charge = await _locked(session, ref)
            charge.return_url = return_url or charge.return_url
            _attempt(charge, method_ref or APPROVE)
            return await _shown(session, charge)

    async def find(self, ref: str) -> Charge:
        """Return a charge; one that was processing is captured meanwhile."""
        async with self.database.transaction() as session:
            charge = await _locked(session, ref)
            if charge.state == ChargeState.processing:
                _take(charge)
            return await _shown(session, charge)

    async def find_of(self, payment_id: UUID, since: datetime) -> Charge | None:  # noqa: ARG002 - the books are small
        """Return the charge of a payment of ours."""
        async with self.database.primary_session() as session:
            found = await session.get(TestCharge, ref_of(payment_id))
            return await _shown(session, found) if found else None

    async def capture(self, ref: str, amount: Money, *, key: str) -> Charge:  # noqa: ARG002 - the state guards
        """Capture authorized money."""
        async with self.database.transaction() as session:
            charge = await _locked(session, ref)
            if charge.state == ChargeState.authorized:
                charge.state, charge.captured_minor = ChargeState.captured, amount.minor
            return await _shown(session, charge)

    async def cancel(self, ref: str, *, key: str) -> Charge:  # noqa: ARG002 - the state guards
        """Void a charge, unless it is captured."""
        async with self.database.transaction() as session:
            charge = await _locked(session, ref)
            if charge.state != ChargeState.captured:
                charge.state = ChargeState.cancelled
            return await _shown(session, charge)

    async def refund(self, ref: str, amount: Money, *, refund_id: UUID, reason: str) -> Returned:  # noqa: ARG002 - kept by us
        """Refund money, once for each of our refunds and never more than was captured."""
        async with self.database.transaction() as session:
            charge = await _locked(session, ref)
            given = await _returns(session, charge)
            known = next((one for one in given if one.refund_id == refund_id), None)
            if known is not None:
                return known
            if charge.dispute in ("open", "lost"):
                raise ProviderRefused("charge_disputed", "The buyer's bank has taken this money back.")
            if sum(one.amount.minor for one in given) + amount.minor > charge.captured_minor:
                raise ProviderRefused("charge_already_refunded", "More would be given back than came.")
            made = TestReturn(
                ref=f"test_refund_{refund_id.hex}", charge_ref=ref, refund_id=refund_id, amount_minor=amount.minor
            )
            session.add(made)
            return Returned(made.ref, amount, ReturnState.succeeded, refund_id)

    async def charges(self, since: datetime) -> AsyncIterator[Charge]:
        """Yield every charge since then."""
        async with self.database.primary_session() as session:
            found = await session.scalars(
                select(TestCharge).where(TestCharge.created_at >= since).order_by(TestCharge.created_at)
            )
            for charge in found.all():
                yield await _shown(session, charge)

    def read_webhook(self, body: bytes, headers: Mapping[str, str]) -> WebhookEvent:  # noqa: ARG002 - nothing is believed
        """Reject every webhook: this provider sends none."""
        raise WebhookRejected

    async def new_customer(self, user_id: UUID, email: str) -> str:  # noqa: ARG002 - nobody is written to
        """Return a reference for a person."""
        return f"test_customer_{sha256(user_id.bytes).hexdigest()[:24]}"

    async def begin_saving(self, customer_ref: str) -> tuple[str, str]:
        """Return a reference and a secret with which nothing needs to be done."""
        return f"{customer_ref}_setup", f"{customer_ref}_setup_secret"

    async def attach(self, customer_ref: str, method_ref: str) -> SavedMethod:  # noqa: ARG002 - nobody's in particular
        """Save one of the pretended cards for a person."""
        if method_ref not in METHODS:
            raise ProviderRefused("no_such_method", f"There is no test card {method_ref}.")
        return SavedMethod(f"test_card_{new_id().hex}:{method_ref}", "card", "test", "0000", "2030-12")

    async def methods(self, customer_ref: str) -> list[SavedMethod]:  # noqa: ARG002 - nobody's in particular
        """Return nothing: pretended cards are not stored."""
        return []

    async def detach(self, method_ref: str) -> None:
        """Delete a pretended card: there is nothing to delete."""


def ref_of(payment_id: UUID) -> str:
    """Return the reference of a payment's charge; it is known before the charge exists."""
    return f"test_{payment_id.hex}"


async def record_past_charge(session: AsyncSession, payment_id: UUID, amount: Money, at: datetime) -> str:
    """Backfill a charge that was paid long ago; returns its reference."""
    charge = TestCharge(
        ref=ref_of(payment_id),
        payment_id=payment_id,
        state=ChargeState.captured,
        currency=amount.currency,
        amount_minor=amount.minor,
        captured_minor=amount.minor,
        created_at=at,
    )
    session.add(charge)
    return charge.ref


def _new(charge_request: ChargeRequest) -> TestCharge:
    return TestCharge(
        ref=ref_of(charge_request.payment_id),
        payment_id=charge_request.payment_id,
        state=ChargeState.requires_action,
        currency=charge_request.amount.currency,
        amount_minor=charge_request.amount.minor,
        captured_minor=0,
        challenge=False,
        capture_later=charge_request.capture_later,
        failure_code="",
        dispute="",
        return_url=charge_request.return_url,
        created_at=clock.now(),
    )


async def _locked(session: AsyncSession, ref: str) -> TestCharge:
    found = await session.get(TestCharge, ref, with_for_update=True)
    if found is None:
        raise ProviderRefused("no_such_charge", "There is no such charge.")
    return found


def _attempt(charge: TestCharge, card: str) -> None:
    method = card.rpartition(":")[2]  # a saved card is named with its owner before it
    if method not in METHODS:
        raise ProviderRefused("no_such_method", f"There is no test card {method}.")
    if charge.state in SETTLED:
        return
    if method in DECLINES:
        charge.state, charge.failure_code, charge.challenge = ChargeState.failed, DECLINES[method][0], False
    elif method == "test_require_action" and not charge.challenge:
        charge.state, charge.failure_code, charge.challenge = ChargeState.requires_action, "", True
    elif method == "test_processing":
        charge.state, charge.failure_code = ChargeState.processing, ""
    else:
        charge.dispute = "open" if method == "test_dispute" else ""
        _take(charge)


def _take(charge: TestCharge) -> None:
    charge.failure_code, charge.challenge = "", False
    if charge.capture_later:
        charge.state = ChargeState.authorized
    else:
        charge.state, charge.captured_minor = ChargeState.captured, charge.amount_minor


async def _returns(session: AsyncSession, charge: TestCharge) -> tuple[Returned, ...]:
    rows = await session.scalars(select(TestReturn).where(TestReturn.charge_ref == charge.ref).order_by(TestReturn.ref))
    return tuple(
        Returned(row.ref, Money(row.amount_minor, charge.currency), ReturnState.succeeded, row.refund_id)
        for row in rows
    )


async def _shown(session: AsyncSession, charge: TestCharge) -> Charge:
    return _described(charge, await _returns(session, charge) if charge.captured_minor else ())


def _to_do(charge: TestCharge) -> dict[str, str]:
    return {"type": "challenge", "url": url_of(charge.payment_id)} if charge.challenge else {"type": "confirm"}


def _described(charge: TestCharge, returns: tuple[Returned, ...] = ()) -> Charge:
    state = ChargeState(charge.state)
    captured = Money(charge.captured_minor, charge.currency)
    messages = dict(DECLINES.values())
    return Charge(
        ref=charge.ref,
        state=state,
        amount=Money(charge.amount_minor, charge.currency),
        captured=captured,
        payment_id=charge.payment_id,
        fee=Money(charge.captured_minor * FEE_PER_MILLE // 1000, charge.currency) if captured.minor else None,
        client_secret=f"{charge.ref}_secret",
        next_action=_to_do(charge) if state is ChargeState.requires_action else None,
        failure_code=charge.failure_code,
        failure_message=messages.get(charge.failure_code, ""),
        returns=returns,
        disputes=(Dispute(f"{charge.ref}_dispute", captured, charge.dispute, "fraudulent"),) if charge.dispute else (),
        created_at=charge.created_at,
        authorized_until=charge.created_at + AUTHORIZED_FOR if state is ChargeState.authorized else None,
    )
