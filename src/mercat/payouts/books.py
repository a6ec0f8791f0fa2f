"""What payouts mean for the ledger."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import ledger
from mercat.kit.money import Money
from mercat.ledger import SHARE_OF_VENDOR, Account, Entry, Posting
from mercat.payouts.models import Payout

OWED = (*SHARE_OF_VENDOR, Account.payable)
"""What a vendor is owed and was not sent yet, cleared or not."""


async def requested(session: AsyncSession, payout: Payout) -> None:
    """Take a payout from the payable balance: it is under way."""
    await _book(session, payout, "payout.requested", Account.payable, Account.payouts)


async def paid(session: AsyncSession, payout: Payout) -> None:
    """Book a paid payout."""
    await _book(session, payout, "payout.paid", Account.payouts, Account.cash)


async def failed(session: AsyncSession, payout: Payout) -> None:
    """Return a failed payout to the payable balance."""
    await _book(session, payout, "payout.failed", Account.payouts, Account.payable)


async def adjusted(session: AsyncSession, adjustment_id: UUID, vendor_id: UUID, amount: Money) -> None:
    """Credit a vendor by hand, or debit it with a negative amount."""
    vendor = str(vendor_id)
    postings = (Posting(Account.adjustments, amount, vendor), Posting(Account.payable, amount * -1, vendor))
    await ledger.post(session, Entry(f"adjustment:{adjustment_id}", postings))


async def payable(session: AsyncSession, vendor_id: UUID) -> list[Money]:
    """Return a vendor's payable balance by currency; if negative, the vendor owes it."""
    found = await ledger.standing(session, str(vendor_id), (Account.payable,))
    return [amount * -1 for amount in found.values()]


async def _book(session: AsyncSession, payout: Payout, kind: str, debit: Account, credit: Account) -> None:
    amount = Money(payout.amount_minor, payout.currency)
    vendor = str(payout.vendor_id)
    party = payout.method if credit is Account.cash else vendor
    postings = (Posting(debit, amount, vendor), Posting(credit, amount * -1, party))
    await ledger.post(session, Entry(f"{kind}:{payout.id}", postings))
