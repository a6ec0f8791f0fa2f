"""VAT ids, which carry check digits: what cannot exist is refused. Whether one is in use, its authority knows."""

from typing import Protocol, cast

from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.util import get_cc_module

from mercat.kit.problems import FieldError
from mercat.vendors.exceptions import InvalidTaxId


class _Numbers(Protocol):
    def validate(self, number: str) -> str:
        """Return a number without its blanks, or raise."""


def require_valid(country: str, given: str) -> str:
    """Return a tax id as it is kept: in the European Union with the country before it; an empty one stays empty.

    Where a country has no VAT, or none that is known here, any id is taken as it is.

    Raises:
        InvalidTaxId: the country has VAT ids, and this is none.
    """
    if not given:
        return given
    try:
        if country.lower() in vat.MEMBER_STATES:
            return _european(country, given)
        numbers = get_cc_module(country, "vat")
        return given if numbers is None else cast("_Numbers", numbers).validate(given)
    except ValidationError:
        raise InvalidTaxId(errors=(FieldError("tax_id", "no VAT id of this country", "tax_id"),)) from None


def _european(country: str, given: str) -> str:
    prefix = "EL" if country == "GR" else country
    compact = "".join(letter for letter in given.upper() if letter.isalnum())
    return vat.validate(compact if compact.startswith((prefix, country)) else prefix + compact)
