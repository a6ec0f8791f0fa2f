"""How settling can refuse."""

from mercat.kit.problems import Conflict, Malformed


class PaidByHand(Conflict):
    """Nobody but an operator can say that this money has come, or nobody at all can by hand."""

    code = "payments.by_hand"
    detail = "This payment is made by hand: an operator confirms it by marking the order as paid."


class NotAuthorized(Conflict):
    """There is nothing to capture."""

    code = "payments.not_authorized"
    detail = "A payment that is {status} cannot be captured."


class WebhookRefused(Malformed):
    """Nobody vouches for the webhook."""

    code = "payments.webhook_refused"
    detail = "The webhook is not signed by the provider, is too old, or no secret is configured to check it with."
