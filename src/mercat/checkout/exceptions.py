"""How a checkout can refuse."""

from mercat.kit.problems import Conflict, Invalid


class CartEmpty(Conflict):
    """There is nothing to order."""

    code = "checkout.cart_empty"
    detail = "The cart is empty."


class CartChanged(Conflict):
    """Prices or stock moved since the buyer last looked; `differences` says how.

    The new prices count as shown from now on, so that the buyer can agree by trying again.
    """

    code = "checkout.cart_changed"
    detail = "Prices or availability changed since you last looked. Check the differences and try again."
    keeps_work = True


class TotalChanged(Conflict):
    """The total is not what the buyer was shown."""

    code = "checkout.total_changed"
    detail = "The total is {total}, not the {expected_total} you were shown."


class DueChanged(Conflict):
    """The amount due after the gift card is not what the buyer was shown: the card was used meanwhile, for example."""

    code = "checkout.due_changed"
    detail = "{due} is still to be paid, not the {expected_due} you were shown."


class EmailMissing(Invalid):
    """A guest must say where the confirmation goes."""

    code = "checkout.email_missing"
    detail = "An e-mail address is needed."


class UnknownShippingMethod(Invalid):
    """The marketplace has no such shipping method."""

    code = "checkout.unknown_shipping_method"
    detail = "The marketplace does not offer this shipping method."


class ShippingNotOffered(Conflict):
    """The shipping method does not take these goods, or not to this address."""

    code = "checkout.shipping_not_offered"
    detail = "This cannot be sent to that address by the shipping method that was chosen."
