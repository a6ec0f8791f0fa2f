"""Jobs that are run until none is left, and Stripe, as in stories about payments."""

from payment_processing.conftest import stripe, work

__all__ = ["stripe", "work"]
