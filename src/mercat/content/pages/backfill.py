"""Pages that a marketplace begins with."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth import Actor
from mercat.content.pages import service
from mercat.content.pages.schemas import PageCreate


async def record_past(session: AsyncSession, pages: Sequence[PageCreate]) -> None:
    """Write pages that are not there yet, in the name of the marketplace."""
    for page in pages:
        await service.create(session, Actor.system(), page)
