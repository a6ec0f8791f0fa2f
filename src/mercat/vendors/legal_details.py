"""Legal details of a vendor: legal name, address and tax id, which its invoices carry.

What `MERCAT_VENDOR_DETAILS_REQUIRED` names must be known before a vendor sells.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.addresses import AddressRead
from mercat.auth import Actor
from mercat.kit.conditional import etag_of, require_match
from mercat.vendors import tax_ids
from mercat.vendors.config import required_details
from mercat.vendors.exceptions import LegalDetailsMissing, VendorNotFound
from mercat.vendors.models import HOUSE, Vendor
from mercat.vendors.schemas import LegalDetail, LegalDetailsRead, LegalDetailsWrite

UNKNOWN = "These legal details are not known yet: {missing}."


def missing(vendor: Vendor) -> list[LegalDetail]:
    """Return what is required and missing; the marketplace's own vendor has its details in the settings."""
    if vendor.slug == HOUSE:
        return []
    known = {"legal_name": vendor.legal_name, "address": vendor.legal_address, "tax_id": vendor.tax_id}
    return [detail for detail in required_details() if not known[detail]]


def require(vendor: Vendor) -> None:
    """Reject a vendor that is to sell without the required details.

    Raises:
        LegalDetailsMissing: something that is required.
    """
    if lacking := missing(vendor):
        raise LegalDetailsMissing(missing=listed(lacking))


def listed(details: Iterable[str]) -> str:
    """Write names of details one after the other."""
    return ", ".join(details)


async def read(session: AsyncSession, vendor_id: UUID) -> LegalDetailsRead:
    """Return the details, and what is missing.

    Raises:
        VendorNotFound: there is no such vendor.
    """
    vendor = await session.get(Vendor, vendor_id)
    if vendor is None:
        raise VendorNotFound
    return _shown(vendor)


async def change(
    session: AsyncSession, actor: Actor, vendor_id: UUID, new: LegalDetailsWrite, *, if_match: str | None = None
) -> LegalDetailsRead:
    """Replace the details; later invoices carry the new ones, issued ones stay as they are.

    Raises:
        VendorNotFound: there is no such vendor.
        InvalidTaxId: see `tax_ids`.
        LegalDetailsMissing: a vendor that sells would lack something that is required.
        PreconditionFailed: they were changed since.
    """
    vendor = await session.get(Vendor, vendor_id, with_for_update={"key_share": True}, populate_existing=True)
    if vendor is None:
        raise VendorNotFound
    require_match(if_match, etag_of(_shown(vendor)))
    before = _kept(vendor)
    for name, value in columns(new).items():
        setattr(vendor, name, value)
    require(vendor)
    await session.flush()
    # a sole trader's are personal data: the log says which changed, and not to what
    changed = sorted(audit.difference(before, _kept(vendor)))
    changes = audit.difference({}, {"changed": changed})
    await audit.record(session, actor, "vendor.legal_details_changed", vendor.id, changes=changes)
    return _shown(vendor)


def columns(details: LegalDetailsWrite) -> dict[str, Any]:
    """Return details as a vendor's row stores them.

    Raises:
        InvalidTaxId: see `tax_ids`.
    """
    return {
        "legal_name": details.legal_name,
        "legal_address": details.address.model_dump(exclude_none=True),
        "tax_id": tax_ids.require_valid(details.address.country, details.tax_id),
    }


def _kept(vendor: Vendor) -> dict[str, object]:
    return {"legal_name": vendor.legal_name, "address": vendor.legal_address, "tax_id": vendor.tax_id}


def _shown(vendor: Vendor) -> LegalDetailsRead:
    address = {**vendor.legal_address, "name": vendor.legal_name}
    return LegalDetailsRead(
        legal_name=vendor.legal_name,
        address=AddressRead.of(address) if vendor.legal_address else None,
        tax_id=vendor.tax_id,
        missing=missing(vendor),
    )
