"""Stripe, as one of the payment providers."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from uuid import UUID

from mercat.kit.money import Money
from mercat.payments.providers.interface import Charge, ChargeRequest, Returned, SavedMethod, WebhookEvent
from mercat.payments.providers.stripe import charges, methods, refund_calls, webhooks
from mercat.payments.providers.stripe.account import Account
from mercat.payments.providers.stripe.config import StripeSettings


class Stripe:
    """Charges are PaymentIntents; a charge's reference is `pi_...`, a method's `pm_...`, a customer's `cus_...`."""

    name = "stripe"

    def __init__(self, settings: StripeSettings) -> None:
        self._account = Account(settings)
        self._webhook_secret = settings.stripe_webhook_secret

    async def open(self, charge_request: ChargeRequest) -> Charge:
        """Create the charge. For a day, the same request finds its charge; afterwards `find_of` does."""
        return await charges.open_charge(self._account, charge_request)

    async def confirm(self, ref: str, *, payment_id: UUID, method_ref: str | None, return_url: str) -> Charge:
        """Continue a charge; one that waits for nothing is returned unchanged."""
        return await charges.confirm(self._account, ref, payment_id, method_ref, return_url)

    async def find(self, ref: str) -> Charge:
        """Return a charge as it is now."""
        return await charges.find(self._account, ref)

    async def find_of(self, payment_id: UUID, since: datetime) -> Charge | None:
        """Return the charge of a payment, among those that were made since then."""
        return await charges.find_of(self._account, payment_id, since)

    async def capture(self, ref: str, amount: Money, *, key: str) -> Charge:
        """Capture authorized money; the rest of it is released."""
        return await charges.capture(self._account, ref, amount, key)

    async def cancel(self, ref: str, *, key: str) -> Charge:
        """Void a charge, unless it was captured meanwhile."""
        return await charges.cancel(self._account, ref, key)

    async def refund(self, ref: str, amount: Money, *, refund_id: UUID, reason: str) -> Returned:
        """Refund money, once for each `refund_id`."""
        return await refund_calls.refund(self._account, ref, amount, refund_id, reason)

    def charges(self, since: datetime) -> AsyncIterator[Charge]:
        """Yield the charges of this marketplace that were made since then, newest first."""
        return charges.charges(self._account, since)

    def read_webhook(self, body: bytes, headers: Mapping[str, str]) -> WebhookEvent:
        """Check a webhook's signature and age. Stored of it is what is needed to query the charge again."""
        return webhooks.read(self._account, self._webhook_secret.get_secret_value(), body, headers)

    async def new_customer(self, user_id: UUID, email: str) -> str:
        """Return a person's customer at Stripe."""
        return await methods.new_customer(self._account, user_id, email)

    async def begin_saving(self, customer_ref: str) -> tuple[str, str]:
        """Return a SetupIntent and its client secret."""
        return await methods.begin_saving(self._account, customer_ref)

    async def attach(self, customer_ref: str, method_ref: str) -> SavedMethod:
        """Save a method."""
        return await methods.attach(self._account, customer_ref, method_ref)

    async def methods(self, customer_ref: str) -> list[SavedMethod]:
        """Return the saved methods of a person."""
        return await methods.methods(self._account, customer_ref)

    async def detach(self, method_ref: str) -> None:
        """Delete a method."""
        await methods.detach(self._account, method_ref)
