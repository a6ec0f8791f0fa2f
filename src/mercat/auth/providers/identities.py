"""With which accounts elsewhere one can sign in, and ending that."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth import accounts, ways_in
from mercat.auth.actor import Actor
from mercat.auth.events import AccessChanged
from mercat.auth.models import Identity
from mercat.auth.providers.exceptions import IdentityNotFound
from mercat.auth.providers.schemas import IdentityRead


async def own(session: AsyncSession, actor: Actor) -> list[IdentityRead]:
    """Return with which accounts elsewhere the actor can sign in."""
    rows = await session.scalars(select(Identity).where(Identity.user_id == actor.user_id).order_by(Identity.provider))
    return [
        IdentityRead(
            provider=row.provider,
            email=row.email or None,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
        )
        for row in rows
    ]


async def remove(session: AsyncSession, actor: Actor, provider: str) -> None:
    """Let an account elsewhere open the actor's account no more.

    Raises:
        IdentityNotFound: it does not.
        LastWayIn: nothing else would open it.
    """
    user = await accounts.own(session, actor, for_update=True)
    email = await session.scalar(
        delete(Identity).where(Identity.user_id == user.id, Identity.provider == provider).returning(Identity.email)
    )
    if email is None:
        raise IdentityNotFound
    await ways_in.require_one(session, user)
    await audit.record(
        session,
        actor,
        "user.provider_removed",
        user.id,
        changes={"provider": audit.Change(provider, None)},
        personal={"email_there": audit.Change(email, None)},
    )
    await outbox.publish(session, AccessChanged(user_id=user.id, change="provider_removed"))
