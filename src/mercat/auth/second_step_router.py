"""The second half of a sign-in over HTTP."""

from fastapi import APIRouter, Request, Response

from mercat.auth import accounts, second_step, sessions
from mercat.auth.access import Public
from mercat.auth.browser import give_cookie, require_own_page
from mercat.auth.exceptions import CrossSite
from mercat.auth.guesses import CountedGuesses
from mercat.auth.passkeys import PasskeyNotFound, PasskeyRefused
from mercat.auth.schemas import Tokens, UserRead
from mercat.auth.second_factors import SignInExpired, WrongCode
from mercat.auth.second_step import Begun, PasskeyOptions, SecondProof
from mercat.kit.database import Connections, Session
from mercat.kit.openapi import refusals
from mercat.kit.problems import Invalid, TooMany

router = APIRouter(prefix="/auth", tags=["auth"])

REFUSALS = (SignInExpired, WrongCode, PasskeyRefused, Invalid, TooMany)


@router.post("/second-factor", dependencies=[Public], responses=refusals(*REFUSALS))
async def give_second_factor(
    body: SecondProof, request: Request, database: Connections, guesses: CountedGuesses
) -> Tokens:
    """Finish a sign-in that was answered with `auth.second_factor_required`, within five minutes.

    A wrong code does not end it; a right one works once.
    """
    return await second_step.open_for_app(database, guesses, body, sessions.arrival(request, ""))


@router.post(
    "/second-factor/options", dependencies=[Public], responses=refusals(SignInExpired, PasskeyNotFound, Invalid)
)
async def ask_for_second_passkey(body: Begun, session: Session) -> PasskeyOptions:
    """Ask for one of the account's passkeys as the second proof: `options` are for `navigator.credentials.get`."""
    return await second_step.ask_for_passkey(session, body.challenge)


@router.post("/session/second-factor", dependencies=[Public], responses=refusals(*REFUSALS, CrossSite))
async def give_second_factor_in_browser(
    body: SecondProof, request: Request, response: Response, database: Connections, guesses: CountedGuesses
) -> UserRead:
    """Finish a sign-in that began with `POST /auth/session`; sets the cookie and answers with the account."""
    require_own_page(request)
    secret, user_id = await second_step.open_for_browser(database, guesses, body, sessions.arrival(request, ""))
    give_cookie(response, secret)
    async with database.primary_session() as primary:
        return await accounts.read(primary, user_id)
