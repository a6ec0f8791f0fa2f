"""Shapes of the books."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from mercat.kit.money import Money
from mercat.kit.pagination import BothWays, Page
from mercat.kit.shapes import MOST_VALUES, Shape
from mercat.ledger.accounts import Account


class PostingRead(Shape):
    """An amount on an account: a debit if positive, a credit if negative."""

    account: Account = Field(examples=["cash"])
    party: str = Field(examples=["stripe"])
    amount: Money
    """In the currency of the books."""
    original: Money | None
    """What it was converted from: the amount in the buyer's currency."""


class EntryRead(Shape):
    """A movement of money; its postings add up to nothing."""

    id: UUID
    cause: str = Field(examples=["payment.captured:0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c56"])
    kind: str = Field(examples=["payment.captured"])
    order_id: UUID | None
    payment_id: UUID | None
    posted_at: datetime
    postings: list[PostingRead]


class BalanceRead(Shape):
    """The balance of an account."""

    account: Account = Field(examples=["cash"])
    party: str = Field(examples=["stripe"])
    balance: Money


class Balances(Page[BalanceRead]):
    """Every account that something was ever booked on. `in_balance`: they add up to nothing in every currency."""

    in_balance: bool


class LedgerListing(BothWays):
    """Which entries, in which order, and how to page through them."""

    sort: Literal["-posted_at", "posted_at"] = "-posted_at"
    """Order of the list: downward with a minus sign."""
    order_id: UUID | None = None
    """Only what was about this order."""
    payment_id: UUID | None = None
    """Only what was about this payment."""
    account: list[Account] = Field([], max_length=MOST_VALUES, examples=[["cash"]])
    """Only what touched this account; given several times, any of these."""
    kind: list[Annotated[str, StringConstraints(max_length=60)]] = Field(
        [], max_length=MOST_VALUES, examples=[["order.paid"]]
    )
    """Only movements of this sort: `payment.captured`, `order.paid`, `refund.paid`, `refund.reversed` and so on; given
    several times, of any of these."""
