"""Imports in the vendor portal, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request

from mercat import files, i18n
from mercat.catalog.vendor_imports import service
from mercat.catalog.vendor_imports.exceptions import ImportNotFound
from mercat.catalog.vendor_imports.schemas import ImportListing, ImportRead
from mercat.kit.database import Connections, PrimarySession
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.vendors import IN_PORTAL, RequiresVendorRole, VendorContext, VendorIsSuspended, VendorPermission

router = APIRouter(prefix="/vendor/imports", tags=["catalogue"])
Keeper = Annotated[VendorContext, Depends(RequiresVendorRole(VendorPermission.products))]
Language = Annotated[str, Header(alias="Accept-Language", description="The language of what is said about failures.")]
FORM = files.form(several=False, texts={})


@router.post(
    "",
    status_code=202,
    openapi_extra=FORM,
    responses=refusals(*IN_PORTAL, *files.REFUSED, VendorIsSuspended),
)
async def bring_products(context: Keeper, database: Connections, request: Request) -> ImportRead:
    """Bring products in: a product CSV of Shopify or WooCommerce, plain or gzip, in the form field `file`.

    It is read in the background: `GET /vendor/imports/{import_id}` says when it is done, and which lines could not be
    taken. All of it becomes one's own vendor's. The same file again changes nothing. Categories that the marketplace
    does not have are left out.
    """
    async with files.received(request, context.actor, most=1) as form:
        content = await form.files[0].read()
    async with database.transaction() as session:
        return await service.bring(session, context, content)


@router.get("", responses=refusals(*IN_PORTAL))
async def list_imports(
    params: Annotated[ImportListing, Query()], context: Keeper, session: PrimarySession, language: Language = ""
) -> Page[ImportRead]:
    """List the vendor's imports, the last one first."""
    found, total = await service.page(session, context.vendor_id, params, i18n.negotiate(language))
    return envelope(found, params, total)


@router.get("/{import_id}", responses=refusals(*IN_PORTAL, ImportNotFound))
async def read_import(import_id: UUID, context: Keeper, session: PrimarySession, language: Language = "") -> ImportRead:
    """Return an import with its outcome: what was read and what of it is not for sale, or why it failed."""
    return await service.read(session, context.vendor_id, import_id, i18n.negotiate(language))
