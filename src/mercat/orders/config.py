"""Settings of orders."""

from pydantic import Field

from mercat.kit.config import Settings


class OrderSettings(Settings):
    """Orders: what they do by themselves."""

    delivered_after_days: int = Field(
        14,
        ge=0,
        le=365,
        description="Days after its last parcel left when a part counts as delivered, if nobody said so; 0: never.",
    )
