"""Settings of returns."""

from pydantic import Field

from mercat.kit.config import Settings


class ReturnSettings(Settings):
    """Returns: how long buyers may return goods."""

    return_days: int = Field(
        30, ge=0, le=3650, description="Days after delivery in which buyers may ask to return something; 0: never."
    )
    withdrawal_days: int = Field(
        14,
        ge=0,
        le=3650,
        description="Days after delivery in which buyers may withdraw; where EU law holds, 14 at least.",
    )


def settings() -> ReturnSettings:
    """Return what the environment says."""
    return ReturnSettings.read()
