"""Errors of returns."""

from mercat.kit.problems import Conflict, Invalid, NotFound


class ReturnNotFound(NotFound):
    """No such return, or not for this reader."""

    code = "returns.not_found"
    detail = "There is no such return."


class NotReturnable(Conflict):
    """The goods are not with the buyer."""

    code = "returns.not_returnable"
    detail = "Nothing can be returned of an order that is {status}."


class SeveralVendors(Invalid):
    """Units of more than one vendor: each gets its own return."""

    code = "returns.several_vendors"
    detail = "These units were sold by several shops. Ask for a return to each of them."


class ReturnTooLate(Conflict):
    """The time for a return is over."""

    code = "returns.too_late"
    detail = "The time to return this ended on {until}."


class IllegalReturnMove(Conflict):
    """The return's life cycle has no such transition."""

    code = "returns.illegal_transition"
    detail = "A return that is {current} cannot become {wanted}."


class RefundUnderWay(Conflict):
    """The refund of a return is under way already."""

    code = "returns.refund_under_way"
    detail = "The refund of this return is on its way already."


class NoPaymentToRefund(Conflict):
    """No single payment of the order has the whole amount refundable."""

    code = "returns.no_payment"
    detail = "No payment of this order has as much left as shall go back."


class UnevenExchange(Conflict):
    """Only another variant of the same product at the same price can be exchanged for returned units."""

    code = "returns.uneven_exchange"
    detail = "That is no exchange for the same price. Return the units and order what you want instead."
