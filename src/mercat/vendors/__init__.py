"""The shops on the marketplace and the people who run them.

Owns: vendors and their members.
Calls: auth, audit.
Publishes: nothing yet.
Listens: nothing.
"""

from mercat.vendors.desk import AT_DESK, AtDesk, Seat
from mercat.vendors.duties import DUTIES, Duty, MemberRole
from mercat.vendors.queries import (
    VendorCard,
    cards,
    ids_of_member,
    is_active,
    memberships,
    owned_alone,
    people_of,
    shop_of,
)
from mercat.vendors.router import router
from mercat.vendors.schemas import MembershipRead, VendorRead
from mercat.vendors.service import HOUSE, add_member, ensure, forget

__all__ = [
    "AT_DESK",
    "DUTIES",
    "HOUSE",
    "AtDesk",
    "Duty",
    "MemberRole",
    "MembershipRead",
    "Seat",
    "VendorCard",
    "VendorRead",
    "add_member",
    "cards",
    "ensure",
    "forget",
    "ids_of_member",
    "is_active",
    "memberships",
    "owned_alone",
    "people_of",
    "router",
    "shop_of",
]
