"""How stock can fail."""

from mercat.kit.problems import CONSTRAINTS, Conflict


class InsufficientStock(Conflict):
    """Somebody wants more than there is; `lines` says how much there is of what."""

    code = "inventory.insufficient_stock"
    detail = "There is not enough in stock."


class PiecesMissing(Conflict):
    """What was promised beyond the stock cannot leave before it has come."""

    code = "inventory.pieces_missing"
    detail = "Some pieces of this order were sold before they arrived, and are not there yet."


class NotPromised(Conflict):
    """More pieces shall be shipped or given back than are promised to the order; `lines` says how many are."""

    code = "inventory.not_promised"
    detail = "Not that many pieces are still promised to this order."


CONSTRAINTS["ck_stock_levels_on_hand_not_negative"] = PiecesMissing
CONSTRAINTS["ck_stock_levels_reserved_within_stock"] = InsufficientStock
