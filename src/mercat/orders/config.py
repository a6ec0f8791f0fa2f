"""Settings of orders."""

from pydantic import Field

from mercat.kit.config import Settings


class OrderSettings(Settings):
    """Orders: what they may hold before they are paid, and what they do by themselves."""

    unpaid_units_per_buyer: int = Field(
        100, ge=0, description="Units of one variant that a buyer's unpaid orders may hold together; 0: any number."
    )
    unproven_hold_hours: float = Field(
        48,
        gt=0,
        description="Most hours that unpaid orders of guests and of accounts with unverified addresses are kept.",
    )
    delivered_after_days: int = Field(
        14,
        ge=0,
        le=365,
        description="Days after its last shipment when a vendor order counts as delivered if nobody said so; 0: never.",
    )
