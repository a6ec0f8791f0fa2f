"""Charges: PaymentIntents created, confirmed, captured, cancelled and looked up.

What an intent may still do depends on its state, which Stripe guards: it captures once, however often it is
confirmed. The keys only save us from doing one thing of ours twice, and Stripe stores them for a day.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import stripe
from stripe import params

from mercat.kit.money import Money
from mercat.payments.providers.interface import Charge, ChargeRequest, ChargeState
from mercat.payments.providers.stripe import refund_calls
from mercat.payments.providers.stripe.account import Account, replayed
from mercat.payments.providers.stripe.amounts import to_stripe
from mercat.payments.providers.stripe.responses import DisputesSeen, IntentSeen, IntentsSeen, charge_of, dispute_of

PARTS = ["latest_charge.balance_transaction", "latest_charge.refunds", "payment_method"]
"""What an intent contains in full only on request."""
PAGE = 100
CLOCKS_APART = timedelta(minutes=5)
"""By how much Stripe's clock may be behind ours."""
RETRIABLE = frozenset({ChargeState.requires_action, ChargeState.failed})
CAPTURED = frozenset({ChargeState.captured})
ANY = frozenset(ChargeState)
UNEXPECTED = "payment_intent_unexpected_state"

Done = Callable[[stripe.StripeClient], Awaitable[stripe.PaymentIntent]]


async def open_charge(account: Account, charge_request: ChargeRequest) -> Charge:
    """Create the intent of a payment, and confirm it if there is a method; the same key finds the existing one."""
    wanted = _wanted(account, charge_request)
    key = f"payment-{charge_request.payment_id}"
    return await _settled(
        account, lambda client: client.v1.payment_intents.create_async(wanted, {"idempotency_key": key}), "", ANY
    )


async def confirm(account: Account, ref: str, payment_id: UUID, method_ref: str | None, return_url: str) -> Charge:
    """Confirm an intent that waits for it; one that is past that, or still lacks a method, is returned unchanged.

    The last attempt is part of the key: the same card may be tried again after a decline, but not twice for one click.
    """
    async with account.talk() as client:
        seen = await _retrieve(client, ref)
        found = await _whole(account, client, seen)
    method = method_ref or (seen.payment_method.id if seen.payment_method else None)
    waits = seen.status == "requires_confirmation" or (method_ref and found.state in RETRIABLE)
    if method is None or not waits:
        return found
    attempt = seen.latest_charge.id if seen.latest_charge else "first"
    wanted: params.PaymentIntentConfirmParams = {"payment_method": method, "expand": PARTS}
    if return_url:
        wanted["return_url"] = return_url
    key = f"confirm-{payment_id}-{method}-{attempt}"
    return await _settled(
        account, lambda client: client.v1.payment_intents.confirm_async(ref, wanted, {"idempotency_key": key}), ref, ANY
    )


async def find(account: Account, ref: str) -> Charge:
    """Return a charge as it is now."""
    async with account.talk() as client:
        return await _whole(account, client, await _retrieve(client, ref))


async def find_of(account: Account, payment_id: UUID, since: datetime) -> Charge | None:
    """Return the charge of a payment by its metadata.

    The intents are listed: Stripe's search finds new ones only after a while.
    """
    async for charge in charges(account, since - CLOCKS_APART):
        if charge.payment_id == payment_id:
            return charge
    return None


async def charges(account: Account, since: datetime) -> AsyncIterator[Charge]:
    """Yield this marketplace's charges, newest first; a connection is only open while a page is read."""
    wanted: params.PaymentIntentListParams = {
        "created": {"gte": int(since.timestamp())},
        "limit": PAGE,
        "expand": [f"data.{part}" for part in PARTS],
    }
    more = True
    while more:
        async with account.talk() as client:
            listed = await client.v1.payment_intents.list_async(wanted)
            page = IntentsSeen.model_validate(listed.to_dict())
            found = [await _whole(account, client, seen) for seen in page.data if account.own(seen.metadata)]
        more = page.has_more
        if more:
            wanted["starting_after"] = page.data[-1].id
        for charge in found:
            yield charge


async def capture(account: Account, ref: str, amount: Money, key: str) -> Charge:
    """Capture authorized money; an intent that is captured already is returned."""
    wanted: params.PaymentIntentCaptureParams = {"amount_to_capture": to_stripe(amount), "expand": PARTS}
    return await _settled(
        account,
        lambda client: client.v1.payment_intents.capture_async(ref, wanted, {"idempotency_key": key}),
        ref,
        CAPTURED,
    )


async def cancel(account: Account, ref: str, key: str) -> Charge:
    """Cancel an intent; one that is captured or cancelled already is returned."""
    return await _settled(
        account,
        lambda client: client.v1.payment_intents.cancel_async(ref, {"expand": PARTS}, {"idempotency_key": key}),
        ref,
        CAPTURED | {ChargeState.cancelled},
    )


async def _settled(account: Account, do: Done, ref: str, ends: frozenset[ChargeState]) -> Charge:
    """Do something to an intent, and return its new state.

    A decline is a result. So is an intent that can no longer do it, if it is in one of the states that were to be
    reached. An answer that Stripe had stored is not trusted: the intent may have moved on.
    """
    async with account.talk() as client:
        try:
            answer = await do(client)
        except stripe.CardError as error:
            return await _whole(account, client, await _retrieve(client, _ref_in(error)))
        except stripe.InvalidRequestError as error:
            if error.code != UNEXPECTED or not ref:
                raise
            now = await _whole(account, client, await _retrieve(client, ref))
            if now.state not in ends:
                raise
            return now
        seen = await _retrieve(client, answer.id) if replayed(answer) else _seen(answer)
        return await _whole(account, client, seen)


async def _whole(account: Account, client: stripe.StripeClient, seen: IntentSeen) -> Charge:
    """Return a charge with all of its refunds and disputes."""
    charge, ours = seen.latest_charge, account.own(seen.metadata)
    refunds = (
        await refund_calls.of_charge(account, client, seen.id, charge.refunds) if charge and charge.refunds else []
    )
    disputes = []
    if charge and charge.disputed:
        listed = await client.v1.disputes.list_async({"payment_intent": seen.id, "limit": PAGE})
        disputes = [dispute_of(found) for found in DisputesSeen.model_validate(listed.to_dict()).data]
    return charge_of(seen, ours=ours, refunds=refunds, disputes=disputes)


async def _retrieve(client: stripe.StripeClient, ref: str) -> IntentSeen:
    return _seen(await client.v1.payment_intents.retrieve_async(ref, {"expand": PARTS}))


def _seen(intent: stripe.PaymentIntent) -> IntentSeen:
    return IntentSeen.model_validate(intent.to_dict())


def _ref_in(error: stripe.CardError) -> str:
    """Return which intent was declined. A decline that names none is passed on: there is nothing to look at."""
    intent = error.error.payment_intent if error.error else None
    if intent is None:
        raise error
    return intent.id


def _wanted(account: Account, charge_request: ChargeRequest) -> params.PaymentIntentCreateParams:
    """Return the parameters. No address of the buyer's: Stripe would write to them, and needs to know no more."""
    wanted: params.PaymentIntentCreateParams = {
        "amount": to_stripe(charge_request.amount),
        "currency": charge_request.amount.currency.lower(),
        "description": charge_request.order_number,
        "metadata": {
            "mercat": account.instance,
            "payment_id": str(charge_request.payment_id),
            "order_id": str(charge_request.order_id),
        },
        "automatic_payment_methods": {"enabled": True},
        "capture_method": "manual" if charge_request.capture_later else "automatic",
        "expand": PARTS,
    }
    if charge_request.customer_ref:
        wanted["customer"] = charge_request.customer_ref
        if charge_request.save_method:
            wanted["setup_future_usage"] = "off_session"
    if charge_request.method_ref:
        _confirm_at_once(wanted, charge_request, charge_request.method_ref)
    return wanted


def _confirm_at_once(wanted: params.PaymentIntentCreateParams, charge_request: ChargeRequest, method_ref: str) -> None:
    """Confirm now; without a return page no redirect is possible."""
    wanted["payment_method"] = method_ref
    wanted["confirm"] = True
    if charge_request.return_url:
        wanted["return_url"] = charge_request.return_url
    else:
        wanted["automatic_payment_methods"] = {"enabled": True, "allow_redirects": "never"}
