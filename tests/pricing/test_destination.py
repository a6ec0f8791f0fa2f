"""Prefixes of postal codes, along the structure of the codes of a country."""

import pytest

from mercat.pricing.destination import prefix_of, prefixes


@pytest.mark.parametrize(
    ("country", "prefix", "code", "inside"),
    [
        ("GB", "PA67", "PA6 7LN", False),
        ("GB", "PA67", "PA67 6AA", True),
        ("GB", "PA6", "PA67 6AA", False),
        ("GB", "PA6", "PA6 7LN", True),
        ("GB", "pa6", "pa67ln", True),
        ("GB", "PA", "PA67 6AA", True),
        ("GB", "G", "GL50 1AA", False),
        ("GB", "G", "G2 1AA", True),
        ("GB", "EC1", "EC1A 1BB", True),
        ("GB", "EC1A", "EC1V 1BB", False),
        ("GB", "E1", "E10 5AA", False),
        ("GB", "PA6 7", "PA67 6AA", False),
        ("GB", "PA6 7", "PA6 7LN", True),
        ("GB", "PA67LN", "PA6 7LN", True),
        ("JE", "JE2", "JE2 3AB", True),
        ("JE", "JE1", "JE15 3AB", False),
        ("IE", "D02", "D02 X285", True),
        ("IE", "D", "D02 X285", True),
        ("IE", "D02X", "D02 X285", False),
        ("IE", "D02 X", "D02 X285", True),
        ("DE", "2599", "25997", True),
        ("NL", "1012 A", "1012 AB", True),
        ("GB", "PA6", "not one", False),
        ("DE", "1", "", False),
    ],
)
def test_a_prefix_is_compared_along_the_codes_own_structure(
    country: str, prefix: str, code: str, *, inside: bool
) -> None:
    assert (prefix_of(country, prefix) in prefixes(country, code)) is inside
