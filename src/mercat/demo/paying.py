"""Letting the demo's shops have been paid for what they sold long ago."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import payouts
from mercat.demo import content

IBAN = "DE02120300000000202051"
"""An account number that banks give as an example."""
AGO = (timedelta(days=42), timedelta(days=14), timedelta(0))


async def load_payouts(session: AsyncSession, shops: Mapping[str, UUID], today: datetime) -> int:
    """Pay what had cleared six weeks and two weeks ago; what has cleared since waits for the next run."""
    accounts = [payouts.PastAccount(shops[shop.slug], shop.name, IBAN) for shop in content.SHOPS]
    return await payouts.record_past(session, accounts, [today - ago for ago in AGO])
