"""The vendors of the marketplace and their members.

Owns: vendors, their members and invitations, terms of commission.
Calls: translations, files, auth, audit, addresses, outbox, i18n.
Publishes: MemberInvited, MemberJoined, MemberLeft, VendorApplied, VendorApproved, VendorReinstated, VendorRejected,
    VendorSuspended.
Listens: nothing.
"""

from mercat.vendors import members, onboarding, profile, terms, translated_kinds
from mercat.vendors.availability import Selling, still_selling
from mercat.vendors.exceptions import VendorIsSuspended, VendorNotFound
from mercat.vendors.lifecycle import Status
from mercat.vendors.models import HOUSE
from mercat.vendors.permissions import PERMISSIONS_OF_ROLE, MemberRole, VendorPermission
from mercat.vendors.portal import IN_PORTAL, RequiresVendorRole, VendorContext, keeps_stock
from mercat.vendors.queries import (
    VendorReference,
    find,
    ids_of_member,
    is_active,
    memberships,
    owned_alone,
    page,
    people_with_permission,
    references,
    require_selling,
    slugs_like,
    store_of,
)
from mercat.vendors.router import router
from mercat.vendors.schemas import MembershipRead, VendorListed, VendorPage, VendorRead
from mercat.vendors.service import add_member, ensure, forget
from mercat.vendors.terms import ask_rates, commission_tax_rate

routers = (*members.routers, *onboarding.routers, *terms.routers, profile.router, router)

__all__ = [
    "HOUSE",
    "IN_PORTAL",
    "PERMISSIONS_OF_ROLE",
    "MemberRole",
    "MembershipRead",
    "RequiresVendorRole",
    "Selling",
    "Status",
    "VendorContext",
    "VendorIsSuspended",
    "VendorListed",
    "VendorNotFound",
    "VendorPage",
    "VendorPermission",
    "VendorRead",
    "VendorReference",
    "add_member",
    "ask_rates",
    "commission_tax_rate",
    "ensure",
    "find",
    "forget",
    "ids_of_member",
    "is_active",
    "keeps_stock",
    "members",
    "memberships",
    "onboarding",
    "owned_alone",
    "page",
    "people_with_permission",
    "references",
    "require_selling",
    "router",
    "routers",
    "slugs_like",
    "still_selling",
    "store_of",
    "terms",
    "translated_kinds",
]
