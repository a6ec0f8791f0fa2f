"""The version of synonyms and rules: what changes them holds it, and other processes see by it that they changed."""

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.search.curation.models import SearchCuration


async def hold(session: AsyncSession) -> None:
    """Let no other change go on until this one is committed: limits and doubles are then counted right."""
    await session.execute(insert(SearchCuration).values(id=1).on_conflict_do_nothing())
    await session.execute(select(SearchCuration.version).where(SearchCuration.id == 1).with_for_update())


async def raise_version(session: AsyncSession) -> None:
    """Let all processes read synonyms and rules anew when the session is committed. The caller holds them."""
    await session.execute(update(SearchCuration).values(version=SearchCuration.version + 1))
