"""Who may translate what: operators everything, a vendor's people and authors what is theirs."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth import Actor, Permission
from mercat.translations.kinds import Kind

Scope = Collection[UUID] | None
"""The owners whose things somebody may translate; None means everybody's."""

TRANSLATORS = (
    Permission.translations_write,
    Permission.products_sell,
    Permission.posts_write,
    Permission.posts_moderate,
    Permission.pages_write,
)
"""Who may have something to translate has one of these."""


async def scope_of(session: AsyncSession, actor: Actor, kind: Kind) -> Scope:
    """Return whose things of a kind the actor may translate."""
    if actor.can(Permission.translations_write):
        return None
    return () if kind.owned_by is None else await kind.owned_by(session, actor)
