"""Applications of vendors, and decisions about vendors.

Accounts are locked before the vendor, and the vendor before its members.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, auth, outbox
from mercat.auth import Actor, delegation
from mercat.kit import clock, markup
from mercat.kit.ids import new_id
from mercat.kit.problems import Unauthenticated
from mercat.kit.slugs import slug_of
from mercat.vendors import legal_details
from mercat.vendors.events import VendorApplied, VendorApproved, VendorReinstated, VendorRejected, VendorSuspended
from mercat.vendors.exceptions import IllegalVendorMove, VendorNotFound, VendorSlugTaken
from mercat.vendors.lifecycle import STEPS, Decision, Status
from mercat.vendors.models import HOUSE, Vendor, VendorMember
from mercat.vendors.onboarding import queries
from mercat.vendors.onboarding.schemas import ApplicationCreate, ApplicationRead, VendorRecord
from mercat.vendors.permissions import MemberRole
from mercat.vendors.schemas import LONGEST_SLUG

RESERVED = frozenset({HOUSE, "apply", "invitations"})
IN_THE_LOG = ("name", "slug", "tagline", "status")


async def apply(session: AsyncSession, actor: Actor, new: ApplicationCreate) -> ApplicationRead:
    """Apply to become a vendor; the applicant owns it from now on, and nothing is sold until it is approved.

    Another open application of the same person, and a taken slug, are conflicts by unique constraint.

    Raises:
        InvalidTaxId, VendorSlugTaken, LegalDetailsMissing: what the names say.
    """
    account = await auth.hold(session, actor.user_id) if actor.user_id else None
    if account is None:
        raise Unauthenticated
    vendor_id, now = new_id(), clock.now()
    slug = new.slug or slug_of(new.name, str(vendor_id), longest=LONGEST_SLUG)
    if slug in RESERVED:
        raise VendorSlugTaken
    vendor = Vendor(
        id=vendor_id,
        slug=slug,
        name=new.name,
        tagline=new.tagline,
        description=markup.clean(new.description),
        status=Status.applied,
        status_changed_at=now,
        created_at=now,
        applicant_id=account.id,
        **legal_details.columns(new),
        contact_email=new.contact_email or account.email,
        website=new.website,
    )
    legal_details.require(vendor)
    session.add(vendor)
    await session.flush()
    session.add(VendorMember(vendor_id=vendor_id, user_id=account.id, role=MemberRole.owner))
    await session.flush()
    changes = audit.difference({}, {name: getattr(vendor, name) for name in IN_THE_LOG})
    await audit.record(session, actor, "vendor.applied", vendor_id, changes=changes)
    await outbox.publish(session, VendorApplied(vendor_id=vendor_id))
    return queries.application(vendor)


async def decide(
    session: AsyncSession, actor: Actor, vendor_id: UUID, decision: Decision, *, reason: str = ""
) -> VendorRecord:
    """Move a vendor as an operator decides. Waits for sales that are under way: none is made after a suspension.

    Approving lets the owner sell; the slug of a rejected vendor is free again.

    Raises:
        VendorNotFound, IllegalVendorMove: there is none, or its life cycle has no such transition.
        LegalDetailsMissing: it would sell, and required details are missing.
    """
    step = STEPS[decision]
    people = await _people(session, vendor_id) if decision is Decision.approve else []
    vendor = await _locked(session, vendor_id)
    if vendor.status != step.origin:
        raise IllegalVendorMove(current=vendor.status, wanted=step.target.value)
    if step.target is Status.active:
        legal_details.require(vendor)
    before = {"status": vendor.status, "reason": vendor.status_reason, "slug": vendor.slug}
    vendor.status, vendor.status_reason, vendor.status_changed_at = step.target, reason, clock.now()
    if decision is Decision.reject:
        vendor.slug = str(vendor.id)
    await session.flush()
    after = {"status": vendor.status, "reason": vendor.status_reason, "slug": vendor.slug}
    await audit.record(session, actor, step.action, vendor_id, changes=audit.difference(before, after))
    for member in people:
        await delegation.give(session, actor, member, auth.Role.vendor)
    await outbox.publish(session, _event(decision, vendor_id, reason))
    return queries.record(vendor)


def _event(decision: Decision, vendor_id: UUID, reason: str) -> outbox.DomainEvent:
    match decision:
        case Decision.approve:
            return VendorApproved(vendor_id=vendor_id)
        case Decision.reject:
            return VendorRejected(vendor_id=vendor_id, reason=reason)
        case Decision.suspend:
            return VendorSuspended(vendor_id=vendor_id, reason=reason)
        case Decision.reinstate:
            return VendorReinstated(vendor_id=vendor_id)


async def _people(session: AsyncSession, vendor_id: UUID) -> list[UUID]:
    """Lock the accounts of a vendor's future members: one, since nobody joins before it is approved."""
    members = select(VendorMember.user_id).where(VendorMember.vendor_id == vendor_id).order_by(VendorMember.user_id)
    return [member for member in await session.scalars(members) if await delegation.lock(session, member)]


async def _locked(session: AsyncSession, vendor_id: UUID) -> Vendor:
    """Lock a vendor against every transaction that writes a reference to it, orders above all."""
    found: Vendor | None = await session.get(Vendor, vendor_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise VendorNotFound
    return found
