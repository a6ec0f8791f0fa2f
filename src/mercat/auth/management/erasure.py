"""The end of an account: everything about the person goes, and the row stays for what points to it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, or_
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth.actor import Actor
from mercat.auth.authority import forget_standing
from mercat.auth.management.people import require_another_admin, subordinate
from mercat.auth.models import (
    ApiKey,
    Authenticator,
    Identity,
    LoginSession,
    OneTimeToken,
    Passkey,
    RecoveryCode,
    User,
    UserRole,
)
from mercat.auth.permissions import Role
from mercat.i18n import DEFAULT_LOCALE
from mercat.kit import clock

THEIRS = (LoginSession, ApiKey, Identity, Authenticator, Passkey, RecoveryCode, UserRole)


@dataclass(frozen=True, slots=True)
class Erased:
    """Who it was; `verified` says whether the address was shown to be theirs, `nobody` stands in its place now."""

    user_id: UUID
    email: str
    verified: bool
    nobody: str


async def erase(session: AsyncSession, actor: Actor, user_id: UUID) -> Erased:
    """Leave of an account that there was one. Its address and user name are free at once. Locks the account.

    What other domains and the audit log know of the person is theirs to forget, in the same transaction.

    Raises:
        UserNotFound, AboveYourself, LastAdmin: there is none, or it must stay.
    """
    user, roles = await subordinate(session, actor, user_id)
    if Role.admin in roles:
        await require_another_admin(session, user.id)
    erased = Erased(user.id, user.email, user.email_verified, f"erased-{user.id}@erased.invalid")
    await audit.record(session, actor, "user.erased", user.id)
    for table in THEIRS:
        await session.execute(delete(table).where(table.user_id == user.id))
    sent_there = OneTimeToken.data["email"].astext == user.email
    await session.execute(delete(OneTimeToken).where(or_(OneTimeToken.user_id == user.id, sent_there)))
    _blank(user, erased.nobody)
    await session.flush()
    forget_standing(session, user.id)
    return erased


def _blank(user: User, nobody: str) -> None:
    user.email = user.email_key = nobody
    user.username = user.username_key = user.password_hash = None
    user.first_name = user.last_name = ""
    user.locale = DEFAULT_LOCALE
    user.is_active = user.email_verified = False
    user.deleted_at = None
    user.erased_at = clock.now()
