"""A vendor's own products over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from mercat.catalog import feeds
from mercat.catalog.exceptions import (
    DuplicateVariant,
    HasVariants,
    OptionsMismatch,
    PriceMissing,
    ProductNotFound,
    SkuTaken,
    SlugTaken,
    UnknownCategory,
    UnknownVariant,
)
from mercat.catalog.vendor_products import queries, service
from mercat.catalog.vendor_products.schemas import BulkEdit, OwnFilter, OwnProduct
from mercat.kit.body_guard import LARGE_BODY
from mercat.kit.database import PrimarySession, Session, get_database
from mercat.kit.downloads import TooManyDownloads, attached, streamed
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, complete, envelope
from mercat.kit.problems import PreconditionFailed
from mercat.vendors import IN_PORTAL, RequiresVendorRole, VendorContext, VendorIsSuspended, VendorPermission

router = APIRouter(prefix="/vendor/products", tags=["catalogue"])
Keeper = Annotated[VendorContext, Depends(RequiresVendorRole(VendorPermission.products))]
EXAMPLE = "Handle,Title,Variant SKU\r\nmug,Mug,MUG-1\r\n"
FILE: dict[str, Any] = {
    "description": "The vendor's products as a CSV file that `mercat import` takes.",
    "content": {"text/csv": {"schema": {"type": "string", "examples": [EXAMPLE]}}},
}
BAD_EDIT = (
    ProductNotFound, SkuTaken, SlugTaken, VendorIsSuspended, DuplicateVariant, HasVariants, OptionsMismatch,
    PriceMissing, UnknownCategory, UnknownVariant, PreconditionFailed,
)  # fmt: skip


@router.get("", responses=refusals(*IN_PORTAL))
async def list_own_products(
    filters: Annotated[OwnFilter, Query()], context: Keeper, session: PrimarySession
) -> Page[OwnProduct]:
    """List the vendor's own products, on sale or not, the last changed first unless another order is asked for."""
    found, total = await queries.page(session, context.vendor_id, filters)
    return envelope(found, filters, total)


@router.get(
    "/export", response_class=StreamingResponse, responses={200: FILE, **refusals(*IN_PORTAL, TooManyDownloads)}
)
async def export_own_products(context: Keeper, request: Request) -> StreamingResponse:
    """Return all of the vendor's products as Shopify's product CSV, on sale or not; it imports back to the same."""
    content = feeds.export_chunks(get_database(request), context.slug)
    return await streamed(content, context.actor.user_id, "text/csv", attached(f"{context.slug}.csv", cache="no-store"))


@router.patch("", openapi_extra=LARGE_BODY, responses=refusals(*IN_PORTAL, *BAD_EDIT))
async def edit_own_products(wanted: BulkEdit, context: Keeper, session: Session) -> Page[OwnProduct]:
    """Change up to a hundred of the vendor's products at once: all of them, or none if one cannot be changed.

    One that is another vendor's is a 404 that names it in `products`, as if it did not exist.
    """
    edited = await service.edit(session, context, wanted)
    return complete(edited)
