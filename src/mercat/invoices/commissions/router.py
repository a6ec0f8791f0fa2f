"""The marketplace's invoices to its vendors for operators, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import StreamingResponse

from mercat.auth import REFUSED, Actor, Permission, Requires
from mercat.invoices.commissions import billing, queries, responses
from mercat.invoices.commissions.exceptions import CommissionInvoiceNotFound, MonthNotOver
from mercat.invoices.commissions.months import Month
from mercat.invoices.commissions.schemas import (
    AllCommissionsListing,
    BillingCreate,
    BillingRead,
    CommissionInvoiceDetail,
    CommissionInvoiceRead,
)
from mercat.kit.database import Connections, PrimarySession, Session
from mercat.kit.downloads import TooManyDownloads
from mercat.kit.idempotency import InProgress, Key, KeyMissing, KeyReused, once, read_optional_key
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.kit.problems import Forbidden, Invalid
from mercat.vendors import VendorNotFound

router = APIRouter(prefix="/commission-invoices", tags=["invoices"])
Accountant = Depends(Requires(Permission.ledger_read))
Operator = Annotated[Actor, Depends(Requires(Permission.payouts_manage))]
ONE = refusals(*REFUSED, Forbidden, CommissionInvoiceNotFound, Invalid)


@router.get("", dependencies=[Accountant], responses=refusals(*REFUSED, Forbidden, Invalid))
async def list_commission_invoices(
    listing: Annotated[AllCommissionsListing, Query()], session: PrimarySession
) -> Page[CommissionInvoiceRead]:
    """List what vendors were billed for the marketplace's commission, the newest month first."""
    found, total = await queries.page(session, listing, listing.vendor)
    return envelope(found, listing, total)


@router.post(
    "",
    status_code=202,
    response_model=BillingRead,
    responses=refusals(*REFUSED, Forbidden, VendorNotFound, KeyMissing, KeyReused, InProgress, MonthNotOver, Invalid),
)
async def bill_commissions(
    new: BillingCreate,
    key: Annotated[Key | None, Depends(read_optional_key)],
    actor: Operator,
    session: Session,
) -> BillingRead | Response:
    """Bill a past month, of all vendors or of one, in the background. A vendor with a document gets no other one.

    A schedule does it in the morning of the first day of each month.
    """

    async def work() -> BillingRead:
        await billing.ask(session, actor, Month.parse(new.month), new.vendor_id)
        return BillingRead(month=new.month, vendor_id=new.vendor_id)

    return await work() if key is None else await once(session, key, str(actor.user_id), work, status=202)


@router.get("/{commission_invoice_id}", dependencies=[Accountant], responses=ONE)
async def read_commission_invoice(commission_invoice_id: UUID, session: PrimarySession) -> CommissionInvoiceDetail:
    """Return an invoice or a credit note of any vendor with its rates of tax."""
    return CommissionInvoiceDetail.of(await queries.read(session, commission_invoice_id))


@router.get(
    "/{commission_invoice_id}/pdf",
    dependencies=[Accountant],
    response_class=Response,
    responses={200: responses.DOCUMENT, **ONE},
)
async def download_commission_invoice(commission_invoice_id: UUID, session: PrimarySession) -> Response:
    """Return a document of any vendor as PDF."""
    document = await queries.read(session, commission_invoice_id)
    return responses.as_pdf(document, await queries.file_of(session, document))


@router.get(
    "/{commission_invoice_id}/csv",
    response_class=StreamingResponse,
    responses={200: responses.LINES, **ONE, **refusals(TooManyDownloads)},
)
async def export_commission_invoice(
    commission_invoice_id: UUID, actor: Annotated[Actor, Accountant], database: Connections
) -> StreamingResponse:
    """Return every order of a document as CSV."""
    async with database.primary_session() as session:
        document = await queries.read(session, commission_invoice_id)
    return await responses.as_lines(database, actor, document)
