"""The marketplace's invoices in the vendor portal, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse

from mercat import vendors
from mercat.invoices.commissions import queries, responses
from mercat.invoices.commissions.exceptions import CommissionInvoiceNotFound
from mercat.invoices.commissions.schemas import CommissionInvoiceDetail, CommissionInvoiceRead, CommissionListing
from mercat.kit.database import Connections, PrimarySession
from mercat.kit.downloads import TooManyDownloads
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.vendors import IN_PORTAL, RequiresVendorRole, VendorPermission

router = APIRouter(prefix="/vendor/commission-invoices", tags=["invoices"])
Bookkeeper = Annotated[vendors.VendorContext, Depends(RequiresVendorRole(VendorPermission.finances))]


@router.get("", responses=refusals(*IN_PORTAL))
async def list_own_commission_invoices(
    listing: Annotated[CommissionListing, Query()], context: Bookkeeper, session: PrimarySession
) -> Page[CommissionInvoiceRead]:
    """List what the marketplace has billed the vendor for its commission, month by month, the newest first."""
    found, total = await queries.page(session, listing, context.vendor_id)
    return envelope(found, listing, total)


@router.get("/{commission_invoice_id}", responses=refusals(*IN_PORTAL, CommissionInvoiceNotFound))
async def read_own_commission_invoice(
    commission_invoice_id: UUID, context: Bookkeeper, session: PrimarySession
) -> CommissionInvoiceDetail:
    """Return an invoice or a credit note with its rates of tax."""
    return CommissionInvoiceDetail.of(await queries.read(session, commission_invoice_id, vendor_id=context.vendor_id))


@router.get(
    "/{commission_invoice_id}/pdf",
    response_class=Response,
    responses={200: responses.DOCUMENT, **refusals(*IN_PORTAL, CommissionInvoiceNotFound)},
)
async def download_own_commission_invoice(
    commission_invoice_id: UUID, context: Bookkeeper, session: PrimarySession
) -> Response:
    """Return the document as PDF."""
    document = await queries.read(session, commission_invoice_id, vendor_id=context.vendor_id)
    return responses.as_pdf(document, await queries.file_of(session, document))


@router.get(
    "/{commission_invoice_id}/csv",
    response_class=StreamingResponse,
    responses={200: responses.LINES, **refusals(*IN_PORTAL, CommissionInvoiceNotFound, TooManyDownloads)},
)
async def export_own_commission_invoice(
    commission_invoice_id: UUID, context: Bookkeeper, database: Connections
) -> StreamingResponse:
    """Return every order of the document as CSV, also where the document lists only days."""
    async with database.primary_session() as session:
        document = await queries.read(session, commission_invoice_id, vendor_id=context.vendor_id)
    return await responses.as_lines(database, context.actor, document)
