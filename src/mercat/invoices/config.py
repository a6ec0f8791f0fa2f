"""Settings of invoices."""

from pydantic import Field

from mercat.kit.config import Settings


class InvoiceSettings(Settings):
    """The marketplace's identity on invoices: it issues those of its vendors on their behalf, and its own."""

    marketplace_address: str = Field(
        "", description="Postal address of the marketplace on invoices; lines are separated by a vertical bar."
    )
    marketplace_tax_id: str = Field("", description="The marketplace's VAT id on invoices, with its country's prefix.")
    invoices_kept_years: int = Field(
        10, ge=1, le=100, description="Full years after which the buyer's name and address leave an invoice."
    )
