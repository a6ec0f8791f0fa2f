"""What the people of a shop may do there, by what they are in it."""

from enum import StrEnum


class MemberRole(StrEnum):
    """What somebody is in a shop."""

    owner = "owner"
    manager = "manager"
    staff = "staff"


class VendorPermission(StrEnum):
    """Something that is done at a shop's desk."""

    finances = "finances"
    """Seeing balances, statements and payouts, and refunding buyers."""
    members = "members"
    """Inviting people and letting them go."""
    orders = "orders"
    """Seeing the shop's parts of orders, shipping them, deciding on returns."""
    payouts = "payouts"
    """Saying where the money goes."""
    products = "products"
    """Adding and changing products and their pictures."""
    profile = "profile"
    """Changing how the shop presents itself, and its policies."""
    reviews = "reviews"
    """Answering what buyers say."""
    stock = "stock"
    """Counting, moving and watching stock."""


_DAILY = frozenset(
    {VendorPermission.orders, VendorPermission.products, VendorPermission.reviews, VendorPermission.stock}
)

PERMISSIONS_OF_ROLE: dict[MemberRole, frozenset[VendorPermission]] = {
    MemberRole.owner: frozenset(VendorPermission),
    MemberRole.manager: _DAILY | {VendorPermission.finances, VendorPermission.profile},
    MemberRole.staff: _DAILY,
}
