"""Shops, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from mercat.auth import Public
from mercat.kit.database import ReadSession
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, PageParams, envelope
from mercat.kit.problems import Invalid, NotFound
from mercat.vendors import queries
from mercat.vendors.schemas import VendorRead

router = APIRouter(prefix="/vendors", tags=["vendors"])


@router.get("", dependencies=[Public], responses=refusals(Invalid))
async def list_vendors(params: Annotated[PageParams, Query()], session: ReadSession) -> Page[VendorRead]:
    """List the shops of the marketplace by name."""
    found, total = await queries.page(session, params)
    return envelope(found, params, total)


@router.get("/{id_or_slug}", dependencies=[Public], responses=refusals(NotFound, Invalid))
async def read_vendor(
    id_or_slug: Annotated[str, Path(max_length=255, examples=["north-kiln"])], session: ReadSession
) -> VendorRead:
    """Return one shop by id or slug."""
    return await queries.shop_of(session, id_or_slug)
