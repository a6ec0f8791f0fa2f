"""Vendors that are paid by Stripe: their accounts there, and whether money can be sent to them.

Stripe is called between transactions. An account that was made and then forgotten is no harm: nothing is sent to it.
"""

from uuid import UUID

from mercat import outbox
from mercat.auth import Actor
from mercat.kit.database import Database
from mercat.payments import providers
from mercat.payments.providers import PayoutProvider, ProviderAway, ProviderRefused
from mercat.payouts import accounts
from mercat.payouts.exceptions import MethodNotOffered, OnboardingUnavailable
from mercat.payouts.lifecycle import Method
from mercat.payouts.models import PayoutAccount


async def begin(database: Database, actor: Actor, vendor_id: UUID, page: str) -> str:
    """Pay a vendor by Stripe from now on; returns where it identifies itself. Again, it returns another link.

    Raises:
        MethodNotOffered: this marketplace does not use Stripe.
        OnboardingUnavailable: it does not answer.
    """
    try:
        payout_service = providers.payout_service(Method.stripe, database)
    except LookupError:
        raise MethodNotOffered(method=Method.stripe) from None
    async with database.transaction() as session:
        known = await session.get(PayoutAccount, vendor_id)
    try:
        ref = known.provider_ref if known and known.provider_ref else await payout_service.open_account(vendor_id)
        if known is None or known.method != Method.stripe:
            await _choose(database, actor, vendor_id, ref, ready=await payout_service.takes_money(ref))
        return await payout_service.onboarding(ref, page)
    except ProviderAway:
        raise OnboardingUnavailable from None
    except ProviderRefused as refused:
        raise MethodNotOffered(method=Method.stripe, reason=refused.message) from None


async def _choose(database: Database, actor: Actor, vendor_id: UUID, ref: str, *, ready: bool) -> None:
    async with database.transaction() as session:
        values: dict[str, object] = {"method": Method.stripe, "provider_ref": ref, "ready": ready}
        await accounts.change(session, actor, vendor_id, values)


@outbox.job("payouts.refresh_account", attempts=20)
async def refresh_account(context: outbox.JobContext, ref: str) -> None:
    """Ask Stripe whether money can be sent to a vendor's account now."""
    await refresh(providers.payout_service(Method.stripe, context.database), context.database, ref)


async def refresh(payout_service: PayoutProvider, database: Database, ref: str) -> None:
    """Update a vendor's account from what Stripe says of it."""
    ready = await payout_service.takes_money(ref)
    async with database.transaction() as session:
        await accounts.set_ready(session, ref, ready=ready)
