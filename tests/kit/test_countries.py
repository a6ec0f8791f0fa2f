"""The table of countries, compared with one that others keep."""

import pytest
from babel import Locale
from pydantic import TypeAdapter, ValidationError

from mercat.kit.countries import COUNTRIES, Country

NO_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
"""CLDR names these regions too; ISO 3166-1 reserves their codes or leaves them to users."""


def test_the_countries_are_those_of_cldr() -> None:
    regions = {code for code in Locale("en").territories if len(code) == 2 and code.isalpha()}

    assert regions - NO_COUNTRIES == COUNTRIES
    assert len(COUNTRIES) == 250


@pytest.mark.parametrize("code", ["XX", "UK", "AN", "ZZ", "EU", "gb", "GBR", "G", "", " GB"])
def test_other_codes_are_no_countries(code: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Country).validate_python(code)
