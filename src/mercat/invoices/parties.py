"""Who stands on a paper, and with which lines."""

from babel import Locale

from mercat.addresses import AddressRead
from mercat.invoices.config import InvoiceSettings
from mercat.invoices.paper import Party


def buyer_of(address: AddressRead, locale: str) -> Party:
    """Return a buyer as they stand on a paper."""
    city = f"{address.postal_code} {address.city}".strip()
    country = Locale.parse(locale).territories.get(address.country, address.country)
    lines = (address.line1, address.line2, city, address.region, country)
    return Party(name=address.name, lines=tuple(line for line in lines if line))


def seller_of(name: str) -> Party:
    """Return a seller as they stand on a paper, with the marketplace's legal lines."""
    settings = InvoiceSettings.read()
    lines = [line.strip() for line in settings.seller_address.split("|")]
    return Party(name=name, lines=tuple(line for line in lines if line), tax_id=settings.seller_tax_id)
