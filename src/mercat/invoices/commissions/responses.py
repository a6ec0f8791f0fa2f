"""Documents and their files as answers."""

from typing import Any

from fastapi import Response
from fastapi.responses import StreamingResponse

from mercat.auth import Actor
from mercat.invoices.commissions.export import COLUMNS, MEDIA, chunks
from mercat.invoices.commissions.models import CommissionInvoice
from mercat.invoices.document import filename
from mercat.kit.database import Database
from mercat.kit.downloads import attached, streamed

PDF = "application/pdf"
DOCUMENT: dict[str, Any] = {
    "description": "The document.",
    "content": {PDF: {"schema": {"type": "string", "format": "binary", "examples": ["%PDF-1.7 ..."]}}},
}
LINES: dict[str, Any] = {
    "description": "The file, streamed.",
    "content": {MEDIA: {"schema": {"type": "string", "examples": [",".join(COLUMNS)]}}},
}


def as_pdf(document: CommissionInvoice, content: bytes) -> Response:
    """Answer with a document."""
    return Response(content, media_type=PDF, headers=attached(filename(document.kind, document.number)))


async def as_lines(database: Database, actor: Actor, document: CommissionInvoice) -> StreamingResponse:
    """Answer with the orders of a document."""
    units = chunks(database, document)
    name = filename(document.kind, document.number).replace(".pdf", ".csv")
    return await streamed(units, actor.user_id, MEDIA, attached(name))
