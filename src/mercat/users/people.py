"""Whose account is whose business: one's own, and others' for operators. To anybody else it does not exist."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth import Actor, Permission, management
from mercat.auth.management import AccountUpdate, InPersonOnly, NotAllowed, UserEdit, UserNotFound
from mercat.users import queries
from mercat.users.exceptions import OwnEmail


def require_business(actor: Actor, user_id: UUID, permission: Permission) -> None:
    """Refuse unless it is the actor's own account, or the actor has the permission.

    Raises:
        UserNotFound: whoever may not look at accounts does not learn which there are.
        NotAllowed, SecondFactorNeeded: whoever may look learns what is missing.
    """
    if user_id == actor.user_id:
        return
    try:
        actor.require(permission)
    except NotAllowed:
        if actor.can(Permission.users_read):
            raise
        raise UserNotFound from None


async def edit(
    session: AsyncSession, actor: Actor, user_id: UUID, changes: UserEdit, *, if_match: str | None = None
) -> None:
    """Change names, language and address of a person, or names and language of oneself.

    Raises:
        UserNotFound, NotAllowed, AboveYourself: it is none of the actor's business.
        OwnEmail: one's own address takes a confirmation.
        PreconditionFailed: the account was changed since.
    """
    require_business(actor, user_id, Permission.users_manage)
    await queries.require_unchanged(session, user_id, if_match)
    if user_id != actor.user_id:
        await management.edit(session, actor, user_id, changes)
        return
    if changes.email not in {None, (await management.me(session, actor)).email}:
        raise OwnEmail
    given = changes.model_dump(exclude_unset=True, exclude={"email"})
    await management.update_own(session, actor, AccountUpdate.model_validate(given))


async def delete(session: AsyncSession, actor: Actor, user_id: UUID) -> None:
    """Take a person's account out of use, or one's own.

    Raises:
        UserNotFound, NotAllowed, AboveYourself, LastAdmin: it is none of the actor's business, or must stay.
        InPersonOnly: a key for oneself.
    """
    require_business(actor, user_id, Permission.users_manage)
    if user_id == actor.user_id and actor.session_id is None:
        raise InPersonOnly
    await management.delete_softly(session, actor, user_id)
