"""The pages behind the links in mail.

Opening one changes nothing, since programs that look at mail before its reader does would use the link up. A button
does what the link is for.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse

from mercat import auth, vendors
from mercat.kit.database import Connections
from mercat.kit.problems import Problem, Unauthenticated
from mercat.storefront.pages import Secret, page

router = APIRouter(include_in_schema=False, dependencies=[auth.Public])

Typed = Annotated[str, Form(max_length=1024)]
BAD_PASSWORD = "A password has eight characters or more, and not only blanks."  # noqa: S105 - what its reader is told


@router.get("/verify-email")
async def show_verification(request: Request, token: str = "") -> HTMLResponse:
    """Ask for the click that verifies an address."""
    return page(request, "verify_email", token=token, problem="", done=False)


@router.post("/verify-email")
async def verify(request: Request, database: Connections, token: Secret = "") -> HTMLResponse:
    """Verify the address."""
    return await _settle(request, database, "verify_email", token, auth.verify_email)


@router.get("/confirm-email")
async def show_confirmation(request: Request, token: str = "") -> HTMLResponse:
    """Ask for the click that gives the account its new address."""
    return page(request, "confirm_email", token=token, problem="", done=False)


@router.post("/confirm-email")
async def confirm(request: Request, database: Connections, token: Secret = "") -> HTMLResponse:
    """Give the account its new address."""
    return await _settle(request, database, "confirm_email", token, auth.change_email)


@router.get("/reset-password")
async def show_reset(request: Request, token: str = "") -> HTMLResponse:
    """Ask for a new password."""
    return page(request, "reset_password", token=token, problem="", done=False)


@router.post("/reset-password")
async def reset(request: Request, database: Connections, token: Secret = "", password: Typed = "") -> HTMLResponse:
    """Set the new password."""
    problem = ""
    try:
        wanted = auth.PasswordReset.model_validate({"token": token, "new_password": password})
        await auth.reset_password(database, wanted.token, wanted.new_password)
    except ValidationError:
        problem = BAD_PASSWORD
    except Problem as refused:
        problem = refused.detail
    return page(
        request, "reset_password", status=422 if problem else 200, token=token, problem=problem, done=not problem
    )


@router.get("/join-shop")
async def show_invitation(request: Request, token: str = "") -> HTMLResponse:
    """Ask for the click that makes a person a member of a vendor."""
    return page(request, "join_shop", token=token, problem="", done=False)


@router.post("/join-shop")
async def join(request: Request, database: Connections, token: Secret = "") -> HTMLResponse:
    """Make the signed-in person a member of the vendor; the link still works for the first who signs in."""
    try:
        actor = await auth.actor_of(request)
        if actor.session_id is None:
            raise Unauthenticated
        async with database.transaction() as session:
            await vendors.members.accept(session, actor, token)
    except Problem as refused:
        return page(request, "join_shop", status=422, token=token, problem=refused.detail, done=False)
    return page(request, "join_shop", token="", problem="", done=True)


async def _settle(
    request: Request,
    database: Connections,
    template: str,
    token: str,
    work: Callable[[AsyncSession, str], Awaitable[None]],
) -> HTMLResponse:
    try:
        async with database.transaction() as session:
            await work(session, token)
    except Problem as refused:
        return page(request, template, status=422, token="", problem=refused.detail, done=False)
    return page(request, template, token="", problem="", done=True)
