"""Terms of commission over HTTP: operators agree on them, vendors see theirs."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from mercat.auth import REFUSED, Actor, Permission, Requires
from mercat.kit.conditional import IfMatch, tagged
from mercat.kit.database import PrimarySession, Session
from mercat.kit.openapi import refusals
from mercat.kit.pagination import Page, envelope
from mercat.kit.problems import Forbidden, Invalid, PreconditionFailed
from mercat.vendors import queries as vendors
from mercat.vendors.exceptions import VendorNotFound
from mercat.vendors.permissions import VendorPermission
from mercat.vendors.portal import IN_PORTAL, RequiresVendorRole, VendorContext
from mercat.vendors.terms import queries, service
from mercat.vendors.terms.exceptions import TermsInThePast, TermsTaken, UnknownTermsCategory
from mercat.vendors.terms.schemas import (
    AgreedTerms,
    CommissionTax,
    CommissionTaxWrite,
    TermsListing,
    TermsWrite,
    VendorTerms,
)

everywhere_router = APIRouter(prefix="/commission-terms", tags=["vendors"])
vendor_terms_router = APIRouter(prefix="/vendors/{vendor_id}/terms", tags=["vendors"])
vendor_router = APIRouter(prefix="/vendor/terms", tags=["vendors"])

Operator = Annotated[Actor, Depends(Requires(Permission.vendors_manage))]
DENIED = (*REFUSED, Forbidden)
NOT_AGREED = (TermsTaken, TermsInThePast, UnknownTermsCategory, Invalid)


@everywhere_router.get("", responses=refusals(*DENIED, Invalid))
async def list_terms_of_all(
    params: Annotated[TermsListing, Query()], _actor: Operator, session: PrimarySession
) -> Page[AgreedTerms]:
    """List all terms ever agreed for vendors in general, those that began last first."""
    found, total = await queries.page(session, None, params)
    return envelope(found, params, total)


@everywhere_router.post("", status_code=201, responses=refusals(*DENIED, *NOT_AGREED))
async def agree_for_all(new: TermsWrite, actor: Operator, session: Session) -> AgreedTerms:
    """Set the commission of vendors that have no terms of their own, from now or a later moment.

    Terms are never altered: later ones follow them. Orders keep the rates they were placed with.
    """
    return await service.agree(session, actor, None, new)


@vendor_terms_router.get("", responses=refusals(*DENIED, VendorNotFound, Invalid))
async def list_terms(
    vendor_id: UUID, params: Annotated[TermsListing, Query()], _actor: Operator, session: PrimarySession
) -> Page[AgreedTerms]:
    """List all terms ever agreed for one vendor, those that began last first."""
    await vendors.require(session, vendor_id)
    found, total = await queries.page(session, vendor_id, params)
    return envelope(found, params, total)


@vendor_terms_router.post("", status_code=201, responses=refusals(*DENIED, VendorNotFound, *NOT_AGREED))
async def agree(vendor_id: UUID, new: TermsWrite, actor: Operator, session: Session) -> AgreedTerms:
    """Set the commission of one vendor's sales, of all or of a category, from now or a later moment.

    A vendor's own terms precede those of all vendors, and a category's those of all sales.
    """
    await vendors.require(session, vendor_id)
    return await service.agree(session, actor, vendor_id, new)


@vendor_terms_router.get("/tax", responses=refusals(*DENIED, VendorNotFound, Invalid))
async def read_commission_tax(
    vendor_id: UUID, _actor: Operator, session: PrimarySession, response: Response
) -> CommissionTax:
    """Return the rate of the tax on what a vendor is charged, with an ETag to base a change on."""
    await vendors.require(session, vendor_id)
    return tagged(response, await queries.tax_of(session, vendor_id))


@vendor_terms_router.put("/tax", responses=refusals(*DENIED, VendorNotFound, PreconditionFailed, Invalid))
async def set_commission_tax(
    vendor_id: UUID,
    new: CommissionTaxWrite,
    actor: Operator,
    session: Session,
    response: Response,
    if_match: IfMatch = None,
) -> CommissionTax:
    """Set the rate of the tax on what one vendor is charged, from the next order on, or null for that of all vendors.

    `0` for a vendor in another country that owes the tax itself (reverse charge). Orders keep their rates.
    """
    rate = None if new.rate is None else Decimal(new.rate)
    return tagged(response, await service.tax(session, actor, vendor_id, rate, if_match=if_match))


@vendor_router.get("", responses=refusals(*IN_PORTAL))
async def read_own_terms(
    context: Annotated[VendorContext, Depends(RequiresVendorRole(VendorPermission.finances))], session: PrimarySession
) -> VendorTerms:
    """Return the commission on the vendor's sales, now and as agreed for later."""
    return await queries.of_vendor(session, context.vendor_id)
