"""Why a person cannot be erased yet."""

from mercat.kit.problems import Conflict


class OrdersUnfinished(Conflict):
    """Money or goods of the person are under way; `orders` are the numbers."""

    code = "privacy.orders_unfinished"
    detail = "Some orders are not finished yet. Cancel them, or wait until they have arrived."


class LastOwner(Conflict):
    """A vendor would have no owner; `vendors` are their slugs."""

    code = "privacy.last_owner"
    detail = "A shop would be left without an owner. Make somebody else its owner first."
