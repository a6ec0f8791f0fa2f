"""Settings of stock."""

from pydantic import Field

from mercat.kit.config import Settings


class StockSettings(Settings):
    """Stock: when it counts as low."""

    low_stock_at: int = Field(
        0,
        ge=0,
        description="Units at which a vendor is told that a variant runs low, unless it says so itself; 0: never.",
    )


def settings() -> StockSettings:
    """Return what the environment says."""
    return StockSettings.read()
