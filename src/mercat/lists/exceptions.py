"""How keeping lists can be refused."""

from mercat.kit.problems import Conflict, NotFound


class WishlistNotFound(NotFound):
    """No such list of one's own, or no list under this link."""

    code = "lists.wishlist_not_found"
    detail = "There is no such wishlist."


class WishNotFound(NotFound):
    """No such thing on the list."""

    code = "lists.wish_not_found"
    detail = "There is no such item on this wishlist."


class TooManyWishlists(Conflict):
    """More lists than a person keeps."""

    code = "lists.too_many_wishlists"
    detail = "You can keep {limit} wishlists at most."


class WishlistFull(Conflict):
    """More things than a list holds."""

    code = "lists.wishlist_full"
    detail = "A wishlist holds {limit} items at most."


class AlreadyWished(Conflict):
    """The same thing is on the list."""

    code = "lists.already_wished"
    detail = "This is on the wishlist already."


class AlertNotFound(NotFound):
    """No such alert of one's own."""

    code = "lists.alert_not_found"
    detail = "There is no such alert."


class TooManyAlerts(Conflict):
    """More alerts than a person has."""

    code = "lists.too_many_alerts"
    detail = "You can have {limit} alerts at most."


class InStockNow(Conflict):
    """It need not come back."""

    code = "lists.in_stock_now"
    detail = "This can be bought now."


class PriceLowNow(Conflict):
    """It costs no more than that already."""

    code = "lists.price_low_now"
    detail = "This costs no more than that already."
