"""Fields of currencies and rates, in settings and in requests."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from mercat.kit.currencies import EXPONENTS

RATE = r"^[0-9]{1,9}(\.[0-9]{1,12})?$"
MARGIN = r"^[0-9]{1,2}(\.[0-9]{1,4})?$"


def known(code: str) -> str:
    """Refuse what is no currency."""
    if code not in EXPONENTS:
        raise PydanticCustomError("currency", "no ISO 4217 currency")
    return code


def above_zero(rate: str) -> str:
    """Refuse a rate that makes everything free."""
    if Decimal(rate) <= 0:
        raise PydanticCustomError("above_zero", "more than zero")
    return rate


Code = Annotated[str, AfterValidator(known)]
RateText = Annotated[str, StringConstraints(pattern=RATE), AfterValidator(above_zero)]
MarginText = Annotated[str, StringConstraints(pattern=MARGIN)]
