"""The members of a vendor: invited by mail, in a role, until they leave.

Owns: members and invitations.
Calls: auth, audit, outbox.
Publishes: MemberInvited, MemberJoined, MemberLeft.
Listens: nothing.
"""

from mercat.vendors.members.invitations import accept
from mercat.vendors.members.queries import Summons, invitations_of_person, owners_of, summons
from mercat.vendors.members.queries import members as of_vendor
from mercat.vendors.members.router import answer_router, router
from mercat.vendors.members.schemas import InvitationRecord, MemberRead

routers = (router, answer_router)

__all__ = [
    "InvitationRecord",
    "MemberRead",
    "Summons",
    "accept",
    "invitations_of_person",
    "of_vendor",
    "owners_of",
    "routers",
    "summons",
]
