"""The vendors of the marketplace, over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from mercat import i18n
from mercat.auth import REFUSED, Actor, OptionalOr, Permission
from mercat.kit.database import PrimarySession
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, PageParams, envelope
from mercat.kit.problems import Forbidden, Invalid, Unauthenticated
from mercat.kit.shapes import MOST_VALUES
from mercat.vendors import queries
from mercat.vendors.lifecycle import Status
from mercat.vendors.localisation import in_language
from mercat.vendors.schemas import VendorListed

router = APIRouter(prefix="/vendors", tags=["vendors"])


class VendorFilter(PageParams):
    """Which vendors to list, and in which order."""

    sort: Literal["name", "-name", "created_at", "-created_at"] = "name"
    """Order of the list: downward with a minus sign."""
    locale: i18n.KnownLocale | None = Field(None, examples=["de"])
    """Language of the texts; without it, that which `Accept-Language` wants most."""
    status: list[Status | Literal["all"]] = Field([Status.active], max_length=MOST_VALUES, examples=[["active"]])
    """Their status; given several times, any of these. Others than `active` are for operators."""


@router.get("", responses=refusals(*REFUSED, Forbidden, Invalid))
async def list_vendors(
    filters: Annotated[VendorFilter, Query()],
    actor: Annotated[Actor, Depends(OptionalOr(Permission.vendors_manage))],
    session: PrimarySession,
    request: Request,
    response: Response,
) -> Page[VendorListed]:
    """List the vendors of the marketplace by name; operators also those that applied, were rejected or suspended."""
    if set(filters.status) != {Status.active}:
        if not actor.signed_in:
            raise Unauthenticated
        actor.require(Permission.vendors_manage)
    wanted = None if "all" in filters.status else [Status(status) for status in filters.status]
    found, total = await queries.page(session, filters, wanted, sort=filters.sort)
    language = i18n.content_language(request, filters.locale)
    response.headers.update(language.headers)
    if language.other is not None:
        found = await in_language(session, found, language.other)
    return envelope(found, filters, total)
