"""Settings of vendors."""

from typing import get_args

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from mercat.kit.config import Settings
from mercat.kit.settings_memory import by_settings
from mercat.vendors.schemas import LegalDetail


class VendorSettings(Settings):
    """What the marketplace requires of its vendors."""

    vendor_details_required: str = Field(
        "legal_name,address,tax_id",
        description=(
            "What must be known of a vendor before it sells, by commas: legal_name, address, tax_id. Empty for nothing."
        ),
    )

    @field_validator("vendor_details_required")
    @classmethod
    def _known(cls, given: str) -> str:
        if set(_listed(given)) - set(get_args(LegalDetail)):
            raise PydanticCustomError("details", "name some of legal_name, address and tax_id, separated by commas")
        return given


def _listed(given: str) -> list[str]:
    return [name.strip() for name in given.split(",") if name.strip()]


@by_settings
def required_details() -> tuple[LegalDetail, ...]:
    """Return what must be known of a vendor before it sells, as the environment says."""
    named = _listed(VendorSettings.read().vendor_details_required)
    return tuple(detail for detail in get_args(LegalDetail) if detail in named)
