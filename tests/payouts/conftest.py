"""Jobs that are run until none is left, as in stories about settling."""

from payment_processing.conftest import work

__all__ = ["work"]
