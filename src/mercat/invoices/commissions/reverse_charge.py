"""Reverse charge: the recipient owes the tax on a service between two countries of the European Union."""

from stdnum.eu import vat

COUNTRIES = {country.upper() for country in vat.MEMBER_STATES if country not in {"gr", "xi"}} | {"EL"}
"""Prefixes of VAT ids. For services Northern Ireland is none of them."""


def applies(supplier_tax_id: str, buyer_tax_id: str) -> bool:
    """Whether both have a VAT id of the European Union, of two countries."""
    supplier, buyer = _country(supplier_tax_id), _country(buyer_tax_id)
    return bool(supplier and buyer and supplier != buyer)


def _country(tax_id: str) -> str | None:
    """Return the country that a VAT id begins with; numbers of other sorts have none."""
    compact = "".join(letter for letter in tax_id.upper() if letter.isalnum())
    prefix = "EL" if compact[:2] == "GR" else compact[:2]
    return prefix if prefix in COUNTRIES and any(letter.isdigit() for letter in compact[2:]) else None
