"""Customers at Stripe, and their saved payment methods."""

from uuid import UUID

import stripe

from mercat.payments.providers.interface import ProviderRefused, SavedMethod
from mercat.payments.providers.stripe.account import Account
from mercat.payments.providers.stripe.responses import MethodSeen

PAGE = 100
MISSING = "resource_missing"


async def new_customer(account: Account, user_id: UUID, email: str) -> str:
    """Return a person's customer.

    One with this address is looked up first: Stripe forgets keys after a day, and a retry may come later.
    """
    async with account.talk() as client:
        page = await client.v1.customers.list_async({"email": email, "limit": PAGE})
        async for found in page.auto_paging_iter():
            metadata = found.metadata.to_dict() if found.metadata else {}
            if account.own(metadata) and metadata.get("user_id") == str(user_id):
                return found.id
        made = await client.v1.customers.create_async(
            {"email": email, "metadata": {"mercat": account.instance, "user_id": str(user_id)}},
            {"idempotency_key": f"customer-{user_id}"},
        )
        return made.id


async def begin_saving(account: Account, customer_ref: str) -> tuple[str, str]:
    """Let the buyer's browser save a method. Two of these are no harm: nothing is paid, and unused ones end."""
    async with account.talk() as client:
        made = await client.v1.setup_intents.create_async(
            {
                "customer": customer_ref,
                "usage": "off_session",
                "automatic_payment_methods": {"enabled": True},
                "metadata": {"mercat": account.instance},
            }
        )
        return made.id, made.client_secret or ""


async def attach(account: Account, customer_ref: str, method_ref: str) -> SavedMethod:
    """Save a method; one that is saved for this customer already is returned."""
    async with account.talk() as client:
        seen = _seen(await client.v1.payment_methods.retrieve_async(method_ref))
        if seen.customer != customer_ref:
            key = f"attach-{customer_ref}-{method_ref}"
            wanted: stripe.params.PaymentMethodAttachParams = {"customer": customer_ref}
            seen = _seen(await client.v1.payment_methods.attach_async(method_ref, wanted, {"idempotency_key": key}))
        return seen.shown()


async def methods(account: Account, customer_ref: str) -> list[SavedMethod]:
    """Return the saved methods, the newest first."""
    async with account.talk() as client:
        page = await client.v1.customers.payment_methods.list_async(customer_ref, {"limit": PAGE})
        return [_seen(found).shown() async for found in page.auto_paging_iter()]


async def detach(account: Account, method_ref: str) -> None:
    """Delete a method; Stripe lets no one use it again."""
    try:
        async with account.talk() as client:
            if _seen(await client.v1.payment_methods.retrieve_async(method_ref)).customer is not None:
                key = f"detach-{method_ref}"
                await client.v1.payment_methods.detach_async(method_ref, options={"idempotency_key": key})
    except ProviderRefused as refused:
        if refused.code != MISSING:
            raise


def _seen(method: stripe.PaymentMethod) -> MethodSeen:
    return MethodSeen.model_validate(method.to_dict())
