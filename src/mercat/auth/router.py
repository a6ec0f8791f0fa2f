"""Registering, signing in and staying signed in, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Form, Header, Request, Response

from mercat import i18n
from mercat.auth import accounts, sessions, sign_in, verification
from mercat.auth.access import REFUSED, Public, SignedIn
from mercat.auth.accounts import UsernameLater
from mercat.auth.browser import COOKIE, give_cookie, require_own_page, take_cookie
from mercat.auth.exceptions import (
    CrossSite,
    EmailTaken,
    InvalidLink,
    InvalidToken,
    PasswordTooCommon,
    SecondFactorRequired,
    UsernameTaken,
    WrongCredentials,
)
from mercat.auth.guesses import CountedGuesses
from mercat.auth.schemas import (
    EmailOnly,
    OneTimeRequest,
    PasswordReset,
    RefreshRequest,
    SignInForm,
    Tokens,
    UserCreate,
    UserRead,
)
from mercat.kit.database import Connections, PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.problems import Invalid
from mercat.kit.throttle import count_mail

router = APIRouter(prefix="/auth", tags=["auth"])

Credentials = Annotated[SignInForm, Form()]
Language = Annotated[str, Header(alias="Accept-Language", description="The language of mail to this person.")]
SIGN_IN = refusals(WrongCredentials, SecondFactorRequired, Invalid)


@router.post(
    "/register",
    status_code=201,
    dependencies=[Public],
    responses=refusals(EmailTaken, UsernameTaken, PasswordTooCommon, UsernameLater, Invalid),
)
async def register(new: UserCreate, request: Request, session: Session, language: Language = "") -> UserRead:
    """Create a buyer's account; a mail with a link that verifies the address follows.

    E-mail and user name are unique, whatever their case and however their letters are written. A marketplace with
    `MERCAT_REGISTER_DISCREETLY` answers taken addresses like others, takes no user name yet, and lets nobody sign in
    by password before the address is verified.
    """
    await count_mail(request)
    return await accounts.register(session, new, i18n.readers_locale(language))


@router.post("/login", dependencies=[Public], responses=SIGN_IN)
@router.post("/token", name="create_token", dependencies=[Public], responses=SIGN_IN)
async def login(form: Credentials, request: Request, database: Connections, guesses: CountedGuesses) -> Tokens:
    """Exchange e-mail or user name and password (an OAuth2 password form) for an access and a refresh token.

    An account with a second factor gets a 401, `auth.second_factor_required`, whose `challenge` goes to
    `POST /auth/second-factor`.
    """
    proven = await sign_in.prove_password(database, guesses, form.username, form.password)
    arrival = sessions.arrival(request, "password")
    return await sign_in.open_for_app(database, proven, arrival)


@router.post("/session", dependencies=[Public], responses={**SIGN_IN, **refusals(CrossSite)})
async def login_in_browser(
    form: Credentials, request: Request, response: Response, database: Connections, guesses: CountedGuesses
) -> UserRead:
    """Sign in with a cookie that no script can read, for pages of the marketplace itself; answers with the account."""
    require_own_page(request)
    proven = await sign_in.prove_password(database, guesses, form.username, form.password)
    secret = await sign_in.open_for_browser(database, proven, sessions.arrival(request, "password"))
    give_cookie(response, secret)
    async with database.primary_session() as primary:
        return await accounts.read(primary, proven.user_id)


@router.delete("/session", status_code=204, dependencies=[Public], responses=refusals(CrossSite))
async def logout_in_browser(request: Request, response: Response, session: Session) -> None:
    """End the session of this browser and take its cookie away."""
    secret = request.cookies.get(COOKIE)
    if secret:
        require_own_page(request)
        await sessions.sign_out_browser(session, secret)
    take_cookie(response)


@router.post("/refresh", dependencies=[Public], responses=refusals(InvalidToken, Invalid))
async def refresh(body: RefreshRequest, session: Session) -> Tokens:
    """Exchange a refresh token for a new pair; the old one is dead. Using a dead one ends the whole session."""
    return await sessions.refresh(session, body.refresh_token)


@router.post("/logout", status_code=204, dependencies=[Public], responses=refusals(Invalid))
async def logout(body: RefreshRequest, session: Session) -> None:
    """End the session of this refresh token, and with it its access tokens."""
    await sessions.sign_out(session, body.refresh_token)


@router.post(
    "/forgot-password", status_code=202, response_class=Response, dependencies=[Public], responses=refusals(Invalid)
)
async def forgot_password(body: EmailOnly, request: Request, session: Session) -> None:
    """Send a link that sets a new password, if the address has an account; the answer does not tell whether it has."""
    await count_mail(request)
    await verification.ask_to_reset(session, body.email)


@router.post(
    "/reset-password", status_code=204, dependencies=[Public], responses=refusals(InvalidLink, PasswordTooCommon)
)
async def reset_password(body: PasswordReset, database: Connections) -> None:
    """Set a new password with the token of a mailed link. It works once; sessions and API keys end."""
    await verification.reset_password(database, body.token, body.new_password, keep_api_keys=body.keep_api_keys)


@router.post("/verify-email", status_code=204, dependencies=[Public], responses=refusals(InvalidLink))
async def verify_email(body: OneTimeRequest, session: Session) -> None:
    """Verify the account's address with the token of a mailed link. It works once."""
    await verification.verify_email(session, body.token)


@router.post("/confirm-email", status_code=204, dependencies=[Public], responses=refusals(InvalidLink, EmailTaken))
async def confirm_email(body: OneTimeRequest, session: Session) -> None:
    """Give the account the address to which this token was sent. It works once; the former address is told."""
    await verification.change_email(session, body.token)


@router.get("/me", responses=refusals(*REFUSED))
async def read_account(actor: SignedIn, session: PrimarySession) -> UserRead:
    """Return the account that the access token speaks for."""
    return await accounts.me(session, actor)
