"""Settings of payments."""

from typing import Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from mercat.kit.config import Environment, ProcessSettings, Settings


class PaymentSettings(Settings):
    """Payment by hand, by card, and by pretended cards."""

    manual_instructions: str = Field(
        "Please transfer the amount to the marketplace's account and name the order number.",
        description="What buyers who pay by transfer or in cash are told.",
    )
    bank_details: str = Field(
        "",
        description=(
            "Account for transfers, as buyers are told it: holder, IBAN, BIC; lines are separated by a vertical bar."
        ),
    )
    manual_payment_hours: float = Field(
        168, gt=0, description="Hours until an order that was not paid by hand expires and gives its stock back."
    )
    online_payment_minutes: float = Field(
        60, gt=0, description="Minutes until an order that was not paid by card expires and gives its stock back."
    )
    payment_check_seconds: float = Field(
        120,
        gt=0,
        description="Seconds after which a payment under way is asked for at its provider, without a webhook.",
    )
    payment_capture: Literal["automatic", "manual"] = Field(
        "automatic",
        description="automatic takes money by card at once; manual only reserves it until an operator captures it.",
    )
    test_payments: bool = Field(
        default=False,
        description="Whether the test provider, which pays with pretended cards, may be used. Never in production.",
    )

    @field_validator("test_payments")
    @classmethod
    def _never_in_production(cls, wanted: bool) -> bool:  # noqa: FBT001 - pydantic's hook
        if wanted and ProcessSettings.read().environment is Environment.production:
            raise PydanticCustomError("test_payments", "the test provider gives goods away: not in production")
        return wanted


def settings() -> PaymentSettings:
    """Return the settings, read once: reading them costs as much as half an order."""
    return PaymentSettings.read()
