"""Settings of commissions."""

from decimal import Decimal

from pydantic import Field

from mercat.kit.config import Settings
from mercat.kit.settings_memory import by_settings

SHARE = r"^(0(\.[0-9]{1,5})?|1(\.0{1,5})?)$"
"""A fraction as a decimal string: `0.12` is 12 %."""


class CommissionSettings(Settings):
    """Commissions: what the marketplace keeps of a sale."""

    commission_rate: str = Field(
        "0.10",
        pattern=SHARE,
        description="Share of each sale that the marketplace keeps where no terms say otherwise; 0.10 is 10 %.",
    )
    commission_tax_rate: str = Field(
        "0",
        pattern=SHARE,
        description="Rate of the tax that the marketplace adds to its commission, for example 0.19; 0 for none.",
    )


@by_settings
def default_rate() -> Decimal:
    """Return what the environment says."""
    return Decimal(CommissionSettings.read().commission_rate)


@by_settings
def commission_tax_rate() -> Decimal:
    """Return what the environment says."""
    return Decimal(CommissionSettings.read().commission_tax_rate)
