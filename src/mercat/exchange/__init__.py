"""Currencies besides that of the books: which ones, at what rate, and how prices are rounded in them.

Whoever shows or charges money in another currency asks for what is in force, once, and converts with it:
`one = await exchange.conversion(session, "USD")`, then `one.convert(price)` for prices, by the currency's rule, and
`one.exact(amount)` for everything else. Freeze `rate`, `dated` and `source` beside what was made with them. The
currency of the books has a conversion too, which changes nothing. For what somebody asked for, `in_force` says why not.

Owns: currencies with their rounding and margin, exchange rates with source and day, how fetching them went.
Calls: auth, audit, outbox, i18n.
Publishes: ConversionsChanged.
Listens: nothing.
"""

from mercat.exchange import jobs
from mercat.exchange.conversion import Conversion
from mercat.exchange.exceptions import ConversionStopped, UnknownCurrency
from mercat.exchange.queries import conversion, conversion_to, conversions, enabled, in_force
from mercat.exchange.refresh import take_settings
from mercat.exchange.rounding_rules import Rounding
from mercat.exchange.router import router
from mercat.exchange.schemas import CurrencyCode, CurrencyParameter, CurrencyWrite, RoundingRule, other_than_books
from mercat.exchange.service import put
from mercat.exchange.state import state, trouble

__all__ = [
    "Conversion",
    "ConversionStopped",
    "CurrencyCode",
    "CurrencyParameter",
    "CurrencyWrite",
    "Rounding",
    "RoundingRule",
    "UnknownCurrency",
    "conversion",
    "conversion_to",
    "conversions",
    "enabled",
    "in_force",
    "jobs",
    "other_than_books",
    "put",
    "router",
    "state",
    "take_settings",
    "trouble",
]
