"""The sandbox provider as a payout provider: its transfers are in its own books, and no money moves."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from mercat.kit import clock
from mercat.kit.database import Database
from mercat.kit.money import Money
from mercat.payments.models import TestTransfer
from mercat.payments.providers.interface import ProviderRefused
from mercat.payments.providers.payout_provider import Outgoing, Transfer


@dataclass(frozen=True, slots=True)
class SandboxPayouts:
    """Pays in pretended money. Its books are in the same database, in transactions of their own."""

    database: Database

    async def transfer(self, wanted: Outgoing) -> Transfer:
        """Send money, once for each of our payouts."""
        row = {
            "payout_id": wanted.payout_id,
            "currency": wanted.amount.currency,
            "amount_minor": wanted.amount.minor,
            "created_at": clock.now(),
        }
        async with self.database.transaction() as session:
            await session.execute(insert(TestTransfer).values(row).on_conflict_do_nothing())
            return _shown(await session.get_one(TestTransfer, wanted.payout_id))

    async def find_transfer(self, payout_id: UUID, since: datetime) -> Transfer | None:  # noqa: ARG002 - the books are small
        """Return what was sent for a payout of ours."""
        async with self.database.primary_session() as session:
            found = await session.get(TestTransfer, payout_id)
            return _shown(found) if found else None

    async def transfers(self, since: datetime) -> AsyncIterator[Transfer]:
        """Yield everything that was sent since then."""
        async with self.database.primary_session() as session:
            wanted = select(TestTransfer).where(TestTransfer.created_at >= since).order_by(TestTransfer.created_at)
            for row in (await session.scalars(wanted)).all():
                yield _shown(row)

    async def open_account(self, vendor_id: UUID) -> str:
        """Return a reference for a vendor."""
        return f"test_account_{vendor_id.hex}"

    async def onboarding(self, account_ref: str, page: str) -> str:  # noqa: ARG002 - nobody is sent anywhere
        """Reject: no identification is needed."""
        raise ProviderRefused("no_onboarding", "The test provider asks nobody who they are.")

    async def takes_money(self, account_ref: str) -> bool:  # noqa: ARG002 - nobody's in particular
        """Say yes: pretended money can always be sent."""
        return True


def _shown(row: TestTransfer) -> Transfer:
    return Transfer(f"test_transfer_{row.payout_id.hex}", Money(row.amount_minor, row.currency), row.payout_id)
