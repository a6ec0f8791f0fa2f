"""Refunds at Stripe."""

from uuid import UUID

import stripe
from stripe import params

from mercat.kit.money import Money
from mercat.payments.providers.interface import Returned
from mercat.payments.providers.stripe.account import Account, replayed
from mercat.payments.providers.stripe.amounts import to_stripe
from mercat.payments.providers.stripe.responses import RefundSeen, RefundsSeen, returned_of

PAGE = 100
LONGEST = 500
"""Characters that a value of Stripe's metadata may have."""


async def refund(account: Account, ref: str, amount: Money, refund_id: UUID, reason: str) -> Returned:
    """Refund money once.

    The existing refunds are checked first: Stripe forgets keys after a day, and a retry may come later.
    """
    async with account.talk() as client:
        for found in await _listed(account, client, ref):
            if found.refund_id == refund_id:
                return found
        wanted = _wanted(account, ref, amount, refund_id, reason)
        made = await client.v1.refunds.create_async(wanted, {"idempotency_key": f"refund-{refund_id}"})
        if replayed(made):
            made = await client.v1.refunds.retrieve_async(made.id, {"expand": ["balance_transaction"]})
        return _read(account, RefundSeen.model_validate(made.to_dict()))


async def of_charge(account: Account, client: stripe.StripeClient, ref: str, known: RefundsSeen) -> list[Returned]:
    """Return all refunds of an intent; `known` are those that came with its charge."""
    if known.has_more:
        return await _listed(account, client, ref)
    return [_read(account, refund) for refund in known.data]


async def _listed(account: Account, client: stripe.StripeClient, ref: str) -> list[Returned]:
    wanted: params.RefundListParams = {"payment_intent": ref, "limit": PAGE, "expand": ["data.balance_transaction"]}
    page = await client.v1.refunds.list_async(wanted)
    return [_read(account, RefundSeen.model_validate(found.to_dict())) async for found in page.auto_paging_iter()]


def _read(account: Account, refund: RefundSeen) -> Returned:
    return returned_of(refund, ours=account.own(refund.metadata or {}))


def _wanted(account: Account, ref: str, amount: Money, refund_id: UUID, reason: str) -> params.RefundCreateParams:
    metadata = {"mercat": account.instance, "refund_id": str(refund_id)}
    if reason:
        metadata["reason"] = reason[:LONGEST]
    expanded = ["balance_transaction"]
    return {"payment_intent": ref, "amount": to_stripe(amount), "metadata": metadata, "expand": expanded}
