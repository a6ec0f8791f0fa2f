"""Menus and redirects over HTTP: everybody reads, operators write."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from mercat import i18n
from mercat.auth import REFUSED, Actor, Permission, Public, Requires
from mercat.content.navigation import menus, redirects
from mercat.content.navigation.exceptions import MenuNotFound, RedirectExists, RedirectLoop, RedirectNotFound
from mercat.content.navigation.menus import MenuRead, MenuWrite
from mercat.content.navigation.redirects import RedirectCreate, RedirectListing, RedirectRead
from mercat.kit.cache import Policy, cached
from mercat.kit.conditional import CHECKED, PUBLIC, IfMatch, versioned
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page
from mercat.kit.problems import Forbidden, Invalid, PreconditionFailed

menus_router = APIRouter(prefix="/menus", tags=["pages"])
redirects_router = APIRouter(prefix="/redirects", tags=["pages"])

MENUS = Policy("menus", ("menus", "translations"), stale_seconds=60)
Operator = Annotated[Actor, Depends(Requires(Permission.pages_write))]
Name = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", examples=["footer"])]
DENIED = (*REFUSED, Forbidden, Invalid)


@menus_router.get(
    "/{menu_name}", dependencies=[Public], response_model=MenuRead, responses=refusals(MenuNotFound, Invalid)
)
async def read_menu(request: Request, menu_name: Name, language: i18n.ReaderLocale) -> Response:
    """Return a menu, with an ETag to base a change on.

    `locale` or else `Accept-Language` chooses its labels; what is not translated is as it was written.
    May be read from a replica that has what the primary has.
    """
    work = partial(menus.read, name=menu_name, locale=language.other)
    found = await cached(request, MENUS, work, language=language.locale)
    if found.status != 200:
        raise MenuNotFound
    headers = {"ETag": found.etag, "Cache-Control": PUBLIC.decode(), **language.headers}
    return Response(found.body, media_type="application/json", headers=headers)


@menus_router.put("/{menu_name}", responses=refusals(*DENIED, MenuNotFound, PreconditionFailed))
async def write_menu(
    menu_name: Name, new: MenuWrite, actor: Operator, session: Session, response: Response, if_match: IfMatch = None
) -> MenuRead:
    """Make a menu what the body says; one that was not there is made. What its links lead to is not looked at."""
    return versioned(response, await menus.write(session, actor, menu_name, new, if_match=if_match))


@redirects_router.get("", dependencies=[Public], responses=refusals(Invalid))
async def list_redirects(
    listing: Annotated[RedirectListing, Query()], session: PrimarySession, response: Response
) -> Page[RedirectRead]:
    """List where former paths of the storefront lead; with `?path=` the redirect of one, or nothing."""
    response.headers["Cache-Control"] = CHECKED.decode()
    return await redirects.listed(session, listing)


@redirects_router.post("", status_code=201, responses=refusals(*DENIED, RedirectExists, RedirectLoop))
async def create_redirect(new: RedirectCreate, actor: Operator, session: Session) -> RedirectRead:
    """Redirect a path of the storefront. One that would lead in a circle is a 409."""
    return await redirects.create(session, actor, new)


@redirects_router.delete("/{redirect_id}", status_code=204, responses=refusals(*DENIED, RedirectNotFound))
async def delete_redirect(redirect_id: UUID, actor: Operator, session: Session) -> None:
    """Let a path be itself again."""
    await redirects.delete(session, actor, redirect_id)
