"""Who may translate what: operators everything, a vendor's people what is theirs."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth import Actor, Permission
from mercat.translations.kinds import Kind


async def scope_of(session: AsyncSession, actor: Actor, kind: Kind) -> Collection[UUID] | None:
    """Return the vendors whose things of a kind the actor may translate; None means everything."""
    if actor.can(Permission.translations_write):
        return None
    return () if kind.owned_by is None else await kind.owned_by(session, actor)
