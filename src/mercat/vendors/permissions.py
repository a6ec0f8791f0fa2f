"""Roles of a vendor's members, and what each permits."""

from enum import StrEnum


class MemberRole(StrEnum):
    """A member's role in a vendor."""

    owner = "owner"
    manager = "manager"
    staff = "staff"


class VendorPermission(StrEnum):
    """A permission in the vendor portal."""

    finances = "finances"
    """Seeing balances, statements and payouts, and refunding buyers."""
    members = "members"
    """Inviting members and removing them."""
    orders = "orders"
    """Seeing the vendor's own orders, shipping them, deciding on returns."""
    payouts = "payouts"
    """Setting the payout account."""
    products = "products"
    """Adding and changing products and their pictures."""
    profile = "profile"
    """Changing how the vendor presents itself, and its policies."""
    reviews = "reviews"
    """Answering buyers' reviews and messages."""
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
