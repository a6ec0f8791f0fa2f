"""Payouts to vendors: their connected accounts, and transfers to these from the marketplace's balance.

Stripe forgets keys after a day. A transfer is found again by its group, which is made from our row like its key.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import stripe
from pydantic import BaseModel, Field
from stripe import params

from mercat.payments.providers.interface import ProviderAway
from mercat.payments.providers.payout_provider import Outgoing, Transfer
from mercat.payments.providers.stripe.account import Account
from mercat.payments.providers.stripe.amounts import from_stripe, to_stripe
from mercat.payments.providers.stripe.config import StripeSettings

PAGE = 100
NO_ANSWER = (stripe.AuthenticationError, stripe.IdempotencyError, stripe.PermissionError)
"""Says nothing about the transfer: we may not ask, or the key was used for another one, which was perhaps made."""
CLOCKS_APART = timedelta(minutes=5)
"""By how much Stripe's clock may be behind ours."""


class TransferSeen(BaseModel):
    """A transfer, as Stripe tells of it."""

    id: str
    amount: int
    currency: str
    reversed: bool = False
    metadata: dict[str, str] = Field(default_factory=dict)

    def shown(self) -> Transfer:
        """Return what it means to us."""
        payout = self.metadata.get("payout_id")
        return Transfer(
            self.id, from_stripe(self.amount, self.currency), UUID(payout) if payout else None, self.reversed
        )


class TransfersSeen(BaseModel):
    """A page of transfers."""

    data: list[TransferSeen]
    has_more: bool


class AccountSeen(BaseModel):
    """A connected account, as far as it is used here."""

    id: str
    payouts_enabled: bool = False
    capabilities: dict[str, str] = Field(default_factory=dict)
    metadata: dict[str, str] = Field(default_factory=dict)


class StripePayouts:
    """Pays vendors by transfers to their accounts at Stripe, which pays them out to their banks."""

    def __init__(self, settings: StripeSettings) -> None:
        self._account = Account(settings)

    async def transfer(self, wanted: Outgoing) -> Transfer:
        """Send money, once for each of our payouts."""
        asked: params.TransferCreateParams = {
            "amount": to_stripe(wanted.amount),
            "currency": wanted.amount.currency.lower(),
            "destination": wanted.account_ref,
            "transfer_group": _group(wanted.payout_id),
            "metadata": {
                "mercat": self._account.instance,
                "payout_id": str(wanted.payout_id),
                "vendor_id": str(wanted.vendor_id),
            },
        }
        async with self._account.talk() as client:
            options: stripe.RequestOptions = {"idempotency_key": _group(wanted.payout_id)}
            try:
                return _seen(await client.v1.transfers.create_async(asked, options)).shown()
            except NO_ANSWER as error:
                raise ProviderAway(f"{type(error).__name__}: {error.user_message}") from None

    async def find_transfer(self, payout_id: UUID, since: datetime) -> Transfer | None:  # noqa: ARG002 - its group says enough
        """Return the transfer of a payout."""
        async with self._account.talk() as client:
            page = await client.v1.transfers.list_async({"transfer_group": _group(payout_id), "limit": PAGE})
            found = TransfersSeen.model_validate(page.to_dict()).data
        mine = [
            one for one in found if self._account.own(one.metadata) and one.metadata.get("payout_id") == str(payout_id)
        ]
        return mine[-1].shown() if mine else None

    async def transfers(self, since: datetime) -> AsyncIterator[Transfer]:
        """Yield this marketplace's transfers, newest first; a connection is only open while a page is read."""
        wanted: params.TransferListParams = {
            "created": {"gte": int((since - CLOCKS_APART).timestamp())},
            "limit": PAGE,
        }
        more = True
        while more:
            async with self._account.talk() as client:
                page = TransfersSeen.model_validate((await client.v1.transfers.list_async(wanted)).to_dict())
            more = page.has_more
            if more:
                wanted["starting_after"] = page.data[-1].id
            for one in page.data:
                if self._account.own(one.metadata):
                    yield one.shown()

    async def open_account(self, vendor_id: UUID) -> str:
        """Return a vendor's connected account. Two of them would be no harm: money only goes to the stored one."""
        asked: params.AccountCreateParams = {
            "type": "express",
            "capabilities": {"transfers": {"requested": True}},
            "metadata": {"mercat": self._account.instance, "vendor_id": str(vendor_id)},
        }
        async with self._account.talk() as client:
            made = await client.v1.accounts.create_async(asked, {"idempotency_key": f"account-{vendor_id}"})
            return made.id

    async def onboarding(self, account_ref: str, page: str) -> str:
        """Return a link that is valid for minutes and for one visit."""
        asked: params.AccountLinkCreateParams = {
            "account": account_ref,
            "type": "account_onboarding",
            "return_url": page,
            "refresh_url": page,
        }
        async with self._account.talk() as client:
            return (await client.v1.account_links.create_async(asked)).url

    async def takes_money(self, account_ref: str) -> bool:
        """Whether transfers to an account are active, and it may pay out to a bank."""
        async with self._account.talk() as client:
            found = AccountSeen.model_validate((await client.v1.accounts.retrieve_async(account_ref)).to_dict())
        return found.payouts_enabled and found.capabilities.get("transfers") == "active"


def _group(payout_id: UUID) -> str:
    return f"payout-{payout_id}"


def _seen(transfer: stripe.Transfer) -> TransferSeen:
    return TransferSeen.model_validate(transfer.to_dict())
