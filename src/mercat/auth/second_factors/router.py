"""One's own second factors over HTTP."""

from fastapi import APIRouter

from mercat.auth.access import REFUSED, InPerson
from mercat.auth.exceptions import InPersonOnly
from mercat.auth.guesses import CountedGuesses
from mercat.auth.second_factors import authenticators, recovery_codes
from mercat.auth.second_factors.confirmation import CONFIRMED, Confirmed, confirmed
from mercat.auth.second_factors.exceptions import (
    AuthenticatorExists,
    NoAuthenticator,
    NoSecondFactor,
    WrongCode,
)
from mercat.auth.second_factors.schemas import (
    AuthenticatorCode,
    AuthenticatorStarted,
    RecoveryCodes,
    SecondFactors,
)
from mercat.auth.second_factors.ways import overview
from mercat.kit.database import Connections, PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.problems import Invalid

router = APIRouter(prefix="/users/me", tags=["own account"])

IN_PERSON = (*REFUSED, InPersonOnly)


@router.get("/second-factors", responses=refusals(*IN_PERSON))
async def show_second_factors(actor: InPerson, session: PrimarySession) -> SecondFactors:
    """Say what second factors one has, how many recovery codes are left, and whether one's roles need a factor."""
    return await overview(session, actor)


@router.post("/authenticator", responses=refusals(*IN_PERSON, *CONFIRMED, AuthenticatorExists))
async def start_authenticator(
    proof: Confirmed, actor: InPerson, database: Connections, guesses: CountedGuesses
) -> AuthenticatorStarted:
    """Begin to set up an authenticator app. It counts once `POST /users/me/authenticator/confirm` has seen a code.

    Beginning again replaces what was not confirmed.
    """
    async with confirmed(database, guesses, actor, proof) as (session, user):
        return await authenticators.start(session, user)


@router.post(
    "/authenticator/confirm",
    responses=refusals(*IN_PERSON, NoAuthenticator, AuthenticatorExists, WrongCode, Invalid),
)
async def confirm_authenticator(body: AuthenticatorCode, actor: InPerson, session: Session) -> RecoveryCodes:
    """Let the app count from now on, by its first code. The answer has recovery codes, which are shown this once.

    Former recovery codes work no more.
    """
    return RecoveryCodes(recovery_codes=await authenticators.confirm(session, actor, body.code))


@router.delete("/authenticator", status_code=204, responses=refusals(*IN_PERSON, *CONFIRMED, NoAuthenticator))
async def remove_authenticator(
    proof: Confirmed, actor: InPerson, database: Connections, guesses: CountedGuesses
) -> None:
    """Remove the authenticator app. The confirmation travels in the body.

    With the last second factor the recovery codes go, too.
    """
    async with confirmed(database, guesses, actor, proof) as (session, user):
        await authenticators.remove(session, actor, user)


@router.post("/recovery-codes", responses=refusals(*IN_PERSON, *CONFIRMED, NoSecondFactor))
async def make_recovery_codes(
    proof: Confirmed, actor: InPerson, database: Connections, guesses: CountedGuesses
) -> RecoveryCodes:
    """Make new recovery codes, which are shown this once. Former ones work no more."""
    async with confirmed(database, guesses, actor, proof) as (session, user):
        return RecoveryCodes(recovery_codes=await recovery_codes.renew(session, actor, user))
