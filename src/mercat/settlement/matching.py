"""Which payment a provider's charge belongs to, when all there is is a webhook or a line of its books."""

from uuid import UUID

from mercat import payments
from mercat.kit.database import Database
from mercat.kit.logs import logger
from mercat.payments import Facts, inbox, providers
from mercat.payments.providers import Charge, asking
from mercat.settlement.asking import follow


async def handle(database: Database, notice_id: UUID) -> None:
    """Deal with a webhook that was kept."""
    async with database.transaction() as session:
        notice = await inbox.kept(session, notice_id)
    if notice is None or notice.outcome:
        return
    outcome = "about nothing of ours"
    if notice.charge_ref is not None:
        provider = providers.provider(notice.provider, database)
        async with asking():
            charge = await provider.find(notice.charge_ref)
        outcome = await match(database, notice.provider, charge)
    async with database.transaction() as session:
        await inbox.dealt_with(session, notice_id, outcome)


async def match(database: Database, name: str, charge: Charge) -> str:
    """Let the payment that a charge belongs to follow it; returns in a few words what came of it.

    A charge that names a payment of ours which knows another one, or which asked for another amount, pays nothing: it
    goes back.
    """
    async with database.transaction() as session:
        payment_id = await payments.by_charge(session, name, charge.ref)
        named = None
        if payment_id is None and charge.payment_id is not None:
            named = await payments.named(session, charge.payment_id)
    if payment_id is not None:
        await follow(database, payment_id, charge)
        return "followed"
    if named is None or named.provider != name:
        return "about nothing of ours"
    if named.provider_ref is None and named.amount == charge.amount:
        await follow(database, named.payment_id, charge)
        return "found its payment"
    return await _turn_away(database, named, charge)


async def _turn_away(database: Database, named: Facts, charge: Charge) -> str:
    """Give back what somebody paid with a charge that our payment did not ask for."""
    provider = providers.provider(named.provider, database)
    logger.warning("charge_turned_away", payment=str(named.payment_id), charge=charge.ref, amount=str(charge.amount))
    async with database.transaction() as session:
        stray_id = await payments.record_stray(session, named, charge)
    if charge.captured.minor:
        await follow(database, stray_id, charge)
        return "came for a payment that did not ask for it, and goes back"
    try:
        async with asking():
            await provider.cancel(charge.ref, key=f"cancel-{stray_id}")
    except payments.PaymentRefused:
        return "cannot be given up"
    return "named a payment that did not ask for it, and was given up"
