"""What stands on a paper, whatever it was made from: values that are frozen into the database and drawn from there."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from mercat.invoices.exceptions import DocumentDoesNotAddUpError

UNSAFE = re.compile(r"[^a-z0-9]+")
Kind = Literal["invoice", "credit_note"]
Role = Literal["item", "shipping", "reduction"]


class Frozen(BaseModel):
    """Values that go into the database as they are, and come out again."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Party(Frozen):
    """Who sells or buys."""

    name: str
    lines: tuple[str, ...] = ()
    tax_id: str = ""


class DocumentLine(Frozen):
    """A line, in minor units. `amount` is what the line costs less its `discount`; `tax` is in it or comes on top.

    Shipping, and what a credit note gives back without saying for what, have a `role` instead of a name.
    """

    item_id: UUID | None = None
    role: Role = "item"
    name: str = ""
    detail: str = ""
    quantity: int = 1
    unit_price: int
    discount: int = 0
    amount: int
    tax: int = 0
    rate: str | None = None
    """The share that the tax is, such as `0.19`; none where several went into it."""


class TaxSum(Frozen):
    """What one rate of tax makes of a paper."""

    rate: str | None
    net: int
    tax: int


def by_rate(amounts: Iterable[tuple[str | None, int, int]]) -> tuple[TaxSum, ...]:
    """Add up (rate, net, tax) by rate, the highest first, then what has none."""
    sums: dict[str | None, tuple[int, int]] = {}
    for written, net, tax in amounts:
        rate = None if written is None else f"{Decimal(written).normalize():f}"
        before = sums.get(rate, (0, 0))
        sums[rate] = before[0] + net, before[1] + tax
    ordered = sorted(sums.items(), key=lambda entry: Decimal(entry[0] or -1), reverse=True)
    return tuple(TaxSum(rate=rate, net=net, tax=tax) for rate, (net, tax) in ordered if net or tax)


class DocumentSource(Frozen):
    """Everything that a paper is made from.

    Amounts are never negative: that a credit note gives money back is what its heading says.
    """

    kind: Kind
    vendor_id: UUID
    order_id: UUID
    vendor_order_id: UUID
    refund_id: UUID | None = None
    refers_to: str | None = None
    """The number of the invoice that a credit note corrects."""
    order_number: str
    ordered_on: str
    locale: str
    currency: str
    seller: Party
    """Who supplied the goods, with their own legal name, address and tax id."""
    issuer: Party | None = None
    """Who issued the paper on the seller's behalf; none where the seller did."""
    buyer: Party
    lines: tuple[DocumentLine, ...]
    shipping: DocumentLine | None = None
    prices_include_tax: bool
    total: int
    reason: str = ""

    def charged(self) -> tuple[DocumentLine, ...]:
        """Return the lines, shipping being one of them."""
        return (*self.lines, self.shipping) if self.shipping else self.lines

    def one_rate(self) -> str | None:
        """Return the rate of tax, if there is but one."""
        rates = {line.rate for line in self.charged()}
        return rates.pop() if len(rates) == 1 else None

    def taxes(self) -> tuple[TaxSum, ...]:
        """Return net and tax of each rate, the highest first, then what has none.

        Raises:
            DocumentDoesNotAddUpError: they are not the total.
        """
        contained = self.prices_include_tax
        taxes = by_rate(
            (line.rate, line.amount - line.tax if contained else line.amount, line.tax) for line in self.charged()
        )
        if sum(one.net + one.tax for one in taxes) != self.total:
            raise DocumentDoesNotAddUpError(f"{self.kind} of part {self.vendor_order_id} is not {self.total}")
        return taxes


class Document(Frozen):
    """What is kept of a paper: its source, its number and its day."""

    number: str
    issued_on: str
    source: DocumentSource


def filename(kind: str, number: str) -> str:
    """Return a name for the file of a paper that every system takes: small letters, digits and hyphens."""
    return f"{UNSAFE.sub('-', f'{kind}-{number}'.lower()).strip('-')}.pdf"
