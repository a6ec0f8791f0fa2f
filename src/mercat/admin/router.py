"""The audit log over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from mercat import audit
from mercat.admin.audit_export import FORMATS, AuditExport, chunks
from mercat.auth import REFUSED, Actor, Permission, Requires
from mercat.kit.database import PrimarySession, get_database
from mercat.kit.downloads import TooManyDownloads, attached, streamed
from mercat.kit.openapi import refusals
from mercat.kit.pagination import BadCursor, CursorPage, Page, envelope
from mercat.kit.problems import Forbidden, Invalid

router = APIRouter(prefix="/audit", tags=["audit"])
Auditor = Depends(Requires(Permission.audit_read))
FILE = {
    "description": "The file, streamed.",
    "content": {
        written.media_type: {"schema": {"type": "string", "examples": [written.head or '{"id": "...", "at": "..."}\n']}}
        for written in FORMATS.values()
    },
}


@router.get("", dependencies=[Auditor], responses=refusals(*REFUSED, Forbidden, Invalid, BadCursor))
async def list_audit(
    listing: Annotated[audit.AuditListing, Query()], session: PrimarySession
) -> Page[audit.AuditEntry] | CursorPage[audit.AuditEntry]:
    """List who changed what, newest first. Entries are never altered; people can be erased from them."""
    if listing.cursor is not None:
        found, following = await audit.by_cursor(session, listing)
        return CursorPage(items=found, next_cursor=following)
    found, total = await audit.page(session, listing)
    return envelope(found, listing.numbered, total)


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: FILE, **refusals(*REFUSED, Forbidden, Invalid, TooManyDownloads)},
)
async def export_audit(
    wanted: Annotated[AuditExport, Query()],
    actor: Annotated[Actor, Depends(Requires(Permission.audit_read))],
    request: Request,
) -> StreamingResponse:
    """Return all entries of a filter as a file, newest first: CSV, or NDJSON with an entry a line."""
    content = chunks(get_database(request), wanted)
    name = f"audit.{wanted.format}"
    return await streamed(content, actor.user_id, FORMATS[wanted.format].media_type, attached(name, cache="no-store"))
