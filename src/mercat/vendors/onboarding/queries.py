"""Reads of applications."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.addresses import AddressRead
from mercat.vendors import legal_details
from mercat.vendors.exceptions import ApplicationNotFound, VendorNotFound
from mercat.vendors.lifecycle import Status
from mercat.vendors.models import Vendor
from mercat.vendors.onboarding.schemas import ApplicationRead, VendorRecord


async def latest_of(session: AsyncSession, user_id: UUID | None) -> ApplicationRead:
    """Return a person's latest application.

    Raises:
        ApplicationNotFound: they have never made one.
    """
    applications = await of_person(session, user_id) if user_id else []
    if not applications:
        raise ApplicationNotFound
    return applications[-1]


async def of_person(session: AsyncSession, user_id: UUID) -> list[ApplicationRead]:
    """Return all applications of a person, in the order of time."""
    rows = await session.scalars(select(Vendor).where(Vendor.applicant_id == user_id).order_by(Vendor.id))
    return [application(row) for row in rows]


async def record_of(session: AsyncSession, vendor_id: UUID) -> VendorRecord:
    """Return a vendor, whatever its state, with its legal details.

    Raises:
        VendorNotFound: there is none.
    """
    vendor = await session.get(Vendor, vendor_id)
    if vendor is None:
        raise VendorNotFound
    return record(vendor)


def record(vendor: Vendor) -> VendorRecord:
    """Return a vendor as operators see it."""
    return VendorRecord(**dict(application(vendor)), applicant_id=vendor.applicant_id)


def application(vendor: Vendor) -> ApplicationRead:
    """Return a vendor as its applicant sees it."""
    address = {**vendor.legal_address, "name": vendor.legal_name}
    return ApplicationRead(
        id=vendor.id,
        status=Status(vendor.status),
        reason=vendor.status_reason,
        name=vendor.name,
        slug=vendor.slug,
        tagline=vendor.tagline,
        description=vendor.description,
        legal_name=vendor.legal_name,
        address=AddressRead.of(address) if vendor.legal_address else None,
        tax_id=vendor.tax_id,
        missing=legal_details.missing(vendor),
        contact_email=vendor.contact_email,
        website=vendor.website,
        applied_at=vendor.created_at,
        decided_at=None if vendor.status == Status.applied else vendor.status_changed_at,
    )
