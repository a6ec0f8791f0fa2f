"""Which currency is paid with in which country, as CLDR has it."""

from functools import cache

from babel.numbers import get_territory_currencies

from mercat.kit.countries import COUNTRIES


@cache
def currency_of(country: str) -> str | None:
    """Return the currency that is paid with in a country, the first where there are several; None if unknown."""
    found = get_territory_currencies(country) if country in COUNTRIES else []
    return found[0] if found else None


@cache
def countries_of(currency: str) -> list[str]:
    """Return the countries that pay with a currency, by their codes."""
    return sorted(country for country in COUNTRIES if currency_of(country) == currency)
