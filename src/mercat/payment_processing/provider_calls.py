"""Calls to providers, always between two transactions: the request is written before, the answer after.

A lost answer is no harm. The next caller repeats the request with the same key: the buyer, a
webhook, or the schedule.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import orders, payments
from mercat.auth import Actor
from mercat.kit.database import Database
from mercat.payment_processing.exceptions import NotAuthorized, PaidByHand
from mercat.payment_processing.method_choice import Choice
from mercat.payments import PaymentRead, PaymentSnapshot, methods, providers
from mercat.payments.providers import Charge, ChargeRequest, Provider, ProviderRefused, asking

OPEN = ("requires_action", "failed")


@dataclass(frozen=True, slots=True)
class _Unpaid:
    """A payment to be made, and its payer."""

    about: PaymentSnapshot
    payout_service: orders.OrderPayment


def asks(method: str, card: str | None) -> bool:
    """Whether the provider must be called as soon as an order is placed with this method."""
    name = providers.provider_of(method)
    return name is not None and name not in providers.BY_HAND and (card is not None or not providers.opens_late(name))


async def begin(database: Database, payment_id: UUID, choice: Choice) -> PaymentRead:
    """Create a payment's charge, and pay it at once if a card is chosen already. Idempotent.

    Raises:
        ProviderUnavailable, PaymentRefused: the payment is as it was, and may be tried again.
    """
    what = await _unpaid(database, payment_id)
    about = what.about
    if about.by_hand or about.status not in OPEN:
        return await shown(database, payment_id)
    provider = providers.provider(about.provider, database)
    if about.provider_ref is not None and choice.method_ref is None:
        return await shown(database, payment_id)
    if about.provider_ref is None and choice.method_ref is None and providers.opens_late(about.provider):
        return await shown(database, payment_id)
    return await _pay(database, provider, what, choice)


async def confirm(database: Database, payment_id: UUID, choice: Choice) -> PaymentRead:
    """Continue a payment: with the chosen card, or by querying its state after the buyer acted elsewhere.

    Raises:
        PaidByHand: there is no provider.
        NotPayable: it was voided.
        ProviderUnavailable, PaymentRefused: nothing changed.
    """
    what = await _unpaid(database, payment_id)
    about = what.about
    if about.by_hand:
        raise PaidByHand
    if about.status == "cancelled":
        raise orders.NotPayable(status=about.status)
    if about.status in OPEN:
        return await _pay(database, providers.provider(about.provider, database), what, choice)
    return await refresh(database, payment_id)


async def refresh(database: Database, payment_id: UUID, actor: Actor | None = None) -> PaymentRead:
    """Query a payment's charge and update the payment. A charge whose reference is unknown is looked up.

    Raises:
        ProviderUnavailable, PaymentRefused: nothing changed.
    """
    about = await _snapshot(database, payment_id)
    if not about.by_hand:
        async with asking():
            charge = await find(providers.provider(about.provider, database), about)
        if charge is not None:
            return await follow(database, payment_id, charge, actor)
        await _note_checked(database, payment_id)
    return await shown(database, payment_id)


async def require_authorized(database: Database, payment_id: UUID) -> UUID:
    """Return the id of a payment whose money can be captured.

    Raises:
        NotAuthorized: it cannot.
    """
    about = await _snapshot(database, payment_id)
    if about.status != "authorized" or about.provider_ref is None:
        raise NotAuthorized(status=about.status)
    return payment_id


async def capture(database: Database, payment_id: UUID, actor: Actor) -> PaymentRead:
    """Capture authorized money.

    Raises:
        NotAuthorized: there is none.
    """
    about = await _snapshot(database, payment_id)
    if about.status != "authorized" or about.provider_ref is None:
        raise NotAuthorized(status=about.status)
    async with asking():
        provider = providers.provider(about.provider, database)
        charge = await provider.capture(about.provider_ref, about.amount, key=f"capture-{payment_id}")
    return await follow(database, payment_id, charge, actor)


async def find(provider: Provider, about: PaymentSnapshot) -> Charge | None:
    """Return a payment's charge, also one whose reference never reached us; None if there is none."""
    if about.provider_ref is not None:
        return await provider.find(about.provider_ref)
    return await provider.find_of(about.payment_id, about.opened_at)


async def follow(database: Database, payment_id: UUID, charge: Charge, actor: Actor | None = None) -> PaymentRead:
    """Update a payment and its order from a charge, in one transaction; returns the payment as its payer sees it."""
    async with database.transaction() as session:
        return await _follow(session, await payments.snapshot(session, payment_id), charge, actor)


async def shown(database: Database, payment_id: UUID) -> PaymentRead:
    """Return a payment as its payer sees it; the caller has authorised."""
    async with database.transaction() as session:
        return await payments.read_any(session, payment_id)


async def _pay(database: Database, provider: Provider, what: _Unpaid, choice: Choice) -> PaymentRead:
    about = what.about
    async with asking():
        if about.provider_ref is None:
            charge = await _open(provider, what, choice)
        elif choice.method_ref is None and not providers.opens_late(about.provider):
            charge = await provider.find(about.provider_ref)  # the buyer's browser has confirmed it
        else:
            charge = await provider.confirm(
                about.provider_ref,
                payment_id=about.payment_id,
                method_ref=choice.method_ref,
                return_url=choice.return_url,
            )
    async with database.transaction() as session:
        now = await _follow(session, about, charge)
    if choice.save and charge.method is not None:
        await _save_card(database, what, charge)
    return now


async def _open(provider: Provider, what: _Unpaid, choice: Choice) -> Charge:
    """Create a payment's charge. If that is refused, an earlier attempt may have made it, and its answer was lost."""
    about = what.about
    try:
        return await provider.open(_charge_request(what, choice))
    except ProviderRefused:
        made = await provider.find_of(about.payment_id, about.opened_at)
        if made is None:
            raise
        return await provider.confirm(
            made.ref, payment_id=about.payment_id, method_ref=choice.method_ref, return_url=choice.return_url
        )


def _charge_request(what: _Unpaid, choice: Choice) -> ChargeRequest:
    about, payout_service = what.about, what.payout_service
    return ChargeRequest(
        payment_id=about.payment_id,
        order_id=about.order_id,
        order_number=payout_service.number,
        amount=about.amount,
        email=payout_service.email,
        customer_ref=choice.customer_ref,
        method_ref=choice.method_ref,
        save_method=choice.save,
        capture_later=providers.capture_later(),
        return_url=choice.return_url,
    )


async def _follow(
    session: AsyncSession, about: PaymentSnapshot, charge: Charge, actor: Actor | None = None
) -> PaymentRead:
    await orders.follow_charge(session, about, charge, actor=actor or Actor.system())
    await session.flush()  # what is read next is what is written
    return await payments.read_any(session, about.payment_id)


async def _save_card(database: Database, what: _Unpaid, charge: Charge) -> None:
    user_id = what.payout_service.user_id
    if user_id is not None and charge.method is not None:
        async with database.transaction() as session:
            await methods.keep(session, Actor.system(), user_id, what.about.provider, charge.method)


async def _unpaid(database: Database, payment_id: UUID) -> _Unpaid:
    async with database.transaction() as session:
        about = await payments.snapshot(session, payment_id)
        return _Unpaid(about, await orders.order_payment_of(session, about.order_id))


async def _snapshot(database: Database, payment_id: UUID) -> PaymentSnapshot:
    async with database.transaction() as session:
        return await payments.snapshot(session, payment_id)


async def _note_checked(database: Database, payment_id: UUID) -> None:
    async with database.transaction() as session:
        await payments.note_checked(session, payment_id)
