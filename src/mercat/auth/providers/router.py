"""Signing in with an account elsewhere, over HTTP: browsers are redirected, apps carry the answers themselves."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse

from mercat import i18n
from mercat.auth import sessions, sign_in
from mercat.auth.access import Public
from mercat.auth.browser import give_cookie
from mercat.auth.exceptions import EmailTaken, InvalidToken, SecondFactorRequired, WrongCredentials
from mercat.auth.providers import account_links, browser, flows
from mercat.auth.providers.directory import Directory, Named
from mercat.auth.providers.exceptions import (
    AccountNotActive,
    AlreadyLinked,
    EmailNotVouched,
    FlowNotValid,
    IdentityTaken,
    ProviderNotFound,
    ProviderUnavailable,
    RedirectNotAllowed,
    SignInCancelled,
    SignInNotConfirmed,
)
from mercat.auth.providers.flows import Goal, Plan
from mercat.auth.providers.schemas import FlowEnd, FlowStarted, ProviderCallback, ProviderRead, ReturnTo, SignInStart
from mercat.auth.router import Language
from mercat.auth.schemas import Tokens
from mercat.auth.sign_in import Proven
from mercat.auth.tokens import new_secret
from mercat.kit.caller import client_ip_var, site_of
from mercat.kit.database import Connections
from mercat.kit.limits import Limiter, Policy
from mercat.kit.logs import logger
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import Invalid, TooMany

router = APIRouter(prefix="/auth/oauth", tags=["auth"])

BEGUN_BY_ONE_PLACE = Policy("sign_in_elsewhere", "120/10minutes")
BEGIN = (ProviderNotFound, ProviderUnavailable, TooMany, Invalid)
END = (
    ProviderNotFound,
    ProviderUnavailable,
    FlowNotValid,
    SignInNotConfirmed,
    EmailNotVouched,
    AccountNotActive,
    EmailTaken,
    AlreadyLinked,
    WrongCredentials,
    Invalid,
)


async def bounded(request: Request) -> None:
    """Count the sign-ins that one place begins: each leaves a row until it is forgotten."""
    limiter: Limiter = request.app.state.limiter
    await limiter.hit(BEGUN_BY_ONE_PLACE, site_of(client_ip_var.get()))


Bounded = Depends(bounded)


@router.get("/providers", dependencies=[Public])
async def list_providers(directory: Directory) -> Page[ProviderRead]:
    """List the providers with whose accounts one can sign in here."""
    return complete([ProviderRead(name=provider.name, label=provider.label) for provider in directory])


@router.get(
    "/{provider}",
    status_code=303,
    response_class=RedirectResponse,
    dependencies=[Public, Bounded],
    responses=refusals(*BEGIN),
)
async def begin_in_browser(
    provider: Named, request: Request, database: Connections, return_to: ReturnTo = flows.HOME
) -> RedirectResponse:
    """Send a browser to the provider. It comes back, is signed in with a cookie, and goes on to `return_to`."""
    answer = browser.go("")
    plan = Plan(provider.name, Goal.browser, browser.callback(request, provider.name), return_to)
    async with database.transaction() as session:
        asked = await flows.begin(session, plan, browser.remember(request, answer))
    answer.headers["Location"] = await provider.authorization_url(asked)
    return answer


@router.get(
    "/{provider}/callback",
    status_code=303,
    response_class=RedirectResponse,
    dependencies=[Public],
    responses=refusals(*END, SignInCancelled, IdentityTaken, InvalidToken),
)
async def finish_in_browser(
    callback: Annotated[ProviderCallback, Query()],
    provider: Named,
    request: Request,
    database: Connections,
    language: Language = "",
) -> RedirectResponse:
    """Take a browser back from the provider, to which this address has to be registered there.

    It must be the browser that was sent there. An account with a second factor goes on at the page `/second-factor`.
    """
    async with database.transaction() as session:
        goals = {Goal.browser, Goal.link_browser}
        flow = await flows.finish(session, provider.name, goals, callback.state, browser.secret_of(request))
    if callback.error or not callback.code:
        raise _no_code(provider.name, callback.error)
    person = await provider.vouch(callback.code, flow.asked)
    if flow.owner is not None:
        async with database.transaction() as session:
            await account_links.link(session, flow.owner, provider.name, person)
        return browser.go(flow.return_to)
    user_id = await account_links.settle(database, provider.name, person, i18n.readers_locale(language))
    arrival = sessions.arrival(request, provider.name)
    try:
        secret = await sign_in.open_for_browser(database, Proven(user_id), arrival)
    except SecondFactorRequired as more:
        return browser.go(browser.second_factor(more.extras["challenge"], flow.return_to))
    answer = browser.go(flow.return_to)
    give_cookie(answer, secret)
    return answer


@router.post("/{provider}", dependencies=[Public, Bounded], responses=refusals(*BEGIN, RedirectNotAllowed))
async def begin_in_app(body: SignInStart, provider: Named, directory: Directory, database: Connections) -> FlowStarted:
    """Begin a sign-in for an app: open `authorization_url` in the person's browser, which comes to `redirect_uri`."""
    directory.require_redirect(body.redirect_uri)
    secret = new_secret()
    async with database.transaction() as session:
        asked = await flows.begin(session, Plan(provider.name, Goal.app, body.redirect_uri), secret)
    url = await provider.authorization_url(asked)
    return FlowStarted(authorization_url=url, state=asked.state, flow_secret=secret, expires_in=flows.SECONDS)


@router.post("/{provider}/callback", dependencies=[Public], responses=refusals(*END, SecondFactorRequired))
async def finish_in_app(
    body: FlowEnd, provider: Named, request: Request, database: Connections, language: Language = ""
) -> Tokens:
    """Exchange what came back from the provider for an access and a refresh token of this marketplace.

    An account with a second factor gets a 401, `auth.second_factor_required`, as with a password.
    """
    async with database.transaction() as session:
        flow = await flows.finish(session, provider.name, {Goal.app}, body.state, body.flow_secret)
    person = await provider.vouch(body.code, flow.asked)
    user_id = await account_links.settle(database, provider.name, person, i18n.readers_locale(language))
    return await sign_in.open_for_app(database, Proven(user_id), sessions.arrival(request, provider.name))


def _no_code(provider: str, error: str) -> SignInCancelled | ProviderUnavailable:
    """Return why there is nothing to go on with: the person's choice, or something between the provider and us."""
    if error == "access_denied":
        return SignInCancelled()
    logger.warning("provider_unavailable", provider=provider, error=error[:50])
    return ProviderUnavailable()
