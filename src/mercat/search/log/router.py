"""What was searched for, over HTTP, for operators."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from mercat.auth import REFUSED, Actor, Permission, Requires
from mercat.kit.database import Connections
from mercat.kit.downloads import TooManyDownloads, attached, streamed
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.kit.problems import Forbidden, Invalid
from mercat.search.log import queries
from mercat.search.log.schemas import TermExport, TermListing, TermRead

router = APIRouter(prefix="/search-terms", tags=["search"])

Analyst = Annotated[Actor, Depends(Requires(Permission.search_read))]
DENIED = (*REFUSED, Forbidden)
FILE: dict[str, Any] = {
    "description": "The file, streamed.",
    "content": {queries.MEDIA: {"schema": {"type": "string", "examples": [",".join(queries.COLUMNS)]}}},
}


@router.get("", responses=refusals(*DENIED, Invalid))
async def list_search_terms(
    params: Annotated[TermListing, Query()], _actor: Analyst, database: Connections
) -> Page[TermRead]:
    """List what was searched for, how often, and what it found; `found=false` is what found nothing.

    Only first pages of what was typed count, by day and without who searched. A search is here within some seconds.
    """
    found, total = await queries.page(database.primary, params)
    return envelope(found, params, total)


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: FILE, **refusals(*DENIED, TooManyDownloads, Invalid)},
)
async def export_search_terms(
    params: Annotated[TermExport, Query()], actor: Analyst, database: Connections
) -> StreamingResponse:
    """Return all of what was searched for as CSV."""
    return await streamed(queries.chunks(database, params), actor.user_id, queries.MEDIA, attached("search-terms.csv"))
