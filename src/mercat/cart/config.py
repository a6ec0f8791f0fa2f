"""Settings of carts."""

from pydantic import Field

from mercat.kit.config import Settings


class CartSettings(Settings):
    """Carts: how long those of guests are kept."""

    guest_cart_days: int = Field(
        30,
        ge=1,
        le=3650,
        description="Days for which a guest's cart that nobody touches is kept, and its cookie.",
    )
