"""How Stripe says no."""

from typing import Any

KINDS = {401: "invalid_request_error", 402: "card_error", 409: "invalid_request_error", 429: "invalid_request_error"}


class Refused(Exception):
    """An error that is answered."""

    def __init__(self, status: int, message: str, **said: Any) -> None:
        super().__init__(message)
        kind = KINDS.get(status, "api_error" if status >= 500 else "invalid_request_error")
        self.status = status
        self.body = {"error": {"type": kind, "message": message, **{k: v for k, v in said.items() if v is not None}}}


def missing(kind: str, ref: str) -> Refused:
    """Return that there is no such thing."""
    return Refused(404, f"No such {kind}: '{ref}'", code="resource_missing", param="id")


def unexpected(intent: dict[str, Any], verb: str) -> Refused:
    """Return that an intent is not in a state for something."""
    message = f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}."
    return Refused(400, message, code="payment_intent_unexpected_state", payment_intent=intent)
