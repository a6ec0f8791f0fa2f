"""What payouts mean for the ledger."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import ledger
from mercat.kit.money import Money
from mercat.ledger import SHARE_OF_VENDOR, Account, Entry, Posting
from mercat.payouts.models import Payout

OWED = (*SHARE_OF_VENDOR, Account.payable)
"""What a shop is owed and was not sent yet, whether it has cleared or not."""


async def requested(session: AsyncSession, payout: Payout) -> None:
    """Take a payout from what can be paid out: it is on its way."""
    await _book(session, payout, "payout.requested", Account.payable, Account.payouts)


async def paid(session: AsyncSession, payout: Payout) -> None:
    """Let a payout arrive: the money has left."""
    await _book(session, payout, "payout.paid", Account.payouts, Account.cash)


async def failed(session: AsyncSession, payout: Payout) -> None:
    """Put a payout that came to nothing back to what can be paid out."""
    await _book(session, payout, "payout.failed", Account.payouts, Account.payable)


async def adjusted(session: AsyncSession, adjustment_id: UUID, vendor_id: UUID, amount: Money) -> None:
    """Give a shop money by hand, or with an amount below nothing take it."""
    shop = str(vendor_id)
    postings = (Posting(Account.adjustments, amount, shop), Posting(Account.payable, amount * -1, shop))
    await ledger.post(session, Entry(f"adjustment:{adjustment_id}", postings))


async def payable(session: AsyncSession, vendor_id: UUID) -> list[Money]:
    """Return what can be paid out to a shop, by currency; below nothing, the shop owes it."""
    found = await ledger.standing(session, str(vendor_id), (Account.payable,))
    return [amount * -1 for amount in found.values()]


async def _book(session: AsyncSession, payout: Payout, kind: str, debit: Account, credit: Account) -> None:
    amount = Money(payout.amount_minor, payout.currency)
    shop = str(payout.vendor_id)
    party = payout.method if credit is Account.cash else shop
    postings = (Posting(debit, amount, shop), Posting(credit, amount * -1, party))
    await ledger.post(session, Entry(f"{kind}:{payout.id}", postings))
