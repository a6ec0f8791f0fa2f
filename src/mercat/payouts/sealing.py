"""Resealing of bank account numbers that a former secret key has sealed."""

from collections.abc import Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Update, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from mercat.auth import keyring
from mercat.kit.database import Database
from mercat.kit.models import Base
from mercat.payouts import numbers
from mercat.payouts.models import Payout, PayoutAccount

BATCH = 200
KEYS: Mapping[type[Base], InstrumentedAttribute[UUID]] = {
    PayoutAccount: PayoutAccount.vendor_id,
    Payout: Payout.id,
}
UNCHANGED: Mapping[type[Base], dict[str, object]] = {
    PayoutAccount: {"updated_at": PayoutAccount.updated_at},
    Payout: {},
}
"""Sealing is no change of the account: its version stays."""
Kept = TypeVar("Kept", PayoutAccount, Payout)


async def seal_anew(database: Database) -> int:
    """Reseal with the current key what a former one has sealed, while one is accepted; returns how many rows.

    What no key opens stays as it is: its key may be configured again.
    """
    if not keyring.replacing(numbers.SEALED):
        return 0
    return await _anew_of(database, PayoutAccount) + await _anew_of(database, Payout)


async def _anew_of(database: Database, table: type[Kept]) -> int:
    count, after = 0, UUID(int=0)
    while True:
        async with database.transaction() as session:
            wanted = select(table).where(table.sealed_iban.is_not(None), _key(table) > after)
            rows = (await session.scalars(wanted.order_by(_key(table)).limit(BATCH))).all()
            count += await _seal_anew(session, table, rows)
            after = numbers.key_of(rows[-1]) if rows else after
        if len(rows) < BATCH:
            return count


async def _seal_anew(session: AsyncSession, table: type[Kept], rows: Sequence[Kept]) -> int:
    count = 0
    for kept in rows:
        key, former = numbers.key_of(kept), kept.sealed_iban or ""
        anew = keyring.seal_anew(numbers.SEALED, former, row=key)
        if anew is not None:
            # a vendor may have set another number meanwhile
            unchanged = _change(table, key).where(table.sealed_iban == former)
            await session.execute(unchanged.values(sealed_iban=anew))
            count += 1
    return count


def _change(table: type[Kept], key: UUID) -> Update:
    change = update(table).where(_key(table) == key).values(**UNCHANGED[table])
    return change.execution_options(synchronize_session=False)


def _key(table: type[Kept]) -> InstrumentedAttribute[UUID]:
    return KEYS[table]
