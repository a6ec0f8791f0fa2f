"""The accounts elsewhere with which one can sign in to one's own, over HTTP."""

from fastapi import APIRouter, Request, Response

from mercat.auth import accounts
from mercat.auth.access import REFUSED, InPerson
from mercat.auth.exceptions import ConfirmationNeeded, InPersonOnly, WrongCredentials
from mercat.auth.guesses import guesses_of
from mercat.auth.providers import account_links, browser, flows, identities
from mercat.auth.providers.directory import Named, providers_of
from mercat.auth.providers.exceptions import (
    AlreadyLinked,
    FlowNotValid,
    IdentityNotFound,
    IdentityTaken,
    ProviderNotFound,
    ProviderUnavailable,
    RedirectNotAllowed,
    SignInNotConfirmed,
)
from mercat.auth.providers.flows import Goal, Plan
from mercat.auth.providers.schemas import FlowEnd, FlowStarted, IdentityRead, LinkStart
from mercat.auth.tokens import new_secret
from mercat.auth.ways_in import LastWayIn
from mercat.kit.database import Connections, PrimarySession, Session, get_database
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import Invalid

router = APIRouter(prefix="/users/me/identities", tags=["own account"])

IN_PERSON = (*REFUSED, InPersonOnly)


@router.get("", responses=refusals(*IN_PERSON))
async def list_identities(actor: InPerson, session: PrimarySession) -> Page[IdentityRead]:
    """List the accounts elsewhere with which one can sign in."""
    return complete(await identities.own(session, actor))


@router.post(
    "/{provider}",
    responses=refusals(
        *IN_PERSON,
        ProviderNotFound,
        ProviderUnavailable,
        RedirectNotAllowed,
        WrongCredentials,
        ConfirmationNeeded,
        Invalid,
    ),
)
async def begin_link(
    body: LinkStart, actor: InPerson, provider: Named, request: Request, response: Response
) -> FlowStarted:
    """Begin to link an account at a provider with one's own, whatever address it has there.

    An app names its `redirect_uri` and ends with `PUT` here. A page of the marketplace leaves it out, opens
    `authorization_url`, and comes back to `return_to` with the link made.
    """
    database = get_database(request)
    await accounts.confirm(database, guesses_of(request), actor, body.password)
    if body.redirect_uri is not None:
        providers_of(request).require_redirect(body.redirect_uri)
        secret = new_secret()
        plan = Plan(provider.name, Goal.link_app, body.redirect_uri)
    else:
        secret = browser.remember(request, response)
        plan = Plan(provider.name, Goal.link_browser, browser.callback(request, provider.name), body.return_to)
    async with database.transaction() as session:
        asked = await flows.begin(session, plan, secret, actor)
    return FlowStarted(
        authorization_url=await provider.authorization_url(asked),
        state=asked.state,
        flow_secret=secret if body.redirect_uri is not None else None,
        expires_in=flows.SECONDS,
    )


@router.put(
    "/{provider}",
    status_code=204,
    responses=refusals(
        *IN_PERSON,
        ProviderNotFound,
        ProviderUnavailable,
        FlowNotValid,
        SignInNotConfirmed,
        IdentityTaken,
        AlreadyLinked,
        Invalid,
    ),
)
async def finish_link(body: FlowEnd, actor: InPerson, provider: Named, database: Connections) -> None:
    """Link the account for which the provider gave this code; it must have been begun in the same session."""
    async with database.transaction() as session:
        flow = await flows.finish(session, provider.name, {Goal.link_app}, body.state, body.flow_secret)
        if flow.owner is None or (flow.owner.user_id, flow.owner.session_id) != (actor.user_id, actor.session_id):
            raise FlowNotValid
    person = await provider.vouch(body.code, flow.asked)
    async with database.transaction() as session:
        await account_links.link(session, flow.owner, provider.name, person)


@router.delete("/{provider}", status_code=204, responses=refusals(*IN_PERSON, IdentityNotFound, LastWayIn))
async def remove_identity(provider: str, actor: InPerson, session: Session) -> None:
    """Let an account elsewhere open one's own no more. The last way in stays: set a password first."""
    await identities.remove(session, actor, provider)
