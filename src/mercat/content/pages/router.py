"""Pages over HTTP."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from mercat import i18n
from mercat.auth import REFUSED, Actor, OptionalActor, Permission, Public, Requires
from mercat.content.pages import queries, service
from mercat.content.pages.exceptions import PageExists, PageNotFound, PageVersionPublished
from mercat.content.pages.schemas import PageCreate, PageRead, PageSummary, VersionSummary, VersionWrite
from mercat.kit.cache import Policy, cached
from mercat.kit.conditional import PUBLIC
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete
from mercat.kit.problems import Forbidden, Invalid

router = APIRouter(prefix="/pages", tags=["pages"])

PAGES = Policy("pages", ("pages", "translations"), stale_seconds=60)
PUBLIC_JSON = {"Cache-Control": PUBLIC.decode()}
Operator = Annotated[Actor, Depends(Requires(Permission.pages_write))]
PageSlug = Annotated[str, Path(max_length=120, examples=["terms"])]
Number = Annotated[int, Path(ge=1, le=1_000_000, examples=[3])]
DENIED = (*REFUSED, Forbidden, Invalid)


@router.get("", dependencies=[Public], response_model=Page[PageSummary])
async def list_pages(request: Request, language: i18n.ReaderLocale) -> Response:
    """List the marketplace's pages, such as its imprint, terms and privacy statement, in their current versions.

    May be read from a replica that has what the primary has.
    """
    found = await cached(request, PAGES, partial(queries.listed, locale=language.other), language=language.locale)
    return Response(found.body, media_type="application/json", headers={**PUBLIC_JSON, **language.headers})


@router.get("/{page_slug}", dependencies=[Public], response_model=PageRead, responses=refusals(PageNotFound, Invalid))
async def read_page(request: Request, page_slug: PageSlug, language: i18n.ReaderLocale) -> Response:
    """Return a page in its current version. May be read from a replica that has what the primary has.

    `locale` or else `Accept-Language` chooses the texts. A translation of a former version is not shown: what is not
    translated anew is as it was written.
    """
    work = partial(queries.current, slug=page_slug, locale=language.other)
    found = await cached(request, PAGES, work, language=language.locale)
    if found.status != 200:
        raise PageNotFound
    return Response(found.body, media_type="application/json", headers={**PUBLIC_JSON, **language.headers})


@router.get("/{page_slug}/versions", responses=refusals(*REFUSED, PageNotFound, Invalid))
async def list_versions_of_page(
    page_slug: PageSlug, actor: OptionalActor, session: PrimarySession
) -> Page[VersionSummary]:
    """List every version that a page had, the newest first; for operators also drafts."""
    return complete(await queries.versions(session, page_slug, drafts=actor.can(Permission.pages_write)))


@router.get("/{page_slug}/versions/{page_version}", responses=refusals(*REFUSED, PageNotFound, Invalid))
async def read_version_of_page(
    page_slug: PageSlug, page_version: Number, actor: OptionalActor, session: PrimarySession
) -> PageRead:
    """Return one version of a page: what an order says was agreed to, say. Drafts are for operators."""
    return await queries.one(session, page_slug, page_version, drafts=actor.can(Permission.pages_write))


@router.post("", status_code=201, responses=refusals(*DENIED, PageExists))
async def create_page(new: PageCreate, actor: Operator, session: Session) -> PageRead:
    """Make a page, published unless the body says otherwise."""
    return await service.create(session, actor, new)


@router.post("/{page_slug}/versions", status_code=201, responses=refusals(*DENIED, PageNotFound))
async def write_version_of_page(page_slug: PageSlug, new: VersionWrite, actor: Operator, session: Session) -> PageRead:
    """Write a new version of a page, which is current at once unless `published` is false. Former ones stay."""
    return await service.write(session, actor, page_slug, new)


@router.post(
    "/{page_slug}/versions/{page_version}/publish", responses=refusals(*DENIED, PageNotFound, PageVersionPublished)
)
async def publish_version_of_page(
    page_slug: PageSlug, page_version: Number, actor: Operator, session: Session
) -> PageRead:
    """Publish a draft, which is the current version from now on. It cannot be changed or taken back any more."""
    return await service.publish(session, actor, page_slug, page_version)
