"""Posts over HTTP."""

from functools import partial
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from mercat import files, i18n
from mercat.auth import REFUSED, Actor, Public, SignedIn, actor_of
from mercat.content.pace import PICTURING, WRITING
from mercat.content.posts import export, pictures, queries, service
from mercat.content.posts.exceptions import PostHasNoImage, PostNotFound, PostSlugTaken, UnknownProducts
from mercat.content.posts.export import PostExport
from mercat.content.posts.schemas import PostCreate, PostListing, PostRead, PostReplace, PostSummary, PostUpdate
from mercat.content.posts.translated_kind import in_language
from mercat.content.writers import WRITER
from mercat.kit.cache import Policy, cached, is_anonymous
from mercat.kit.conditional import PUBLIC, IfMatch
from mercat.kit.database import Connections, Reads, Session, get_database
from mercat.kit.downloads import TooManyDownloads, attached, streamed
from mercat.kit.idempotency import InProgress, Key, KeyMissing, KeyReused, once, read_optional_key
from mercat.kit.openapi import refusals
from mercat.kit.pagination import BadCursor, CursorPage, Page
from mercat.kit.problems import Forbidden, Invalid, PreconditionFailed
from mercat.kit.throttle import count

router = APIRouter(prefix="/posts", tags=["posts"])

SHOWN = ("posts", "names", "translations")
"""What posts are read from: their own tables, the names of their authors, and texts in other languages."""
LIST = Policy("posts.list", SHOWN, stale_seconds=60)
PAGE = Policy("posts.page", SHOWN, stale_seconds=60)
PUBLIC_JSON = {"Cache-Control": PUBLIC.decode()}
MOVED: dict[str, object] = {"description": "A former slug: `Location` is the post's address of today."}
DENIED = (*REFUSED, Forbidden)
BAD_POST = (UnknownProducts, PostSlugTaken, Invalid)
BAD_EDIT = (*DENIED, PostNotFound, PreconditionFailed)
FORM = files.form(several=False, texts={"alt": "The alt text of the picture."})
FILE = {
    "description": "The file, streamed.",
    "content": {
        written.media_type: {
            "schema": {"type": "string", "examples": [written.head or '{"id": "...", "slug": "..."}\n']}
        }
        for written in export.FORMATS.values()
    },
}


async def writing(request: Request, actor: Annotated[Actor, Depends(WRITER)]) -> Actor:
    """Return who writes, counted before a transaction is opened."""
    await count(request, WRITING, str(actor.user_id))
    return actor


async def picturing(request: Request, actor: Annotated[Actor, Depends(WRITER)]) -> Actor:
    """Return who uploads, counted before a transaction is opened."""
    await count(request, PICTURING, str(actor.user_id))
    return actor


Writer = Annotated[Actor, Depends(writing)]
Picturer = Annotated[Actor, Depends(picturing)]


@router.get(
    "",
    dependencies=[Public],
    response_model=Page[PostSummary] | CursorPage[PostSummary],
    responses=refusals(*REFUSED, BadCursor, Invalid),  # who asks matters for drafts only
)
async def list_posts(request: Request, listing: Annotated[PostListing, Query()]) -> Response:
    """List published posts, the newest first, by numbered page with totals or by cursor (`?cursor=`).

    `?published=false` lists drafts instead: one's own, or for staff all. What was just published is found by its words
    (`?q=`) moments later, in the language of the reader; where nothing of it is translated, in that of the source.
    May be read from a replica that has what the primary has.
    """
    if not listing.published:
        actor = await actor_of(request)
        async with get_database(request).primary_session() as session:
            drafts = await queries.listed(queries.in_transaction(session), listing, actor)
        return Response(drafts.model_dump_json(), media_type="application/json")

    async def load(reads: Reads) -> bytes:
        found = await queries.listed(reads.rows, listing, locale=language.other)
        shown = await in_language(reads, found.items, language.other)
        return found.model_copy(update={"items": shown}).model_dump_json().encode()

    language = i18n.content_language(request, listing.locale)
    answer = await cached(request, LIST, load, language=language.locale)
    return Response(answer.body, media_type="application/json", headers={**PUBLIC_JSON, **language.headers})


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: FILE, **refusals(*REFUSED, TooManyDownloads, Invalid)},
)
async def export_posts(
    wanted: Annotated[PostExport, Query()], actor: SignedIn, database: Connections
) -> StreamingResponse:
    """Download posts as NDJSON or CSV, the oldest first: published ones and one's own drafts, for staff all."""
    media_type, name = export.FORMATS[wanted.format].media_type, f"posts.{wanted.format.value}"
    content = export.chunks(database, actor, wanted)
    return await streamed(content, actor.user_id, media_type, attached(name, cache="no-store"))


@router.get(
    "/{id_or_slug}",
    dependencies=[Public],
    response_model=PostRead,
    responses={301: MOVED, **refusals(PostNotFound, *REFUSED, Invalid)},  # who asks matters for drafts only
)
async def read_post(
    request: Request,
    id_or_slug: Annotated[str, Path(max_length=255, examples=["how-to-care-for-stoneware"])],
    language: i18n.ReaderLocale,
) -> Response:
    """Return a post by id or slug, with an ETag. A former slug redirects. Drafts are for their authors and staff.

    A slug of any language leads to it; `locale` or else `Accept-Language` chooses the texts, and `Content-Location`
    says where it is in that language. What is not translated is as it was written, and so are drafts.
    May be read from a replica that has what the primary has.
    """
    page = await cached(
        request, PAGE, partial(queries.page, id_or_slug=id_or_slug, locale=language.other), language=language.locale
    )
    headers = {**PUBLIC_JSON, **language.headers}
    folder = request.url.path.rpartition("/")[0]
    if page.status == 200:
        if page.location:
            headers["Content-Location"] = f"{folder}/{quote(page.location)}?locale={language.locale}"
        return Response(page.body, media_type="application/json", headers={"ETag": page.etag, **headers})
    if page.status == 301:
        query = f"?{request.url.query}" if "locale" in request.query_params else ""
        location = f"{folder}/{quote(page.location)}{query}"
        return Response(status_code=301, headers={"Location": location, **headers})
    if is_anonymous(request.scope):
        raise PostNotFound
    actor = await actor_of(request)
    async with get_database(request).primary_session() as session:
        draft = await queries.draft(session, actor, id_or_slug)
    return Response(draft.model_dump_json(), media_type="application/json", headers={"ETag": queries.etag_of(draft)})


@router.post(
    "",
    status_code=201,
    response_model=PostRead,
    responses=refusals(*DENIED, *BAD_POST, KeyMissing, KeyReused, InProgress),
)
async def create_post(
    new: PostCreate,
    key: Annotated[Key | None, Depends(read_optional_key)],
    actor: Writer,
    session: Session,
    response: Response,
) -> PostRead | Response:
    """Write a post: a draft, or published at once with `published`, or by itself at `publish_at`.

    Vendors and staff may, and everybody where the operator lets them. The slug is made of the title.
    """

    async def work() -> PostRead:
        return _tagged(await service.create(session, actor, new), response)

    return await work() if key is None else await once(session, key, str(actor.user_id), work)


@router.put("/{post_id}", responses=refusals(*BAD_EDIT, *BAD_POST))
async def replace_post(
    post_id: UUID, new: PostReplace, actor: Writer, session: Session, response: Response, if_match: IfMatch = None
) -> PostRead:
    """Replace a post of one's own, or for staff any: what is left out goes back to its default.

    The picture stays, and whether it is published stays unless the body says so. Another title makes another slug.
    """
    return _tagged(await service.replace(session, actor, post_id, new, if_match=if_match), response)


@router.patch("/{post_id}", responses=refusals(*BAD_EDIT, *BAD_POST))
async def update_post(
    post_id: UUID, changes: PostUpdate, actor: Writer, session: Session, response: Response, if_match: IfMatch = None
) -> PostRead:
    """Change some fields of a post of one's own, or for staff of any; what is left out stays."""
    return _tagged(await service.update(session, actor, post_id, changes, if_match=if_match), response)


@router.delete("/{post_id}", status_code=204, responses=refusals(*BAD_EDIT, Invalid))
async def delete_post(post_id: UUID, actor: Writer, session: Session, if_match: IfMatch = None) -> None:
    """Delete a post of one's own, or for staff any, with its comments and its picture, for good."""
    await service.delete(session, actor, post_id, if_match=if_match)


@router.post(
    "/{post_id}/image", status_code=201, openapi_extra=FORM, responses=refusals(*BAD_EDIT, *files.REFUSED, Invalid)
)
async def set_post_image(
    post_id: UUID,
    actor: Picturer,
    database: Connections,
    request: Request,
    response: Response,
    if_match: IfMatch = None,
) -> PostRead:
    """Upload the picture of a post, in place of one that it had: JPEG, PNG, WebP or GIF, of which the first frame.

    What it is is seen from its bytes. It is drawn anew, upright and without what cameras write into it; sizes for pages
    follow within moments, in `sizes`.
    """
    async with database.transaction() as session:
        await service.require_editable(session, actor, post_id)
    async with files.received(request, actor, most=1) as form:
        [alt] = form.alts()
        [upload] = await files.accept(database, actor, form.files, pictures.PURPOSE)
    async with database.transaction() as session:
        return _tagged(await pictures.put(session, actor, post_id, (upload, alt), if_match=if_match), response)


@router.delete("/{post_id}/image", status_code=204, responses=refusals(*BAD_EDIT, PostHasNoImage, Invalid))
async def delete_post_image(post_id: UUID, actor: Picturer, session: Session, if_match: IfMatch = None) -> None:
    """Take the picture from a post, for good."""
    await pictures.remove(session, actor, post_id, if_match=if_match)


def _tagged(post: PostRead, response: Response) -> PostRead:
    response.headers["ETag"] = queries.etag_of(post)
    return post
