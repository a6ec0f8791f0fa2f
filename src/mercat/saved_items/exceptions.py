"""How keeping lists can be refused."""

from mercat.kit.problems import Conflict, NotFound


class WishlistNotFound(NotFound):
    """No such list of one's own, or no list under this link."""

    code = "saved_items.wishlist_not_found"
    detail = "There is no such wishlist."


class WishlistItemNotFound(NotFound):
    """No such thing on the list."""

    code = "saved_items.wishlist_item_not_found"
    detail = "There is no such item on this wishlist."


class TooManyWishlists(Conflict):
    """More lists than a person keeps."""

    code = "saved_items.too_many_wishlists"
    detail = "You can keep {limit} wishlists at most."


class WishlistFull(Conflict):
    """More things than a list holds."""

    code = "saved_items.wishlist_full"
    detail = "A wishlist holds {limit} items at most."


class AlreadyWished(Conflict):
    """The same thing is on the list."""

    code = "saved_items.already_on_wishlist"
    detail = "This is on the wishlist already."


class AlertNotFound(NotFound):
    """No such alert of one's own."""

    code = "saved_items.alert_not_found"
    detail = "There is no such alert."


class TooManyAlerts(Conflict):
    """More alerts than a person has."""

    code = "saved_items.too_many_alerts"
    detail = "You can have {limit} alerts at most."


class InStockNow(Conflict):
    """It is in stock already."""

    code = "saved_items.in_stock_now"
    detail = "This can be bought now."


class PriceLowNow(Conflict):
    """It costs no more than that already."""

    code = "saved_items.price_low_now"
    detail = "This costs no more than that already."
