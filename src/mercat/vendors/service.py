"""Creation of vendors and members, as operators and imports do it."""

from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth import Actor, Role, delegation
from mercat.kit.ids import new_id
from mercat.vendors import legal_details, terms
from mercat.vendors.lifecycle import WORKING, Status
from mercat.vendors.models import HOUSE, Vendor, VendorInvitation, VendorMember
from mercat.vendors.schemas import LegalDetailsWrite


async def ensure(
    session: AsyncSession,
    actor: Actor,
    slug: str,
    name: str,
    *,
    legal: LegalDetailsWrite | None = None,
    **profile: str | None,
) -> UUID:
    """Return the vendor with this slug, created if it did not exist; `profile` only fills a new one.

    A new one without the required legal details is suspended until it has them. The marketplace charges its own
    vendor no commission.
    """
    known = legal_details.columns(legal) if legal else {"legal_name": "", "legal_address": {}, "tax_id": ""}
    values: dict[str, str | None] = {"slug": slug, "name": name, **profile}
    if lacking := legal_details.missing(Vendor(slug=slug, **known)):
        reason = legal_details.UNKNOWN.format(missing=legal_details.listed(lacking))
        values |= {"status": Status.suspended, "status_reason": reason}
    made: UUID | None = await session.scalar(
        insert(Vendor)
        .values(id=new_id(), **values, **known)
        .on_conflict_do_nothing(index_elements=["slug"])
        .returning(Vendor.id)
    )
    if made is not None:
        await audit.record(session, actor, "vendor.created", made, changes=audit.difference({}, values))
        if slug == HOUSE:
            await terms.agree(session, actor, made, terms.TermsWrite(rate="0", note="The marketplace's own vendor."))
        return made
    return (await session.scalars(select(Vendor.id).where(Vendor.slug == slug))).one()


async def add_member(session: AsyncSession, actor: Actor, vendor_id: UUID, user_id: UUID, role: str) -> bool:
    """Make a person a member of a vendor; idempotent. Returns whether they were none before."""
    member = {"user_id": user_id, "role": role}
    added = await session.scalar(
        insert(VendorMember)
        .values(vendor_id=vendor_id, **member)
        .on_conflict_do_nothing()
        .returning(VendorMember.user_id)
    )
    if added is None:
        return False
    await delegation.give(session, actor, user_id, Role.vendor)
    await audit.record(session, actor, "vendor.member_added", vendor_id, changes=audit.difference({}, member))
    return True


async def forget(session: AsyncSession, user_id: UUID, email: str) -> None:
    """Remove an erased person from all vendors; what they alone applied for is deleted."""
    key = delegation.key_of(email)
    never = Vendor.status.not_in(WORKING)
    await session.execute(delete(Vendor).where(Vendor.applicant_id == user_id, never))
    await session.execute(delete(VendorMember).where(VendorMember.user_id == user_id))
    await session.execute(delete(VendorInvitation).where(VendorInvitation.email_key == key))
    await session.execute(
        update(VendorInvitation).where(VendorInvitation.inviter_id == user_id).values(inviter_id=None)
    )
    await session.execute(update(Vendor).where(Vendor.applicant_id == user_id).values(applicant_id=None))
    await session.execute(update(Vendor).where(Vendor.contact_email == email).values(contact_email=""))
