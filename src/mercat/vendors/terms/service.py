"""Verbs of terms."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth import Actor
from mercat.kit import clock
from mercat.kit.conditional import etag_of, require_match
from mercat.kit.ids import new_id
from mercat.kit.problems import FieldError
from mercat.vendors.exceptions import VendorNotFound
from mercat.vendors.models import Vendor
from mercat.vendors.terms import queries
from mercat.vendors.terms.exceptions import TermsInThePast
from mercat.vendors.terms.models import CommissionTerms
from mercat.vendors.terms.schemas import AgreedTerms, CommissionTax, TermsWrite

IN_THE_LOG = ("vendor_id", "category_id", "rate", "valid_from", "note")


async def agree(session: AsyncSession, actor: Actor, vendor_id: UUID | None, new: TermsWrite) -> AgreedTerms:
    """Add terms that follow those before them, for a vendor or for all; two from the same moment are a conflict.

    Raises:
        TermsInThePast: they would begin earlier than now.
    """
    now = clock.now()
    if new.valid_from is not None and new.valid_from < now:
        raise TermsInThePast(errors=(FieldError("valid_from", "now or later", "in_the_past"),))
    terms = CommissionTerms(
        id=new_id(),
        vendor_id=vendor_id,
        category_id=new.category_id,
        rate=None if new.rate is None else Decimal(new.rate),
        valid_from=new.valid_from or now,
        note=new.note,
        created_at=now,
    )
    session.add(terms)
    await session.flush()
    agreed = queries.shown(terms)
    changes = audit.difference({}, {name: getattr(agreed, name) for name in IN_THE_LOG})
    await audit.record(session, actor, "commission_terms.agreed", terms.id, changes=changes)
    return agreed


async def tax(
    session: AsyncSession, actor: Actor, vendor_id: UUID, rate: Decimal | None, *, if_match: str | None = None
) -> CommissionTax:
    """Set the tax rate on what a vendor is charged, from the next order on; None: that of all vendors.

    Raises:
        VendorNotFound: there is none.
        PreconditionFailed: it was changed since.
    """
    vendor = await session.scalar(select(Vendor).where(Vendor.id == vendor_id).with_for_update(key_share=True))
    if vendor is None:
        raise VendorNotFound
    require_match(if_match, etag_of(await queries.tax_of(session, vendor_id)))
    before, vendor.commission_tax_rate = vendor.commission_tax_rate, rate
    await session.flush()
    changes = audit.difference({"rate": _or_none(before)}, {"rate": _or_none(rate)})
    if changes:
        await audit.record(session, actor, "commission_tax.changed", vendor_id, changes=changes)
    return await queries.tax_of(session, vendor_id)


def _or_none(rate: Decimal | None) -> str | None:
    return None if rate is None else queries.written(rate)
