"""Settings of invoices."""

from pydantic import Field

from mercat.kit.config import Settings


class InvoiceSettings(Settings):
    """What stands on invoices until shops have legal lines of their own."""

    seller_address: str = Field(
        "", description="Postal address of whoever answers for invoices; lines are separated by a vertical bar."
    )
    seller_tax_id: str = Field("", description="Tax number or VAT id on invoices, with its country's prefix.")
    invoices_kept_years: int = Field(
        10, ge=1, le=100, description="Full years after which the buyer's name and address leave an invoice."
    )
