"""How currencies and rates can refuse."""

from mercat.kit.problems import Conflict, Invalid, NotFound, Unavailable


class UnknownCurrency(Invalid):
    """Prices are not shown in this currency."""

    code = "exchange.unknown_currency"
    detail = "The marketplace shows no prices in this currency."


class CurrencyNotFound(NotFound):
    """No such currency is set up."""

    code = "exchange.currency_not_found"
    detail = "There is no such currency."


class ConversionStopped(Unavailable):
    """The rates are too old to be used."""

    code = "exchange.conversion_stopped"
    detail = "Prices cannot be shown in this currency at the moment: its exchange rate is too old."


class CurrencyOfBooks(Conflict):
    """The currency of the books is neither rounded, converted nor taken away."""

    code = "exchange.currency_of_books"
    detail = "This is the currency of the books: it is always there and never converted."


class CurrencyFromSettings(Conflict):
    """What the settings enable is taken away there."""

    code = "exchange.currency_from_settings"
    detail = "This currency is enabled by MERCAT_CURRENCIES: take it away there."


class RateFromProvider(Conflict):
    """The provider's rate would be overridden."""

    code = "exchange.rate_from_provider"
    detail = "The rate of this currency is fetched: it cannot be entered by hand."


class RatesNotFetched(Unavailable):
    """The file could not be had, or could not be believed; nothing has changed."""

    code = "exchange.rates_not_fetched"
    detail = "The rates could not be fetched: {reason}."


class NoRatesUrl(Conflict):
    """There is nowhere to fetch from."""

    code = "exchange.no_rates_url"
    detail = "MERCAT_RATES_URL is not set: rates are fixed."
