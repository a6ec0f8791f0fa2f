"""Base classes of every shape on the wire: unknown fields refused, no silent coercion of numbers and flags."""

import re
import warnings
from datetime import UTC, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StrictBool,
    StringConstraints,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic.warnings import UnsupportedFieldAttributeWarning
from pydantic_core import CoreSchema, PydanticCustomError

from mercat.kit.field_descriptions import describe_fields
from mercat.kit.field_messages import A_MOMENT, A_WHOLE_NUMBER

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)

# FastAPI gives every body an alias and hides pydantic's complaint about it where it builds at once; ours build later
warnings.filterwarnings("ignore", "The 'alias' attribute with value", UnsupportedFieldAttributeWarning)


class Shape(BaseModel):
    """A frozen value that crosses the border; whatever it does not name is a 422."""

    model_config = ConfigDict(
        defer_build=True,  # a process uses few of the five hundred; each is built when first used
        extra="forbid",
        frozen=True,
        serialize_by_alias=True,  # also where a route writes its answer itself, a stored one say
        str_strip_whitespace=True,
    )

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler, /) -> JsonSchemaValue:
        """Describe the fields by the docstrings below them."""
        schema = handler(core_schema)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        for name, description in describe_fields(cls).items():
            if name in properties:
                properties[name]["description"] = description
        return schema


Flag = StrictBool
Line = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""One line of text: no line breaks or other control characters."""
Prose = Annotated[str, StringConstraints(max_length=50_000)]
MOST_UNITS = 10_000
Quantity = Annotated[int, Field(strict=True, ge=1, le=MOST_UNITS)]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]


def _digits(value: object) -> object:
    """Refuse what `int()` takes and nobody means: `1_000`, ` 7 `, `+7`, digits of other scripts."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise PydanticCustomError("int_parsing", A_WHOLE_NUMBER)
    return value


MOST_VALUES = 20
"""How many values a filter takes at once."""

WholeNumber = Annotated[int, BeforeValidator(_digits, json_schema_input_type=int)]
"""A whole number in a query string."""


def _written(value: object) -> object:
    """Refuse what would be guessed at: numbers, days, and moments that do not say where."""
    if isinstance(value, str) and RFC_3339.fullmatch(value.strip()) is None:
        raise PydanticCustomError("datetime_rfc3339", A_MOMENT)
    if not isinstance(value, str | datetime):
        raise PydanticCustomError("datetime_type", A_MOMENT)
    return value


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("datetime_rfc3339", "a moment between the years 1 and 9999, UTC") from None


Moment = Annotated[datetime, BeforeValidator(_written, json_schema_input_type=datetime), AfterValidator(_in_utc)]
"""RFC 3339, kept in UTC."""
