"""Applications of vendors over HTTP, and operators' decisions about vendors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from mercat.auth import REFUSED, Actor, Permission, Requires, SignedIn
from mercat.auth.management import InPersonOnly
from mercat.kit.body_guard import LARGE_BODY
from mercat.kit.conditional import IfMatch, tagged
from mercat.kit.database import PrimarySession, Session
from mercat.kit.limits import Policy
from mercat.kit.openapi import refusals
from mercat.kit.problems import Forbidden, Invalid, PreconditionFailed
from mercat.kit.throttle import Limits
from mercat.vendors import legal_details
from mercat.vendors.exceptions import (
    ApplicationNotFound,
    ApplicationOpen,
    IllegalVendorMove,
    InvalidTaxId,
    LegalDetailsMissing,
    VendorNotFound,
    VendorSlugTaken,
)
from mercat.vendors.lifecycle import Decision
from mercat.vendors.onboarding import queries, service
from mercat.vendors.onboarding.schemas import ApplicationCreate, ApplicationRead, Reason, VendorRecord
from mercat.vendors.permissions import VendorPermission
from mercat.vendors.portal import IN_PORTAL, RequiresVendorRole, VendorContext
from mercat.vendors.schemas import LegalDetailsRead, LegalDetailsWrite

router = APIRouter(prefix="/vendors", tags=["vendors"])
own_router = APIRouter(prefix="/vendor/application", tags=["vendors"])
details_router = APIRouter(prefix="/vendor/legal-details", tags=["vendors"])
operators_router = APIRouter(prefix="/vendors/{vendor_id}", tags=["vendors"])

Operator = Annotated[Actor, Depends(Requires(Permission.vendors_manage))]
DENIED = (*REFUSED, Forbidden)
DECIDED = (*DENIED, VendorNotFound, IllegalVendorMove, Invalid)
SELLS = (*DECIDED, LegalDetailsMissing)
DETAILS = (LegalDetailsMissing, InvalidTaxId, Invalid, PreconditionFailed)
APPLYING = Policy("vendors.apply", "10/hour")


@router.post(
    "/apply",
    status_code=201,
    openapi_extra=LARGE_BODY,
    responses=refusals(*REFUSED, ApplicationOpen, VendorSlugTaken, *DETAILS),
)
async def apply(new: ApplicationCreate, actor: SignedIn, limits: Limits, session: Session) -> ApplicationRead:
    """Apply to become a vendor; operators decide about it, and the answer arrives by mail.

    One application at a time. Of a rejected one the slug is free again, and another application may follow.
    """
    await limits.hit(APPLYING, actor.reference)
    return await service.apply(session, actor, new)


@own_router.get("", responses=refusals(*REFUSED, ApplicationNotFound))
async def read_own_application(actor: SignedIn, session: PrimarySession) -> ApplicationRead:
    """Return one's latest application, and its status."""
    return await queries.latest_of(session, actor.user_id)


@operators_router.get("/application", responses=refusals(*DENIED, VendorNotFound, Invalid))
async def read_application(vendor_id: UUID, _actor: Operator, session: PrimarySession) -> VendorRecord:
    """Return a vendor, whatever its state, with its legal name, address, tax id and who applied for it."""
    return await queries.record_of(session, vendor_id)


@operators_router.post("/approve", responses=refusals(*SELLS))
async def approve(vendor_id: UUID, actor: Operator, session: Session) -> VendorRecord:
    """Approve a vendor's application; its owner may use the vendor portal from now on.

    Refused with `vendors.legal_details_missing` while a detail of `MERCAT_VENDOR_DETAILS_REQUIRED` is missing.
    """
    return await _decide(session, actor, vendor_id, Decision.approve)


@operators_router.post("/reject", responses=refusals(*DECIDED))
async def reject(vendor_id: UUID, why: Reason, actor: Operator, session: Session) -> VendorRecord:
    """Reject an application; the applicant is told the reason and may apply again."""
    return await _decide(session, actor, vendor_id, Decision.reject, why.reason)


@operators_router.post("/suspend", responses=refusals(*DECIDED))
async def suspend(vendor_id: UUID, why: Reason, actor: Operator, session: Session) -> VendorRecord:
    """Suspend a vendor. Nothing can be bought from it any more when this has been answered.

    Its products leave lists and searches a moment later. Placed orders go on: the vendor's members still ship
    them, take returns and see their books.
    """
    return await _decide(session, actor, vendor_id, Decision.suspend, why.reason)


@operators_router.post("/reinstate", responses=refusals(*SELLS))
async def reinstate(vendor_id: UUID, actor: Operator, session: Session) -> VendorRecord:
    """Reinstate a suspended vendor; its products come back as they were."""
    return await _decide(session, actor, vendor_id, Decision.reinstate)


@operators_router.get("/legal-details", responses=refusals(*DENIED, VendorNotFound, Invalid))
async def read_legal_details(
    vendor_id: UUID, _actor: Operator, session: PrimarySession, response: Response
) -> LegalDetailsRead:
    """Return a vendor's legal details, and what is missing before it can sell, with an ETag to base a change on."""
    return tagged(response, await legal_details.read(session, vendor_id))


@operators_router.put("/legal-details", responses=refusals(*DENIED, VendorNotFound, *DETAILS))
async def change_legal_details(
    vendor_id: UUID,
    new: LegalDetailsWrite,
    actor: Operator,
    session: Session,
    response: Response,
    if_match: IfMatch = None,
) -> LegalDetailsRead:
    """Replace a vendor's legal name, address and tax id. Issued invoices stay as they are."""
    return tagged(response, await legal_details.change(session, actor, vendor_id, new, if_match=if_match))


@details_router.get("", responses=refusals(*IN_PORTAL))
async def read_own_legal_details(
    context: Annotated[VendorContext, Depends(RequiresVendorRole(VendorPermission.payouts, VendorPermission.profile))],
    session: PrimarySession,
    response: Response,
) -> LegalDetailsRead:
    """Return the vendor's legal details, and what is missing before it can sell, with an ETag to base a change on."""
    return tagged(response, await legal_details.read(session, context.vendor_id))


@details_router.put("", responses=refusals(*IN_PORTAL, InPersonOnly, *DETAILS))
async def change_own_legal_details(
    new: LegalDetailsWrite,
    context: Annotated[VendorContext, Depends(RequiresVendorRole(VendorPermission.payouts))],
    session: Session,
    response: Response,
    if_match: IfMatch = None,
) -> LegalDetailsRead:
    """Replace legal name, address and tax id, as an owner in person. Issued invoices stay as they are."""
    if context.actor.session_id is None:
        raise InPersonOnly
    changed = await legal_details.change(session, context.actor, context.vendor_id, new, if_match=if_match)
    return tagged(response, changed)


async def _decide(
    session: Session, actor: Actor, vendor_id: UUID, decision: Decision, reason: str = ""
) -> VendorRecord:
    return await service.decide(session, actor, vendor_id, decision, reason=reason)
