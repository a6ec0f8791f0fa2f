"""Errors of payment processing."""

from mercat.kit.problems import Conflict, Malformed


class PaidByHand(Conflict):
    """Only an operator can record this capture by hand, or no one can."""

    code = "payments.by_hand"
    detail = "This payment is made by hand: an operator confirms it by marking the order as paid."


class NotAuthorized(Conflict):
    """There is nothing to capture."""

    code = "payments.not_authorized"
    detail = "A payment that is {status} cannot be captured."


class WebhookRefused(Malformed):
    """The webhook has no valid signature."""

    code = "payments.webhook_refused"
    detail = "The webhook is not signed by the provider, is too old, or no secret is configured to check it with."
