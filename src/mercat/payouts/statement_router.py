"""A vendor's statement in the vendor portal, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from mercat import vendors
from mercat.kit.database import Connections, PrimarySession
from mercat.kit.downloads import TooManyDownloads, attached, streamed
from mercat.kit.openapi import refusals
from mercat.kit.pagination import BadCursor
from mercat.payouts import statements
from mercat.payouts.export import COLUMNS, MEDIA, chunks
from mercat.payouts.schemas import StatementExport, StatementFormat, StatementPage, StatementWanted
from mercat.vendors import IN_PORTAL, RequiresVendorRole, VendorPermission

router = APIRouter(prefix="/vendor/statement", tags=["payouts"])
Bookkeeper = Annotated[vendors.VendorContext, Depends(RequiresVendorRole(VendorPermission.finances))]
FILE = {
    "description": "The file, streamed.",
    "content": {
        MEDIA[StatementFormat.csv]: {"schema": {"type": "string", "examples": [",".join(COLUMNS)]}},
        MEDIA[StatementFormat.ndjson]: {"schema": {"type": "string", "examples": ['{"at": "...", "type": "order"}']}},
    },
}


@router.get("", responses=refusals(*IN_PORTAL, BadCursor))
async def read_statement(
    wanted: Annotated[StatementWanted, Query()], context: Bookkeeper, session: PrimarySession
) -> StatementPage:
    """Return the entries of the vendor's balance, the oldest first.

    Orders, refunds, the marketplace's commission, payouts and adjustments have lines. The balance after each is all
    that the vendor was owed then and that was not under way to it.
    """
    return await statements.page(session, context.vendor_id, wanted)


@router.get(
    "/export", response_class=StreamingResponse, responses={200: FILE, **refusals(*IN_PORTAL, TooManyDownloads)}
)
async def export_statement(
    wanted: Annotated[StatementExport, Query()], context: Bookkeeper, database: Connections
) -> StreamingResponse:
    """Return a statement as a file, with its opening and closing balance: CSV, or NDJSON with a line each."""
    content = chunks(database, context.vendor_id, wanted)
    name = f"statement-{context.slug}.{wanted.format}"
    return await streamed(content, context.actor.user_id, MEDIA[wanted.format], attached(name))
