"""Rows that must be there."""

from typing import TypeVar

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.problems import NotFound

Row = TypeVar("Row")


async def required(session: AsyncSession, wanted: Select[Row], missing: type[NotFound], *, lock: bool = False) -> Row:
    """Return the one row that is wanted, locked (`FOR UPDATE`) on demand.

    Raises:
        NotFound: there is none; `missing` says of what.
    """
    found = await session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise missing
    return found
