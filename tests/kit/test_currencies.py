"""The currency table, compared with one that others keep."""

import pytest
from babel.core import get_global
from babel.numbers import get_currency_name

from mercat.kit.currencies import EXPONENTS

CASH = ["AFN", "ALL", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "RSD", "SOS", "SYP", "YER"]
ISO_OTHERWISE = dict.fromkeys(CASH, 2) | {"IQD": 3}
"""CLDR gives these as many decimals as people use, none; ISO 4217, which payment providers follow, gives more."""


def test_decimals_are_those_of_cldr_or_knowingly_not() -> None:
    fractions = get_global("currency_fractions")
    cldr = {code: fractions.get(code, fractions["DEFAULT"])[0] for code in EXPONENTS}

    assert cldr | ISO_OTHERWISE == EXPONENTS
    assert all(cldr[code] == 0 for code in ISO_OTHERWISE)


@pytest.mark.parametrize("code", sorted(EXPONENTS))
def test_every_code_is_a_known_currency(code: str) -> None:
    assert get_currency_name(code, locale="en") != code or code in {"XCG", "VED", "SLE", "ZWG"}


@pytest.mark.parametrize(
    ("code", "decimals"), [("EUR", 2), ("USD", 2), ("JPY", 0), ("KRW", 0), ("ISK", 0), ("KWD", 3), ("TND", 3)]
)
def test_well_known_decimals(code: str, decimals: int) -> None:
    assert EXPONENTS[code] == decimals


@pytest.mark.parametrize("code", ["HRK", "BGN", "ANG", "CUC", "SLL", "ZWL", "DEM", "XXX", "XTS", "XAU", "eur", ""])
def test_currencies_that_are_gone_and_codes_that_are_none_are_unknown(code: str) -> None:
    assert code not in EXPONENTS
