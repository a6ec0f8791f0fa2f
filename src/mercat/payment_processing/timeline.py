"""The timeline of a payment, for operators, from every record of it."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, auth, ledger, payments
from mercat.kit.money import Money
from mercat.payment_processing.schemas import PaymentMoment
from mercat.payments import inbox, refunds

MOST_CHANGES = 100
"""How many of the newest changes are read from the audit log: a payment sees a handful."""


async def of_payment(session: AsyncSession, payment_id: UUID) -> list[PaymentMoment]:
    """Return the events of a payment, the oldest first; the caller has authorised.

    Raises:
        PaymentNotFound: there is no such payment.
    """
    about = await payments.snapshot(session, payment_id)
    moments = [
        _moment(about.opened_at, "payment.opened", provider=about.provider, amount=about.amount),
        *await _changes(session, payment_id),
        *await _webhooks(session, about),
        *await _refunds(session, payment_id),
        *await _disputes(session, payment_id),
        *await _books(session, payment_id),
    ]
    return sorted(moments, key=lambda moment: moment.at)


async def _changes(session: AsyncSession, payment_id: UUID) -> list[PaymentMoment]:
    wanted = audit.AuditListing(target_type=["payment"], target_id=payment_id, size=MOST_CHANGES)
    entries, _ = await audit.page(session, wanted)
    return [
        PaymentMoment(
            at=entry.at,
            what=entry.action,
            detail={name: change.after for name, change in entry.changes.items() if change is not None},
        )
        for entry in reversed(entries)
        if entry.action != "payment.opened"
    ]


async def _webhooks(session: AsyncSession, about: payments.PaymentSnapshot) -> list[PaymentMoment]:
    if about.provider_ref is None:
        return []
    webhooks = await inbox.about(session, about.provider, about.provider_ref)
    return [_moment(one.received_at, "webhook.kept", kind=one.kind, outcome=one.outcome) for one in webhooks]


async def _refunds(session: AsyncSession, payment_id: UUID) -> list[PaymentMoment]:
    by = await refunds.requesters(session, payment_id)
    names = await auth.names_behind(session, list(by.values()))
    found = []
    for refund in await refunds.of_payments(session, [payment_id]):
        who = names.get(by[refund.id], by[refund.id])
        detail: dict[str, str | Money] = {"refund_id": str(refund.id), "amount": refund.amount}
        found.append(_moment(refund.created_at, "refund.requested", **detail, by=who, reason=refund.reason))
        if refund.settled_at is not None:
            found.append(_moment(refund.settled_at, f"refund.{refund.status}", **detail, failure=refund.failure))
    return found


async def _disputes(session: AsyncSession, payment_id: UUID) -> list[PaymentMoment]:
    def told(dispute: payments.DisputeRead) -> Iterator[PaymentMoment]:
        yield _moment(dispute.created_at, "dispute.open", amount=dispute.amount, reason=dispute.reason)
        if dispute.state != "open":
            yield _moment(dispute.updated_at, f"dispute.{dispute.state}", amount=dispute.amount)

    return [moment for dispute in await payments.disputes_of(session, payment_id) for moment in told(dispute)]


async def _books(session: AsyncSession, payment_id: UUID) -> list[PaymentMoment]:
    return [
        _moment(entry.posted_at, "ledger.booked", entry_id=str(entry.id), cause=entry.cause)
        for entry in await ledger.of_payment(session, payment_id)
    ]


def _moment(at: datetime, what: str, **detail: str | Money) -> PaymentMoment:
    said: dict[str, JsonValue] = {
        name: {**value.wire()} if isinstance(value, Money) else value for name, value in detail.items() if value != ""
    }
    return PaymentMoment(at=at, what=what, detail=said)
