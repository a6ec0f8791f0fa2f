"""The interface of a provider that also pays vendors.

As with charges: called outside of transactions only, and each transfer carries a key made from our own row.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from mercat.kit.money import Money


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to be sent to a vendor's account at the provider. `payout_id` is our own row."""

    payout_id: UUID
    vendor_id: UUID
    amount: Money
    account_ref: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money that was sent to a vendor, as the provider has it; `payout_id` is the row that it claims to belong to."""

    ref: str
    amount: Money
    payout_id: UUID | None = None
    reversed: bool = False


class PayoutProvider(Protocol):
    """A provider that pays vendors. Every method may raise `ProviderAway` and `ProviderRefused`."""

    async def transfer(self, wanted: Outgoing) -> Transfer:
        """Send money; with the same `payout_id` again, return what was sent."""

    async def find_transfer(self, payout_id: UUID, since: datetime) -> Transfer | None:
        """Return what was sent for a payout of ours, when the answer that named it was lost."""

    def transfers(self, since: datetime) -> AsyncIterator[Transfer]:
        """Yield everything of ours that was sent since then, for reconciliation."""

    async def open_account(self, vendor_id: UUID) -> str:
        """Return the reference of a vendor's account at the provider; with the same `vendor_id` again, the same."""

    async def onboarding(self, account_ref: str, page: str) -> str:
        """Return where the vendor identifies itself to the provider; it returns to `page`."""

    async def takes_money(self, account_ref: str) -> bool:
        """Whether money can be sent to an account and from there to the vendor's bank."""
