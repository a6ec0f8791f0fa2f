"""The shops on the marketplace and the people who run them.

Owns: vendors and their members, terms of commission.
Calls: auth, audit.
Publishes: nothing yet.
Listens: nothing.
"""

from mercat.vendors.desk import AT_DESK, AtDesk, Seat
from mercat.vendors.duties import DUTIES, Duty, MemberRole
from mercat.vendors.queries import VendorCard, cards, ids_of_member, memberships, owned_alone, shop_of
from mercat.vendors.rosters import people_on_duty
from mercat.vendors.router import router
from mercat.vendors.schemas import MembershipRead, VendorRead
from mercat.vendors.service import HOUSE, add_member, ensure, forget
from mercat.vendors.terms import commission_tax_rate, rates_for
from mercat.vendors.terms import routers as terms_routers

routers = (router, *terms_routers)

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
    "commission_tax_rate",
    "ensure",
    "forget",
    "ids_of_member",
    "memberships",
    "owned_alone",
    "people_on_duty",
    "rates_for",
    "routers",
    "shop_of",
]
