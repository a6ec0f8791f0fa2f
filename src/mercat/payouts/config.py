"""Settings of payouts."""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from stdnum import bic as bics
from stdnum import iban as ibans
from stdnum.exceptions import ValidationError

from mercat.kit.config import Settings


def _number(validate: Callable[[str], str]) -> AfterValidator:
    """Validate an IBAN, or none; returns it as banks write it."""

    def checked(given: str) -> str:
        try:
            return str(validate(given)) if given else ""
        except ValidationError:
            raise PydanticCustomError("bank_number", "a digit or letter of it is wrong") from None

    return AfterValidator(checked)


class PayoutSettings(Settings):
    """Payouts: when vendors are paid, and from which account."""

    payout_hold_days: int = Field(
        14, ge=0, le=365, description="Days after delivery until what a vendor earned can be paid out."
    )
    payout_schedule: Literal["manual", "daily", "weekly", "monthly"] = Field(
        "weekly",
        description="daily, weekly (Mondays), monthly (the first), at midnight UTC; manual: when an operator says so.",
    )
    payout_minimum: str = Field(
        "1", pattern=r"^\d{1,7}$", description="Smaller amounts wait for the next payout; in whole major units."
    )
    payout_account_hold_days: int = Field(
        3, ge=0, le=365, description="Days without payouts after a vendor has changed where its money goes."
    )
    payout_debtor_name: str = Field(
        "", max_length=70, description="Whose bank account pays by SEPA; empty: the marketplace's name."
    )
    payout_debtor_iban: Annotated[str, _number(ibans.validate)] = Field(
        "", max_length=42, description="IBAN of the account that pays by SEPA."
    )
    payout_debtor_bic: Annotated[str, _number(bics.validate)] = Field(
        "", max_length=11, description="Its BIC; empty where the bank needs none."
    )


def settings() -> PayoutSettings:
    """Return what the environment says."""
    return PayoutSettings.read()
