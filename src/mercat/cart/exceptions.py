"""How a cart can refuse."""

from mercat.kit.problems import Conflict, Invalid, NotFound


class CartItemNotFound(NotFound):
    """No such line in this cart."""

    code = "cart.item_not_found"
    detail = "There is no such line in your cart."


class NotForSale(Conflict):
    """The variant is not on sale."""

    code = "cart.not_for_sale"
    detail = "This cannot be bought at the moment."


class ChooseVariant(Invalid):
    """The product has several variants; one must be named."""

    code = "cart.choose_variant"
    detail = "Choose a variant of this product: send its variant_id."


class CartFull(Conflict):
    """More lines than a cart holds."""

    code = "cart.full"
    detail = "The cart holds {limit} different things at most."


class LineFull(Conflict):
    """More units than a line holds."""

    code = "cart.line_full"
    detail = "The cart holds {limit} units of one variant at most."
