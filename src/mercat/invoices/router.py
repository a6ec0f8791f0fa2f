"""Invoices and credit notes over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from mercat import cart
from mercat.auth import REFUSED, Actor, OptionalOr, Permission, Requires
from mercat.invoices import queries
from mercat.invoices.document import filename
from mercat.invoices.exceptions import InvoiceNotFound
from mercat.invoices.schemas import InvoiceListing, InvoiceRead
from mercat.kit.database import PrimarySession
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete, envelope
from mercat.kit.problems import Forbidden, Invalid
from mercat.orders import OrderNotFound

router = APIRouter(prefix="/invoices", tags=["invoices"])
orders_router = APIRouter(prefix="/orders/{order_id}", tags=["invoices"])
Reader = Annotated[Actor, Depends(OptionalOr(Permission.orders_read, Permission.products_sell))]
Operator = Annotated[Actor, Depends(Requires(Permission.orders_read))]
PDF = "application/pdf"
FILE = {"type": "string", "format": "binary", "examples": ["%PDF-1.7 ..."]}


@router.get("", responses=refusals(*REFUSED, Forbidden, Invalid))
async def list_invoices(
    listing: Annotated[InvoiceListing, Query()],
    actor: Operator,  # noqa: ARG001 - whoever may read orders
    session: PrimarySession,
) -> Page[InvoiceRead]:
    """List invoices and credit notes of all vendors, the newest first, for operators."""
    found, total = await queries.page(session, listing)
    return envelope(found, listing, total)


@orders_router.get("/invoices", responses=refusals(*REFUSED, OrderNotFound, Invalid))
async def list_invoices_of_order(
    order_id: UUID, actor: Reader, token: cart.GuestToken, session: PrimarySession
) -> Page[InvoiceRead]:
    """List the invoices and credit notes of an order for its readers; a vendor sees its own."""
    return complete(await queries.of_order(session, actor, order_id, cart_id=await cart.ordered(session, token)))


@router.get(
    "/{invoice_id}/pdf",
    response_class=Response,
    responses={
        **refusals(*REFUSED, InvoiceNotFound, Invalid),
        200: {"description": "The document.", "content": {PDF: {"schema": FILE}}},
    },
)
async def download_invoice(
    invoice_id: UUID, actor: Reader, token: cart.GuestToken, session: PrimarySession
) -> Response:
    """Return a document as PDF to its buyer (a guest shows the `X-Cart-Token` of its cart), vendor and operators."""
    document = await queries.visible(session, actor, invoice_id, cart_id=await cart.ordered(session, token))
    headers = {
        "Content-Disposition": f'attachment; filename="{filename(document.kind, document.number)}"',
        "Cache-Control": "private, no-store",
    }
    return Response(await queries.file_of(session, document), media_type=PDF, headers=headers)
