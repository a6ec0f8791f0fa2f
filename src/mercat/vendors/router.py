"""The vendors of the marketplace, over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from mercat.auth import REFUSED, Actor, OptionalOr, Permission
from mercat.kit.database import PrimarySession
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, PageParams, envelope
from mercat.kit.problems import Forbidden, Invalid, Unauthenticated
from mercat.kit.shapes import MOST_VALUES
from mercat.vendors import queries
from mercat.vendors.lifecycle import Status
from mercat.vendors.schemas import VendorListed

router = APIRouter(prefix="/vendors", tags=["vendors"])


class VendorFilter(PageParams):
    """Which vendors to list, and in which order."""

    sort: Literal["name", "-name", "created_at", "-created_at"] = "name"
    """Order of the list: downward with a minus sign."""
    status: list[Status | Literal["all"]] = Field([Status.active], max_length=MOST_VALUES, examples=[["active"]])
    """Their status; given several times, any of these. Others than `active` are for operators."""


@router.get("", responses=refusals(*REFUSED, Forbidden, Invalid))
async def list_vendors(
    filters: Annotated[VendorFilter, Query()],
    actor: Annotated[Actor, Depends(OptionalOr(Permission.vendors_manage))],
    session: PrimarySession,
) -> Page[VendorListed]:
    """List the vendors of the marketplace by name; operators also those that applied, were rejected or suspended."""
    if set(filters.status) != {Status.active}:
        if not actor.signed_in:
            raise Unauthenticated
        actor.require(Permission.vendors_manage)
    wanted = None if "all" in filters.status else [Status(status) for status in filters.status]
    found, total = await queries.page(session, filters, wanted, sort=filters.sort)
    return envelope(found, filters, total)
