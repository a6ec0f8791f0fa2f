"""Filters and sorting of payout lists."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from mercat.kit.pagination import PageParams
from mercat.kit.shapes import MOST_VALUES
from mercat.payouts.lifecycle import Status


class PayoutListing(PageParams):
    """Which payouts, in which order, and which page of them."""

    sort: Literal["-requested_at", "requested_at", "-amount", "amount"] = "-requested_at"
    """Order of the list: downward with a minus sign."""
    status: list[Status] = Field([], max_length=MOST_VALUES, examples=[["requested"]])
    """Only payouts in this status; given several times, in any of these."""


class OperatorListing(PayoutListing):
    """Which payouts of all vendors, and which page of them."""

    vendor: UUID | None = None
    """Only payouts of this vendor."""
    run: UUID | None = None
    """Only payouts of this run."""
