"""What people say about themselves beyond their account, and everybody's accounts for those who keep them.

Owns: profiles, preferences, address books.
Calls: auth, audit, addresses, outbox, i18n.
Publishes: PersonalizationDeclined.
Listens: nothing.
"""

from mercat.users.exceptions import AddressNotFound
from mercat.users.people import require_business
from mercat.users.people_router import router as people_router
from mercat.users.queries import (
    address,
    address_book,
    person,
    personalized,
    preferred_currency,
    public,
    public_name,
    wanting_mail,
)
from mercat.users.router import router
from mercat.users.schemas import KeptAddressRead, PersonRead, UserPublic
from mercat.users.service import forget

__all__ = [
    "AddressNotFound",
    "KeptAddressRead",
    "PersonRead",
    "UserPublic",
    "address",
    "address_book",
    "forget",
    "people_router",
    "person",
    "personalized",
    "preferred_currency",
    "public",
    "public_name",
    "require_business",
    "router",
    "wanting_mail",
]
