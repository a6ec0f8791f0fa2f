"""The vendor portal: for which vendor a person acts, and whether their role there permits it.

Routes below `/vendor` take `Annotated[VendorContext, Depends(RequiresVendorRole(VendorPermission.orders))]`.
Memberships do not mix: a member of several vendors names one, and has there only the role they have in it.
"""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request

from mercat.auth import REFUSED, Actor, Permission, PersonAccess, Requires
from mercat.kit.database import Database, get_database
from mercat.kit.ids import parse_id
from mercat.kit.problems import Conflict, Forbidden, Invalid, NotFound
from mercat.vendors.permissions import PERMISSIONS_OF_ROLE, MemberRole, VendorPermission

CONTEXTS = """
SELECT v.id, v.slug, v.name, v.status, m.role FROM vendor_members m JOIN vendors v ON v.id = m.vendor_id
WHERE m.user_id = %s AND v.status IN ('active', 'suspended') ORDER BY v.slug
"""


class NotAVendorMember(NotFound):
    """The request names a vendor that the account does not work for."""

    code = "vendors.not_a_member"
    detail = "You do not work for such a shop."


class VendorNotChosen(Conflict):
    """A member of several vendors did not name the one they act for."""

    code = "vendors.vendor_not_chosen"
    detail = "You work for several shops. Name one of them in the parameter `vendor`."


class MissingVendorPermission(Forbidden):
    """The member's role in the vendor does not permit this."""

    code = "vendors.missing_permission"
    detail = "Your role in this shop does not allow this."


IN_PORTAL = (*REFUSED, Forbidden, MissingVendorPermission, NotAVendorMember, VendorNotChosen, Invalid)
"""What every route in the vendor portal may answer, for its `responses=`."""


@dataclass(frozen=True, slots=True)
class VendorContext:
    """A member of a vendor in the vendor portal."""

    actor: Actor
    vendor_id: UUID
    slug: str
    name: str
    status: str
    role: MemberRole

    def may(self, permission: VendorPermission) -> bool:
        """Whether the role has a permission."""
        return permission in PERMISSIONS_OF_ROLE[self.role]


class RequiresVendorRole(PersonAccess):
    """A member of a vendor, in a role that has one of these permissions."""

    def __init__(self, *permissions: VendorPermission) -> None:
        self.permissions = permissions
        self._requires = Requires(Permission.products_sell)

    async def __call__(
        self,
        request: Request,
        vendor: Annotated[
            str | None, Query(max_length=255, description="Id or slug of the vendor, for those who work for several.")
        ] = None,
    ) -> VendorContext:
        """Return the vendor context.

        Raises:
            Unauthenticated, NotAllowed: not a member of any vendor.
            NotAVendorMember: not a member of this one.
            VendorNotChosen: for several.
            MissingVendorPermission: the role does not permit this.
        """
        actor = await self._requires(request)
        rows = await get_database(request).primary.rows(CONTEXTS, (actor.user_id,))
        wanted = parse_id(vendor) if vendor else None
        contexts = [
            VendorContext(actor, vendor_id, slug, name, status, MemberRole(role))
            for vendor_id, slug, name, status, role in rows
            if vendor is None or vendor_id == wanted or slug == vendor
        ]
        if not contexts:
            raise NotAVendorMember
        if len(contexts) > 1:
            raise VendorNotChosen(vendors=[context.slug for context in contexts])
        if not any(contexts[0].may(permission) for permission in self.permissions):
            raise MissingVendorPermission
        return contexts[0]


async def keeps_stock(database: Database, actor: Actor, vendor_ids: set[UUID]) -> set[UUID]:
    """Return for which of these vendors a person works and keeps the stock: a guard of realtime topics."""
    if actor.user_id is None or not actor.can(Permission.products_sell):
        return set()
    rows = await database.primary.rows(CONTEXTS, (actor.user_id,))
    return {
        row[0]
        for row in rows
        if row[0] in vendor_ids and VendorPermission.stock in PERMISSIONS_OF_ROLE[MemberRole(row[4])]
    }
