"""Reconciliation of payments with their providers, and of the ledger with the payments.

What has one safe answer is repaired: a payment is updated from its charge, a missed refund is requested again, a
missing entry is booked. Everything else is reported, and left to a person.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mercat import ledger, orders, payments
from mercat.kit import clock
from mercat.kit.database import Database
from mercat.payment_processing import charge_lookup, refund_carrier, refund_service
from mercat.payments import Difference, Findings, providers, refunds
from mercat.payments.providers import Charge, ChargeState, ReturnState

WAITING = timedelta(minutes=2)
"""What was requested more recently is under way, not lost."""
BATCH = 500


@dataclass(slots=True)
class Report(Findings):
    """What was checked and what was found."""

    charges: int = 0
    payments: int = 0
    refunds: int = 0


@dataclass(frozen=True, slots=True)
class _Period:
    """What is compared: what began in this time."""

    since: datetime
    until: datetime


async def reconcile(database: Database, *, since: datetime, repair: bool) -> Report:
    """Compare everything between then and now; a second run finds nothing that was repaired.

    What begins while this runs is left to the next run. Providers that cannot be called here are named.
    """
    report, period = Report(), _Period(since, clock.now())
    for name in providers.online():
        try:
            await _charges(database, name, period, report, repair=repair)
        except (providers.ProviderAway, payments.ProviderUnavailable):
            report.away.append(name)
    async with database.transaction() as session:
        used = await payments.providers_since(session, since)
    report.not_set_up += sorted(used - set(providers.online()))
    await _refunds(database, report, repair=repair)
    await _books(database, report, repair=repair)
    return report


async def _charges(database: Database, name: str, period: _Period, report: Report, *, repair: bool) -> None:
    provider = providers.provider(name, database)
    seen: set[str] = set()
    async for listed in provider.charges(period.since):
        seen.add(listed.ref)
        if listed.created_at is not None and listed.created_at > period.until:
            continue
        report.charges += 1
        charge, difference = listed, await _compare(database, name, listed)
        if difference is not None:  # it may have changed since it was listed
            charge = await provider.find(listed.ref)
            difference = await _compare(database, name, charge)
        if difference is not None:
            report.differences.append(await _mend(database, name, charge, difference) if repair else difference)
    async for about in _ours(database, name, period):
        report.payments += 1
        if about.provider_ref is not None and about.provider_ref not in seen and not await _knows(provider, about):
            report.differences.append(Difference("unknown_to_provider", str(about.payment_id), about.status, "nothing"))


async def _knows(provider: providers.Provider, about: payments.PaymentSnapshot) -> bool:
    """Whether a provider knows a charge that it has not listed: one that was made after its list was read."""
    try:
        return about.provider_ref is not None and bool(await provider.find(about.provider_ref))
    except providers.ProviderRefused:
        return False


async def _compare(database: Database, name: str, charge: Charge) -> Difference | None:
    """Return how a charge and its payment differ, if they do."""
    theirs = f"{charge.state}, {charge.captured} taken"
    async with database.transaction() as session:
        payment_id = await payments.by_charge(session, name, charge.ref)
        if payment_id is None:
            took = charge.captured.minor > 0
            kind = "money_without_payment" if took else "charge_without_payment"
            return Difference(kind, charge.ref, "nothing", theirs) if took or charge.payment_id else None
        ours = await payments.read_any(session, payment_id)
        known = await refunds.of_payments(session, [payment_id])
    returned = sum(one.amount.minor for one in charge.returns if one.state is ReturnState.succeeded)
    booked = sum(one.amount.minor for one in known if one.status == "succeeded")
    about = f"payment {payment_id}"
    if ours.captured != charge.captured:
        return Difference("captured", about, str(ours.captured), str(charge.captured))
    if returned != booked:
        return Difference("refunded", about, str(booked), str(returned))
    if ours.status == "cancelled" and charge.state is not ChargeState.cancelled:
        return Difference("not_called_off", about, ours.status, charge.state)
    return None


async def _mend(database: Database, name: str, charge: Charge, found: Difference) -> Difference:
    """Update our side from the provider's, then compare again."""
    if found.kind == "not_called_off":
        async with database.transaction() as session:
            payment_id = await payments.by_charge(session, name, charge.ref)
        if payment_id is not None:
            await refund_service.abandon(database, payment_id)
        charge = await providers.provider(name, database).find(charge.ref)
    else:
        await charge_lookup.match(database, name, charge)
    left = await _compare(database, name, charge)
    return Difference(found.kind, found.about, found.ours, found.theirs, repaired=left is None)


async def _ours(database: Database, name: str, period: _Period) -> AsyncIterator[payments.PaymentSnapshot]:
    after: UUID | None = None
    while True:
        async with database.transaction() as session:
            between = period.since, period.until
            found = await payments.opened_between(session, name, between, after=after, limit=BATCH)
        for about in found:
            yield about
        if len(found) < BATCH:
            return
        after = found[-1].payment_id


async def _refunds(database: Database, report: Report, *, repair: bool) -> None:
    """Check refunds that were requested a while ago and have no outcome."""
    async with database.transaction() as session:
        waiting = await refunds.pending_since(session, clock.now() - WAITING, BATCH)
    for refund_id in waiting:
        report.refunds += 1
        if repair:
            async with database.transaction() as session:
                claim = await refund_carrier.claim(session, refund_id)
            await refund_carrier.carry(database, claim)
        state = (await refund_service.shown(database, refund_id)).status
        done = state == "succeeded"
        report.differences.append(Difference("refund_pending", f"refund {refund_id}", "pending", state, repaired=done))


async def _books(database: Database, report: Report, *, repair: bool) -> None:
    """Compare the ledger with payments and orders."""
    async with database.transaction() as session:
        for missing in await orders.missing_entries(session):
            booked = repair and await orders.book_missing(session, missing)
            report.differences.append(
                Difference("not_in_ledger", missing.cause, str(missing.amount), "nothing", repaired=booked)
            )
        for entry_id in await ledger.unbalanced(session):
            report.differences.append(Difference("unbalanced", f"entry {entry_id}", "", ""))
