"""One's own passkeys over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from mercat.auth.access import REFUSED, InPerson
from mercat.auth.exceptions import InPersonOnly
from mercat.auth.guesses import CountedGuesses
from mercat.auth.passkeys import credentials
from mercat.auth.passkeys.exceptions import (
    ChallengeExpired,
    PasskeyExists,
    PasskeyNotFound,
    PasskeyNotTaken,
    TooManyPasskeys,
)
from mercat.auth.passkeys.schemas import PasskeyCreate, PasskeyCreated, PasskeyCreation, PasskeyRead, PasskeyRename
from mercat.auth.second_factors import CONFIRMED, Confirmed, confirmed
from mercat.auth.ways_in import LastWayIn
from mercat.kit.database import Connections, PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import Invalid

router = APIRouter(prefix="/users/me/passkeys", tags=["own account"])

IN_PERSON = (*REFUSED, InPersonOnly)


@router.get("", responses=refusals(*IN_PERSON))
async def list_passkeys(actor: InPerson, session: PrimarySession) -> Page[PasskeyRead]:
    """List one's passkeys, the newest first."""
    return complete(await credentials.living(session, actor))


@router.post("/options", responses=refusals(*IN_PERSON, *CONFIRMED, TooManyPasskeys))
async def ask_for_new_passkey(
    proof: Confirmed, actor: InPerson, database: Connections, guesses: CountedGuesses
) -> PasskeyCreation:
    """Begin to add a passkey, within five minutes: `options` are for the browser's `navigator.credentials.create`."""
    async with confirmed(database, guesses, actor, proof) as (session, user):
        return await credentials.ask_to_add(session, actor, user)


@router.post(
    "",
    status_code=201,
    responses=refusals(*IN_PERSON, ChallengeExpired, PasskeyNotTaken, PasskeyExists, TooManyPasskeys, Invalid),
)
async def add_passkey(new: PasskeyCreate, actor: InPerson, session: Session) -> PasskeyCreated:
    """Add the passkey that the browser made. From then on it signs in, and is asked for after a password.

    If it is the first second factor, the answer has recovery codes, which are shown this once.
    """
    return await credentials.add(session, actor, new)


@router.patch("/{passkey_id}", responses=refusals(*IN_PERSON, PasskeyNotFound, Invalid))
async def rename_passkey(passkey_id: UUID, body: PasskeyRename, actor: InPerson, session: Session) -> PasskeyRead:
    """Give a passkey another name."""
    return await credentials.rename(session, actor, passkey_id, body.name)


@router.delete("/{passkey_id}", status_code=204, responses=refusals(*IN_PERSON, *CONFIRMED, PasskeyNotFound, LastWayIn))
async def remove_passkey(
    passkey_id: UUID, proof: Confirmed, actor: InPerson, database: Connections, guesses: CountedGuesses
) -> None:
    """Remove a passkey, unless it is the only way into the account. The confirmation travels in the body.

    With the last second factor the recovery codes go, too.
    """
    async with confirmed(database, guesses, actor, proof) as (session, user):
        await credentials.remove(session, actor, user, passkey_id)
