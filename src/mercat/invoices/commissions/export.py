"""The orders of a document as a file for spreadsheets: however many there are, one by one, as in the books."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from mercat.invoices.commissions.models import CommissionInvoice
from mercat.invoices.commissions.unbilled import Charge, of_document
from mercat.kit.database import Database
from mercat.kit.money import Money
from mercat.kit.spreadsheets import csv_lines, neutral

COLUMNS = ("at", "type", "order", "sales_without_tax", "commission", "tax_rate", "tax", "amount", "currency")
MEDIA = "text/csv"


async def chunks(database: Database, document: CommissionInvoice) -> AsyncGenerator[bytes, None]:
    """Yield the file; what the vendor is charged is positive, also for a credit note."""
    async with (
        database.streaming() as connection,
        aclosing(of_document(connection, document.id, document.vendor_id, document.currency)) as found,
    ):
        yield "".join(csv_lines([COLUMNS])).encode()
        async for charges in found:
            yield "".join(csv_lines(_cells(charge, document.currency) for charge in charges)).encode()


def _cells(charge: Charge, currency: str) -> list[str]:
    base, commission, tax = (Money(minor, currency).amount for minor in (charge.base, charge.commission, charge.tax))
    rate = "" if charge.rate is None else f"{charge.rate.normalize():f}"
    amount = Money(charge.commission + charge.tax, currency).amount
    # amounts are numbers of ours: a minus before them is no formula
    return [
        charge.at.isoformat(), charge.what, neutral(charge.order_number), base, commission, rate, tax, amount, currency,
    ]  # fmt: skip
