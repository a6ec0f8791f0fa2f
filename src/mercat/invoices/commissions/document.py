"""The contents of a commission invoice: values that are frozen into the database and drawn from there."""

from typing import Literal
from uuid import UUID

from mercat.invoices.commissions.exceptions import CommissionDoesNotAddUpError
from mercat.invoices.document import Frozen, Kind, Party, TaxSum, by_rate


class ChargedLine(Frozen):
    """A line, in minor units: an order that was sold or partly refunded, or all of a day.

    On a credit note what is refunded to the vendor is positive, on an invoice what it is charged.
    """

    day: str
    what: Literal["sale", "refund"]
    order_number: str = ""
    """Empty on a line that is about a day."""
    count: int = 1
    """How many entries of the books it is made of."""
    base: int
    """The vendor's revenue from goods, without tax and shipping."""
    commission: int
    tax: int
    rate: str | None = None
    """The rate of the tax, such as `0.19`; none where there is no tax, or its rate was not kept."""


class CommissionSource(Frozen):
    """Everything that a document is made from."""

    kind: Kind
    vendor_id: UUID
    month: str
    locale: str
    currency: str
    supplier: Party
    buyer: Party
    lines: tuple[ChargedLine, ...]
    by_day: bool = False
    """There are so many orders that each line is about a day; the file beside the document has them all."""
    refers_to: tuple[str, ...] = ()
    """Numbers of earlier documents that list orders which were partly refunded here."""
    reverse_charge: bool = False
    total: int

    def taxes(self) -> tuple[TaxSum, ...]:
        """Return commission and tax of each rate, the highest first, then what has none.

        Raises:
            CommissionDoesNotAddUpError: they are not the total.
        """
        taxes = by_rate((line.rate, line.commission, line.tax) for line in self.lines)
        if sum(one.net + one.tax for one in taxes) != self.total:
            raise CommissionDoesNotAddUpError(f"{self.kind} of {self.vendor_id} for {self.month} is not {self.total}")
        return taxes


class CommissionDocument(Frozen):
    """What is stored of a document: its source, its number and its day."""

    number: str
    issued_on: str
    source: CommissionSource
