"""The words on a document, and amounts and days as they are written in its language."""

from datetime import date
from decimal import Decimal

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent

from mercat import i18n
from mercat.kit.money import Money

WORDS = {
    "invoice": "Invoice",
    "credit_note": "Credit note",
    "number": "Number",
    "issued_on": "Date of issue",
    "order": "Order number",
    "ordered_on": "Date of order",
    "refers_to": "Corrects invoice",
    "supplier": "Sold by",
    "issuer": "Issued by {issuer} in the name and on behalf of {supplier}.",
    "buyer": "Bill to",
    "tax_id": "Tax number",
    "item": "Item",
    "quantity": "Quantity",
    "unit_price": "Unit price",
    "rate": "Tax rate",
    "amount": "Amount",
    "discount": "Discount",
    "shipping": "Shipping",
    "reduction": "Price reduction",
    "net": "Net amount",
    "tax": "Tax",
    "total": "Total",
    "tax_in_books": "Tax in {currency}",
    "total_in_books": "Total in {currency}",
    "returned_in_books": "Amount returned in {currency}",
    "exchange": "Exchange rate of the order: 1 {books} = {rate} {currency}, as of {day}, source: {source}.",
    "ecb": "European Central Bank",
    "marketplace": "the marketplace",
    "returned": "Amount returned",
    "includes_tax": "Prices include tax.",
    "excludes_tax": "Prices do not include tax; it is added below.",
    "untaxed": "Without tax",
    "reason": "Reason",
    "service": "Service",
    "commission_on_sales": "Commission on your sales",
    "period": "Period",
    "day": "Day",
    "base": "Sales without tax",
    "commission": "Commission (net)",
    "sale": "Sale",
    "refund": "Refund",
    "sales": "Sales",
    "refunds": "Refunds",
    "corrects": "Refunds correct",
    "taken": "The amount was kept from what you sold. There is nothing to pay.",
    "given": "The amount was added to your balance.",
    "by_day": "The CSV file of this document lists every order.",
    "reverse_charge": "Reverse charge: the tax is owed by the recipient of the service.",
}
"""What the drawing asks for -> the English word."""


def words(locale: str) -> dict[str, str]:
    """Return the words in a language."""
    return {name: i18n.translate(locale, word) for name, word in WORDS.items()}


def money(minor: int, currency: str, locale: str) -> str:
    """Write an amount with its currency, exact to what the currency has."""
    return i18n.in_words(Money(minor, currency), locale)


def exchange_rate(rate: str, locale: str) -> str:
    """Write an exchange rate, with all digits that somebody would calculate with."""
    return format_decimal(Decimal(rate), format="#,##0.##########", locale=i18n.cldr(locale))


def percent(rate: str, locale: str) -> str:
    """Write a rate, `0.19` as 19 %."""
    pattern = i18n.cldr(locale).percent_formats[None].pattern.replace("#,##0", "#,##0.###")
    return format_percent(Decimal(rate), format=pattern, locale=i18n.cldr(locale))


def count(number: int, locale: str) -> str:
    """Write how many."""
    return format_decimal(number, locale=i18n.cldr(locale))


def month(written: str, locale: str) -> str:
    """Write a month, `2030-01` as January 2030."""
    return format_skeleton("yMMMM", date.fromisoformat(f"{written}-01"), locale=i18n.cldr(locale))


def short_day(written: str, locale: str) -> str:
    """Write a day for a narrow column."""
    return format_date(date.fromisoformat(written), format="medium", locale=i18n.cldr(locale))


def day(written: str, locale: str) -> str:
    """Write a day."""
    return format_date(date.fromisoformat(written), format="long", locale=i18n.cldr(locale))
