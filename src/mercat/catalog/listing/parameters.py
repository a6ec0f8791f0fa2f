"""What lists of products may be asked for, as query parameters."""

from collections.abc import Sequence
from typing import Annotated, Any, Self
from urllib.parse import parse_qsl

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, ValidationInfo

from mercat import i18n
from mercat.exchange import CurrencyCode
from mercat.kit.body_guard import BadText
from mercat.kit.errors import from_validation
from mercat.kit.money import Money, NotAnAmount, default_currency
from mercat.kit.pagination import BothWays
from mercat.kit.shapes import MOST_VALUES

Names = Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=200)]], Field(max_length=MOST_VALUES)]
SEVERAL = ("category", "tag", "vendor", "brand")


def _minor(text: str, info: ValidationInfo) -> int:
    try:
        return Money.of(text, info.data.get("currency") or default_currency()).minor
    except NotAnAmount as error:
        raise error.refused() from None


Pairs = Sequence[tuple[str, str]]


def query_pairs(query_string: bytes) -> Pairs:
    """Read a raw query string.

    Raises:
        BadText: bytes outside UTF-8, or a flood of parameters.
    """
    if not query_string:
        return ()
    try:
        return parse_qsl(query_string.decode("ascii"), keep_blank_values=True, max_num_fields=100, errors="strict")
    except ValueError:
        raise BadText from None


class Narrowed(BothWays):
    """What a list of products may be narrowed by. Everything else is a 422."""

    category: Names = Field([], examples=[["kitchen"]])
    """Category by id or slug, with everything below it. This and the next three may be given several times: any will
    do."""
    tag: Names = Field([], examples=[["stoneware"]])
    """Tag by name or slug."""
    vendor: Names = Field([], examples=[["north-kiln"]])
    """Vendor by id or slug."""
    brand: Names = Field([], examples=[["fernweh"]])
    """Brand by id or slug."""
    currency: CurrencyCode | None = Field(None, examples=["USD"])
    """Currency of the prices, also of those in filters; without it, that of the books."""
    min_price: Annotated[str, AfterValidator(_minor)] | None = Field(None, examples=["5.00"])
    """Lowest price."""
    max_price: Annotated[str, AfterValidator(_minor)] | None = Field(None, examples=["50.00"])
    """Highest price."""
    in_stock: bool | None = None
    """Only what can be bought now, or only what cannot."""
    locale: Annotated[i18n.KnownLocale, StringConstraints(max_length=i18n.LONGEST_TAG)] | None = Field(
        None, examples=["de"]
    )
    """Language of the texts; without it, that which `Accept-Language` wants most."""

    @property
    def foreign(self) -> str | None:
        """The currency that is asked for, if it is another than that of the books."""
        return None if self.currency == default_currency() else self.currency

    @classmethod
    def from_pairs(cls, found: Pairs) -> Self:
        """Read the parameters of a query.

        Raises:
            Invalid: an unknown or repeated parameter, or a value that its field does not take.
        """
        if not found:
            return cls()
        values: dict[str, Any] = {name: value for name, value in found if name not in SEVERAL}
        for name, value in found:
            if name in SEVERAL:
                values.setdefault(name, []).append(value)
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise from_validation(error.errors()) from None
