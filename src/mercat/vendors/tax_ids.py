"""Tax ids: VAT ids carry check digits, and impossible ones are rejected. Whether one is in use, its authority knows.

A vendor that charges no VAT has no VAT id. Its invoices carry the number of its tax office, where a country has such.
"""

from typing import Protocol, cast

from stdnum.at import tin
from stdnum.de import stnr
from stdnum.es import nif
from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret
from stdnum.it import codicefiscale
from stdnum.util import get_cc_module

from mercat.kit.problems import FieldError
from mercat.vendors.exceptions import InvalidTaxId

NATIONAL = {"AT": (tin,), "DE": (stnr,), "ES": (nif,), "FR": (siren, siret), "IT": (codicefiscale,)}
"""Numbers that an invoice may carry where there is no VAT id, by country."""


class _Numbers(Protocol):
    def validate(self, number: str) -> str:
        """Return a number without its blanks, or raise."""


def require_valid(country: str, given: str) -> str:
    """Return a tax id as it is stored: in the European Union with the country before it; an empty one stays empty.

    Where a country has no VAT, or none that is known here, any id is accepted. Where it has other tax numbers
    that an invoice may carry instead, those are accepted too.

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
        if any(numbers.is_valid(given) for numbers in NATIONAL.get(country, ())):
            return given.strip()
        raise InvalidTaxId(errors=(FieldError("tax_id", "no VAT id of this country", "tax_id"),)) from None


def _european(country: str, given: str) -> str:
    prefix = "EL" if country == "GR" else country
    compact = "".join(letter for letter in given.upper() if letter.isalnum())
    return vat.validate(compact if compact.startswith((prefix, country)) else prefix + compact)
