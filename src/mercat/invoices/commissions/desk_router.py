"""The marketplace's invoices at a shop's own desk, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse

from mercat import vendors
from mercat.invoices.commissions import answering, queries
from mercat.invoices.commissions.exceptions import CommissionInvoiceNotFound
from mercat.invoices.commissions.schemas import CommissionInvoiceDetail, CommissionInvoiceRead, CommissionListing
from mercat.kit.database import Connections, PrimarySession
from mercat.kit.downloads import TooManyDownloads
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.vendors import AT_DESK, AtDesk, Duty

router = APIRouter(prefix="/vendor/commission-invoices", tags=["invoices"])
Bookkeeper = Annotated[vendors.Seat, Depends(AtDesk(Duty.finances))]


@router.get("", responses=refusals(*AT_DESK))
async def list_own_commission_invoices(
    listing: Annotated[CommissionListing, Query()], seat: Bookkeeper, session: PrimarySession
) -> Page[CommissionInvoiceRead]:
    """List what the marketplace has billed the shop for its commission, month by month, the newest first."""
    found, total = await queries.page(session, listing, seat.vendor_id)
    return envelope(found, listing, total)


@router.get("/{commission_invoice_id}", responses=refusals(*AT_DESK, CommissionInvoiceNotFound))
async def read_own_commission_invoice(
    commission_invoice_id: UUID, seat: Bookkeeper, session: PrimarySession
) -> CommissionInvoiceDetail:
    """Return an invoice or a credit note with its rates of tax."""
    return CommissionInvoiceDetail.of(await queries.read(session, commission_invoice_id, vendor_id=seat.vendor_id))


@router.get(
    "/{commission_invoice_id}/pdf",
    response_class=Response,
    responses={200: answering.PAPER, **refusals(*AT_DESK, CommissionInvoiceNotFound)},
)
async def download_own_commission_invoice(
    commission_invoice_id: UUID, seat: Bookkeeper, session: PrimarySession
) -> Response:
    """Return the paper as PDF."""
    paper = await queries.read(session, commission_invoice_id, vendor_id=seat.vendor_id)
    return answering.as_pdf(paper, await queries.file_of(session, paper))


@router.get(
    "/{commission_invoice_id}/csv",
    response_class=StreamingResponse,
    responses={200: answering.LINES, **refusals(*AT_DESK, CommissionInvoiceNotFound, TooManyDownloads)},
)
async def export_own_commission_invoice(
    commission_invoice_id: UUID, seat: Bookkeeper, database: Connections
) -> StreamingResponse:
    """Return every order that the paper is about as CSV, also where the paper has only days."""
    async with database.primary_session() as session:
        paper = await queries.read(session, commission_invoice_id, vendor_id=seat.vendor_id)
    return await answering.as_lines(database, seat.actor, paper)
