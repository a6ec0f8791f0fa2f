"""Errors of orders."""

from mercat.kit.problems import CONSTRAINTS, Conflict, Invalid, NotFound


class OrderNotFound(NotFound):
    """No such order, or not for this reader."""

    code = "orders.not_found"
    detail = "There is no such order."


class IllegalTransition(Conflict):
    """The order's life cycle has no such transition."""

    code = "orders.illegal_transition"
    detail = "An order that is {current} cannot become {wanted}."


class OrderItemNotFound(Invalid):
    """Lines that are not the order's."""

    code = "orders.item_not_found"
    detail = "The order has no such line."


class TooManyUnits(Conflict):
    """More units than were bought, or than remain."""

    code = "orders.too_many_units"
    detail = "Fewer units of this line are left."


class TooManyOnHold(Conflict):
    """A buyer's unpaid orders would hold more of a variant than one buyer may; `lines` says of which."""

    code = "orders.too_many_on_hold"
    detail = "Orders that are not paid yet can hold {limit} units of one thing at most. Pay first, or order fewer."


class NotPayable(Conflict):
    """The order awaits no payment."""

    code = "payments.not_payable"
    detail = "An order that is {status} cannot be paid."


class VendorOrderNotFound(NotFound):
    """No such vendor order, or not for this reader."""

    code = "orders.vendor_order_not_found"
    detail = "There is no such vendor order."


class ShipmentNotFound(NotFound):
    """No such shipment, or not for this reader."""

    code = "orders.shipment_not_found"
    detail = "There is no such shipment."


class NotPaidYet(Conflict):
    """Vendor orders of an order that awaits payment cannot be cancelled alone: its payment would not match."""

    code = "orders.not_paid_yet"
    detail = "This order is not paid yet. Cancel all of it, or wait until it is paid."


class NothingToSend(Conflict):
    """Everything is shipped or cancelled."""

    code = "orders.nothing_to_send"
    detail = "Nothing of this vendor order is left to be sent."


class AlreadyOrdered(Conflict):
    """The cart was checked out by another request; `order` is what became of it."""

    code = "orders.already_ordered"
    detail = "This cart has been ordered already."


CONSTRAINTS["uq_orders_cart_id"] = AlreadyOrdered
