"""One's own account over HTTP: sessions, password, address, API keys."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from mercat.auth import accounts, api_keys, second_factors, sessions, verification
from mercat.auth.access import REFUSED, InPerson, SignedIn
from mercat.auth.api_keys import ApiKeyCreate, ApiKeyCreated, ApiKeyNotFound, ApiKeyRead, TooManyKeys
from mercat.auth.exceptions import (
    AboveYourself,
    ConfirmationNeeded,
    InPersonOnly,
    PasswordTooCommon,
    SessionNotFound,
    WrongCredentials,
)
from mercat.auth.guesses import CountedGuesses
from mercat.auth.schemas import EmailChange, Ended, PasswordChange, SessionRead
from mercat.kit.database import Connections, PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import Invalid
from mercat.kit.throttle import count_mail

router = APIRouter(prefix="/users/me", tags=["own account"])

IN_PERSON = (*REFUSED, InPersonOnly)
CONFIRMED = (*IN_PERSON, WrongCredentials, ConfirmationNeeded, Invalid)


@router.get("/sessions", responses=refusals(*REFUSED))
async def list_sessions(actor: SignedIn, session: PrimarySession) -> Page[SessionRead]:
    """List where one is signed in: by which proof, from where, with what, since when and until when."""
    return complete(await sessions.living(session, actor.user_id, here=actor.session_id))


@router.delete("/sessions/{session_id}", status_code=204, responses=refusals(*IN_PERSON, SessionNotFound, Invalid))
async def end_session(session_id: UUID, actor: InPerson, session: Session) -> None:
    """End one session, here or elsewhere: its access and refresh tokens, or its cookie, work no more."""
    await sessions.revoke(session, actor, session_id)


@router.delete("/sessions", responses=refusals(*IN_PERSON, Invalid))
async def end_every_session(
    actor: InPerson,
    session: Session,
    *,
    keep_api_keys: Annotated[bool, Query(description="Whether API keys go on working.")] = False,
) -> Ended:
    """Sign out everywhere, here too. API keys end as well, unless `keep_api_keys`."""
    ended = await sessions.leave_everywhere(session, actor)
    if not keep_api_keys and actor.user_id is not None:
        await api_keys.end_all(session, actor, actor.user_id)
    return Ended(ended=ended)


@router.post("/password", status_code=204, responses=refusals(*CONFIRMED, PasswordTooCommon))
async def change_password(
    body: PasswordChange, actor: InPerson, database: Connections, guesses: CountedGuesses
) -> None:
    """Set another password. Every other session ends, API keys unless `keep_api_keys`; mailed links work no more."""
    await accounts.change_password(database, guesses, actor, body)


@router.post("/email", status_code=202, response_class=Response, responses=refusals(*CONFIRMED))
async def change_email(
    body: EmailChange, actor: InPerson, request: Request, database: Connections, guesses: CountedGuesses
) -> None:
    """Send a link to a new address; the account has it once the link was followed.

    If the address has an account already, its owner is told instead; the answer is the same.
    """
    await accounts.confirm(database, guesses, actor, body.password)
    await count_mail(request)
    async with database.transaction() as session:
        await verification.ask_to_change_email(session, actor, body.email)


@router.post("/verification", status_code=202, response_class=Response, responses=refusals(*IN_PERSON))
async def send_verification(actor: InPerson, request: Request, session: Session) -> None:
    """Send the link that verifies one's address once more; links that were sent before work no more."""
    await count_mail(request)
    await verification.ask_to_verify(session, (await accounts.own(session, actor)).id)


@router.get("/api-keys", responses=refusals(*IN_PERSON))
async def list_keys(actor: InPerson, session: PrimarySession) -> Page[ApiKeyRead]:
    """List one's API keys that work, without their secret parts."""
    return complete(await api_keys.living(session, (await accounts.own(session, actor)).id))


@router.post(
    "/api-keys",
    status_code=201,
    responses=refusals(*IN_PERSON, *second_factors.CONFIRMED, AboveYourself, TooManyKeys),
)
async def create_key(
    new: ApiKeyCreate, actor: InPerson, database: Connections, guesses: CountedGuesses
) -> ApiKeyCreated:
    """Make an API key for a program. It is shown this once; send it as `Authorization: Bearer` or `X-API-Key`.

    The password is asked for, and the second factor if there is one. The owner of the account gets mail.
    """
    async with second_factors.confirmed(database, guesses, actor, new) as (session, _user):
        return await api_keys.create(session, actor, new)


@router.delete("/api-keys/{key_id}", status_code=204, responses=refusals(*IN_PERSON, ApiKeyNotFound, Invalid))
async def end_key(key_id: UUID, actor: InPerson, session: Session) -> None:
    """End an API key; its next request is refused."""
    await api_keys.end(session, actor, key_id)
