"""The contents of a document, whatever its source: values that are frozen into the database and drawn from there."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from mercat.invoices.exceptions import DocumentDoesNotAddUpError
from mercat.kit.exchange_rates import FrozenRate
from mercat.kit.money import Money

UNSAFE = re.compile(r"[^a-z0-9]+")
Kind = Literal["invoice", "credit_note"]
Role = Literal["item", "shipping", "reduction"]


class Frozen(BaseModel):
    """Values that are stored and read unchanged."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Party(Frozen):
    """The supplier or the buyer."""

    name: str
    lines: tuple[str, ...] = ()
    tax_id: str = ""


class DocumentLine(Frozen):
    """A line, in minor units. `amount` is its price less its `discount`; `tax` is in it or added to it.

    Shipping, and what a credit note refunds without saying for what, have a `role` instead of a name.
    The `detail` of shipping is the name of its method.
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
    """The net amount and tax of a document at one rate."""

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


class DocumentExchange(Frozen):
    """What a document in a buyer's currency is worth in that of the books, which is what taxes are paid in."""

    currency: str
    """That of the books; `tax` and `total` are in its minor units."""
    rate: str
    """Units of the document's currency for one of the books', as the order froze it."""
    dated: str
    source: str
    tax: int
    total: int


class DocumentSource(Frozen):
    """Everything that a document is made from.

    Amounts are never negative: the heading of a credit note says that it refunds money.
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
    supplier: Party
    """Who supplied the goods, with their own legal name, address and tax id."""
    issuer: Party | None = None
    """The issuer, who issued the document on the vendor's behalf; none where the vendor did."""
    buyer: Party
    lines: tuple[DocumentLine, ...]
    shipping: DocumentLine | None = None
    prices_include_tax: bool
    total: int
    reason: str = ""
    exchange: DocumentExchange | None = None
    """None on a document in the currency of the books."""

    def charged(self) -> tuple[DocumentLine, ...]:
        """Return the lines, shipping being one of them."""
        return (*self.lines, self.shipping) if self.shipping else self.lines

    def converted(self, rate: FrozenRate) -> Self:
        """Return it with what its tax and its total are worth in the books."""
        tax, total = (
            rate.to_books(Money(minor, self.currency)).minor
            for minor in (sum(line.tax for line in self.charged()), self.total)
        )
        worth = DocumentExchange(
            currency=rate.books,
            rate=f"{rate.rate.normalize():f}",
            dated=rate.dated.isoformat(),
            source=rate.source,
            tax=tax,
            total=total,
        )
        return self.model_copy(update={"exchange": worth})

    def frozen_rate(self) -> FrozenRate | None:
        """Return the rate that it was converted by; none in the currency of the books."""
        if self.exchange is None:
            return None
        said = self.exchange
        return FrozenRate(said.currency, self.currency, Decimal(said.rate), date.fromisoformat(said.dated), said.source)

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
            raise DocumentDoesNotAddUpError(f"{self.kind} of vendor order {self.vendor_order_id} is not {self.total}")
        return taxes


class Document(Frozen):
    """What is stored of a document: its source, its number and its day."""

    number: str
    issued_on: str
    source: DocumentSource


def filename(kind: str, number: str) -> str:
    """Return a file name for a document that every system accepts: small letters, digits and hyphens."""
    return f"{UNSAFE.sub('-', f'{kind}-{number}'.lower()).strip('-')}.pdf"
