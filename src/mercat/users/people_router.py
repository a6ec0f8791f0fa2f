"""Everybody's accounts over HTTP: for operators, and for each person their own."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from mercat.auth import (
    CONFIRMED,
    REFUSED,
    Actor,
    CountedGuesses,
    InPerson,
    KnownOr,
    Permission,
    Requires,
    confirmed,
    management,
)
from mercat.auth.management import (
    AboveYourself,
    EmailTaken,
    Ended,
    InPersonOnly,
    LastAdmin,
    ManagedUser,
    RolesChange,
    SessionRead,
    UserEdit,
    UserFilters,
    UsernameTaken,
    UserNotFound,
)
from mercat.kit.conditional import IfMatch, tagged
from mercat.kit.database import Connections, PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete, envelope
from mercat.kit.problems import Forbidden, Invalid, PreconditionFailed
from mercat.users import people, queries
from mercat.users.exceptions import OwnEmail
from mercat.users.schemas import PersonRead

router = APIRouter(prefix="/users", tags=["people"])

Lister = Annotated[Actor, Depends(Requires(Permission.users_read))]
Manager = Annotated[Actor, Depends(Requires(Permission.users_manage))]
Granter = Annotated[Actor, Depends(Requires(Permission.roles_grant))]
Reader = Annotated[Actor, Depends(KnownOr(Permission.users_read))]
Editor = Annotated[Actor, Depends(KnownOr(Permission.users_manage))]
ONE = (*REFUSED, UserNotFound, Invalid)
MANAGED = refusals(*ONE, Forbidden, AboveYourself)
GIVEN = {**MANAGED, **refusals(InPersonOnly, *CONFIRMED, PreconditionFailed)}


@router.get("", responses=refusals(*REFUSED, Forbidden, Invalid))
async def list_people(
    filters: Annotated[UserFilters, Query()], _actor: Lister, session: PrimarySession
) -> Page[ManagedUser]:
    """List accounts, the newest first, in use or not; people who were erased are not among them."""
    found, total = await management.find(session, filters)
    return envelope(found, filters, total)


@router.get("/{user_id}", responses=refusals(*ONE))
async def read_person(user_id: UUID, actor: Reader, session: PrimarySession, response: Response) -> PersonRead:
    """Return an account and its profile to operators, and one's own to everybody; another's is a 404.

    Its ETag is what a change of it, or of its roles, is based on.
    """
    people.require_business(actor, user_id, Permission.users_read)
    return tagged(response, await queries.person(session, user_id), queries.EDITED)


@router.put("/{user_id}", responses={**GIVEN, **refusals(EmailTaken, UsernameTaken, OwnEmail)})
async def edit_person(  # noqa: PLR0913, PLR0917 - FastAPI's injection
    user_id: UUID,
    changes: UserEdit,
    actor: Editor,
    database: Connections,
    guesses: CountedGuesses,
    response: Response,
    if_match: IfMatch = None,
) -> PersonRead:
    """Change a person's names, language and address: operators of people who are not above them.

    What is left out stays. A new address is to be verified, and the former one is told; naming it takes the operator's
    password, and the second factor if there is one, in person. Of one's own account the names and the language can be
    changed; one's own address is changed by `POST /users/me/email`.
    """
    async with people.editing(database, guesses, actor, user_id, changes) as session:
        await people.edit(session, actor, user_id, changes, if_match=if_match)
        edited = await queries.person(session, user_id)
    return tagged(response, edited, queries.EDITED)


@router.delete("/{user_id}", status_code=204, responses={**MANAGED, **refusals(LastAdmin, InPersonOnly)})
async def delete_person(user_id: UUID, actor: Editor, session: Session) -> None:
    """Take an account out of use; it can be restored. One's own account only when signed in, not with an API key.

    Its sessions end and its keys stop working. Orders, and what was written down, stay as they are.
    """
    await people.delete(session, actor, user_id)


@router.post("/{user_id}/restore", responses=MANAGED)
async def restore_person(user_id: UUID, actor: Manager, session: Session) -> PersonRead:
    """Bring an account that was deleted or deactivated back into use. Its owner signs in anew."""
    await management.restore(session, actor, user_id)
    return await queries.person(session, user_id)


@router.post("/{user_id}/deactivate", responses={**MANAGED, **refusals(LastAdmin)})
async def deactivate_person(user_id: UUID, actor: Manager, session: Session) -> PersonRead:
    """Block a person: their sessions end and they cannot sign in until they are restored."""
    await management.deactivate(session, actor, user_id)
    return await queries.person(session, user_id)


@router.put("/{user_id}/roles", responses={**GIVEN, **refusals(LastAdmin)})
async def set_roles(  # noqa: PLR0913, PLR0917 - FastAPI's injection
    user_id: UUID,
    change: RolesChange,
    actor: Granter,
    person: InPerson,
    database: Connections,
    guesses: CountedGuesses,
    response: Response,
    if_match: IfMatch = None,
) -> PersonRead:
    """Set a person's roles; none with more rights than one's own.

    Only in person, not with an API key. It takes the operator's password, and the second factor if there is one.
    """
    async with confirmed(database, guesses, person, change, about=user_id) as (session, _user):
        await queries.require_unchanged(session, user_id, if_match)
        await management.set_roles(session, actor, user_id, change.roles)
        changed = await queries.person(session, user_id)
    return tagged(response, changed, queries.EDITED)


@router.get("/{user_id}/sessions", responses=MANAGED)
async def list_sessions_of_person(user_id: UUID, actor: Manager, session: PrimarySession) -> Page[SessionRead]:
    """List a person's sessions."""
    return complete(await management.sessions_of(session, actor, user_id))


@router.delete("/{user_id}/sessions", responses=MANAGED)
async def end_sessions(user_id: UUID, actor: Manager, session: Session) -> Ended:
    """Sign a person out everywhere. They can sign in again, unlike a deactivated person."""
    return Ended(ended=await management.end_sessions(session, actor, user_id))
