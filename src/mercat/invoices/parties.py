"""The parties and lines of a document."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import i18n, vendors
from mercat.addresses import AddressRead
from mercat.invoices.config import InvoiceSettings
from mercat.invoices.document import Party
from mercat.kit.config import ProcessSettings


def buyer_of(address: AddressRead, locale: str) -> Party:
    """Return a buyer as printed on a document."""
    city = f"{address.postal_code} {address.city}".strip()
    country = i18n.cldr(locale).territories.get(address.country, address.country)
    lines = (address.line1, address.line2, city, address.region, country)
    return Party(name=address.name, lines=tuple(line for line in lines if line))


@dataclass(frozen=True, slots=True)
class Supplier:
    """The supplier, and the issuer on its behalf if it is another one."""

    party: Party
    issuer: Party | None


async def supplier_of(session: AsyncSession, vendor_id: UUID, locale: str) -> Supplier:
    """Return a vendor as supplier, whose documents the marketplace issues; its own vendor is the marketplace itself."""
    marketplace = marketplace_party()
    vendor = await vendors.onboarding.record_of(session, vendor_id)
    if vendor.slug == vendors.HOUSE:
        return Supplier(marketplace, None)
    return Supplier(party_of(vendor, locale), marketplace)


def party_of(vendor: vendors.onboarding.VendorRecord, locale: str) -> Party:
    """Return a vendor's legal details; of one whose details are not known only its name."""
    lines = buyer_of(vendor.address, locale).lines if vendor.address else ()
    legal = vendor.legal_name or vendor.name
    return Party(name=legal, lines=lines if legal == vendor.name else (vendor.name, *lines), tax_id=vendor.tax_id)


def marketplace_party() -> Party:
    """Return the marketplace as printed on documents, by the settings."""
    settings = InvoiceSettings.read()
    lines = [line.strip() for line in settings.marketplace_address.split("|")]
    return Party(
        name=ProcessSettings.read().marketplace_name,
        lines=tuple(line for line in lines if line),
        tax_id=settings.marketplace_tax_id,
    )
