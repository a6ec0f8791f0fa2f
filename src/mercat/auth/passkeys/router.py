"""Signing in by passkey over HTTP."""

from fastapi import APIRouter, Request, Response

from mercat.auth import accounts, sessions
from mercat.auth.access import Public
from mercat.auth.browser import give_cookie, require_own_page
from mercat.auth.exceptions import CrossSite
from mercat.auth.passkeys import sign_in
from mercat.auth.passkeys.exceptions import PasskeyRefused
from mercat.auth.passkeys.schemas import PasskeyRequest, PasskeySignIn
from mercat.auth.schemas import Tokens, UserRead
from mercat.auth.second_factors import SignInExpired
from mercat.auth.sessions import Arrival
from mercat.kit.database import Connections, Session
from mercat.kit.openapi import refusals
from mercat.kit.problems import Invalid

router = APIRouter(prefix="/auth", tags=["auth"])

REFUSALS = (PasskeyRefused, SignInExpired, Invalid)


@router.post("/passkey/options", dependencies=[Public])
async def ask_for_passkey(session: Session) -> PasskeyRequest:
    """Begin to sign in by passkey, within five minutes. Nobody is named: the passkey says whose it is."""
    return await sign_in.begin(session)


@router.post("/passkey", dependencies=[Public], responses=refusals(*REFUSALS))
async def login_by_passkey(body: PasskeySignIn, request: Request, database: Connections) -> Tokens:
    """Exchange a passkey for an access and a refresh token. It counts as both factors: nothing else is asked."""
    return await sign_in.open_for_app(database, body, _arrival(request))


@router.post("/session/passkey", dependencies=[Public], responses=refusals(*REFUSALS, CrossSite))
async def login_in_browser_by_passkey(
    body: PasskeySignIn, request: Request, response: Response, database: Connections
) -> UserRead:
    """Sign in by passkey with a cookie that no script can read; answers with the account."""
    require_own_page(request)
    secret, user_id = await sign_in.open_for_browser(database, body, _arrival(request))
    give_cookie(response, secret)
    async with database.primary_session() as primary:
        return await accounts.read(primary, user_id)


def _arrival(request: Request) -> Arrival:
    return sessions.arrival(request, "passkey", second_factor=True)
