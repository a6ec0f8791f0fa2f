"""Whose account is whose business: one's own, and others' for operators. To anybody else it does not exist."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth import Actor, Guesses, Permission, confirmed, management
from mercat.auth.management import AccountUpdate, InPersonOnly, NotAllowed, UserEdit, UserNotFound
from mercat.kit.database import Database
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


@asynccontextmanager
async def editing(
    database: Database, guesses: Guesses, actor: Actor, user_id: UUID, changes: UserEdit
) -> AsyncIterator[AsyncSession]:
    """Open the transaction of an edit; another's new address needs a confirmation: mail to it can set a password.

    Raises:
        UserNotFound, NotAllowed: it is none of the actor's business.
        InPersonOnly: a key for somebody else's address.
        WrongCredentials, ConfirmationNeeded, WrongCode, SecondProofNeeded, TooMany: see `confirmed`.
    """
    require_business(actor, user_id, Permission.users_manage)
    if changes.email is None or user_id == actor.user_id:
        async with database.transaction() as session:
            yield session
        return
    if actor.session_id is None:
        raise InPersonOnly
    async with confirmed(database, guesses, actor, changes, about=user_id) as (session, _user):
        yield session


async def edit(
    session: AsyncSession, actor: Actor, user_id: UUID, changes: UserEdit, *, if_match: str | None = None
) -> None:
    """Change names, language and address of a person, or names and language of oneself; within `editing`.

    Raises:
        UserNotFound, AboveYourself: it is none of the actor's business.
        OwnEmail: one's own address takes a confirmation.
        PreconditionFailed: the account was changed since.
    """
    await queries.require_unchanged(session, user_id, if_match)
    if user_id != actor.user_id:
        await management.edit(session, actor, user_id, changes)
        return
    if changes.email not in {None, (await management.me(session, actor)).email}:
        raise OwnEmail
    given = changes.model_dump(exclude_unset=True, include=set(AccountUpdate.model_fields))
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
