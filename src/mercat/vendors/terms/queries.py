"""Reads of terms of commission."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit import clock
from mercat.kit.sorts import Sorts, numbered_page
from mercat.vendors.models import Vendor
from mercat.vendors.terms.config import commission_tax_rate, default_rate
from mercat.vendors.terms.models import CommissionTerms
from mercat.vendors.terms.schemas import AgreedTerms, CommissionTax, TermsListing, TermsRead, VendorTerms

PLAIN = ("id", "vendor_id", "category_id", "valid_from", "created_at")


SORTS = Sorts(CommissionTerms.id, {"valid_from": CommissionTerms.valid_from})


async def page(session: AsyncSession, vendor_id: UUID | None, params: TermsListing) -> tuple[list[AgreedTerms], int]:
    """Return a page of all terms ever agreed for a vendor, or for all vendors."""
    theirs = select(CommissionTerms).where(_of(vendor_id))
    rows, total = await numbered_page(session, SORTS.ordered(theirs, params.sort), params)
    return [shown(row) for row in rows.scalars()], total


async def of_vendor(session: AsyncSession, vendor_id: UUID) -> VendorTerms:
    """Return what a vendor is charged now, and what was agreed for later."""
    beginning = CommissionTerms.valid_from
    followed = func.lead(beginning).over(
        partition_by=(CommissionTerms.vendor_id, CommissionTerms.category_id), order_by=beginning
    )
    theirs = or_(_of(vendor_id), _of(None))
    until = select(CommissionTerms.id, followed.label("until")).where(theirs).subquery()
    rows = await session.scalars(
        select(CommissionTerms)
        .join(until, until.c.id == CommissionTerms.id)
        .where(or_(until.c.until.is_(None), until.c.until > clock.now()))
        .order_by(
            CommissionTerms.vendor_id.nulls_last(), CommissionTerms.category_id.nulls_last(), CommissionTerms.valid_from
        )
    )
    return VendorTerms(
        default_rate=written(default_rate()),
        tax_rate=(await tax_of(session, vendor_id)).rate,
        terms=[_for_vendors(row) for row in rows],
    )


async def tax_of(session: AsyncSession, vendor_id: UUID) -> CommissionTax:
    """Return the tax on what a vendor is charged now."""
    own = await session.scalar(select(Vendor.commission_tax_rate).where(Vendor.id == vendor_id))
    return CommissionTax(rate=written(commission_tax_rate() if own is None else own), own=own is not None)


def shown(row: CommissionTerms) -> AgreedTerms:
    """Return terms as operators see them."""
    return AgreedTerms(**dict(_for_vendors(row)), note=row.note)


def written(rate: Decimal) -> str:
    """Write a rate without trailing zeros."""
    return f"{rate.normalize():f}"


def _for_vendors(row: CommissionTerms) -> TermsRead:
    rate = None if row.rate is None else written(row.rate)
    return TermsRead(**{name: getattr(row, name) for name in PLAIN}, rate=rate)


def _of(vendor_id: UUID | None) -> ColumnElement[bool]:
    return CommissionTerms.vendor_id.is_(None) if vendor_id is None else CommissionTerms.vendor_id == vendor_id
