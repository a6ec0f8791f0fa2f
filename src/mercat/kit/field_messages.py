"""Why a field was not accepted, in our own words: a template and what fills it, for readers of any language.

What Pydantic finds is named by its type, which is the stable `code` of the field; its own English sentences, some of
which quote the input, never leave the process. Sentences of our own validators are told as they are written.
"""

import re
from collections.abc import Mapping
from typing import Any, get_args

from pydantic_core import PydanticCustomError, core_schema

BUILT_IN = frozenset(get_args(core_schema.ErrorType))
NOT_VALID = "is not valid"
A_DATE = "should be a date, like 2030-01-31"
A_TIME = "should be a time, like 09:00:00"
A_MOMENT = "should be a moment with its offset, like 2030-01-31T09:00:00Z"
A_WHOLE_NUMBER = "should be a whole number"
A_DECIMAL = "should be a decimal number"
AN_OBJECT = "should be an object"
A_LIST = "should be a list"
TRUE_OR_FALSE = "should be true or false"
A_UUID = "should be a UUID"
A_URL = "should be a web address"
ONE_OF = "should be one of: {expected}"
AT_LEAST = "should have at least {min_length} characters"
AT_MOST = "should have at most {max_length} characters"
MESSAGES = {
    "missing": "is required",
    "extra_forbidden": "is not known here",
    "none_required": "should be null",
    "string_type": "should be text",
    "string_sub_type": "should be text",
    "string_unicode": "is not valid text",
    "string_too_short": AT_LEAST,
    "string_too_long": AT_MOST,
    "string_pattern_mismatch": "should match the pattern {pattern}",
    "string_not_ascii": "should have ASCII characters only",
    "bytes_type": "should be text",
    "bytes_too_short": AT_LEAST,
    "bytes_too_long": AT_MOST,
    "too_short": "should have at least {min_length} entries",
    "too_long": "should have at most {max_length} entries",
    "greater_than": "should be greater than {gt}",
    "greater_than_equal": "should be {ge} or more",
    "less_than": "should be less than {lt}",
    "less_than_equal": "should be {le} or less",
    "multiple_of": "should be a multiple of {multiple_of}",
    "finite_number": "should be a finite number",
    "literal_error": ONE_OF,
    "enum": ONE_OF,
    "bool_type": TRUE_OR_FALSE,
    "bool_parsing": TRUE_OR_FALSE,
    "int_type": A_WHOLE_NUMBER,
    "int_parsing": A_WHOLE_NUMBER,
    "int_from_float": A_WHOLE_NUMBER,
    "int_parsing_size": "is too large a number",
    "float_type": "should be a number",
    "float_parsing": "should be a number",
    "decimal_type": A_DECIMAL,
    "decimal_parsing": A_DECIMAL,
    "decimal_max_digits": "should have at most {max_digits} digits",
    "decimal_max_places": "should have at most {decimal_places} decimals",
    "decimal_whole_digits": "should have at most {whole_digits} digits before the decimal point",
    "uuid_type": A_UUID,
    "uuid_parsing": A_UUID,
    "uuid_version": "should be a UUID of version {expected_version}",
    "date_type": A_DATE,
    "date_parsing": A_DATE,
    "date_from_datetime_parsing": A_DATE,
    "date_from_datetime_inexact": A_DATE,
    "date_past": "should be in the past",
    "date_future": "should be in the future",
    "time_type": A_TIME,
    "time_parsing": A_TIME,
    "datetime_type": A_MOMENT,
    "datetime_parsing": A_MOMENT,
    "datetime_from_date_parsing": A_MOMENT,
    "datetime_object_invalid": A_MOMENT,
    "datetime_past": "should be in the past",
    "datetime_future": "should be in the future",
    "timezone_naive": "should be without an offset",
    "timezone_aware": A_MOMENT,
    "url_type": A_URL,
    "url_parsing": A_URL,
    "url_syntax_violation": A_URL,
    "url_too_long": AT_MOST,
    "url_scheme": "should begin with one of: {expected_schemes}",
    "model_type": AN_OBJECT,
    "model_attributes_type": AN_OBJECT,
    "dataclass_type": AN_OBJECT,
    "dict_type": AN_OBJECT,
    "mapping_type": AN_OBJECT,
    "list_type": A_LIST,
    "tuple_type": A_LIST,
    "set_type": A_LIST,
    "frozen_set_type": A_LIST,
    "json_type": "should be JSON",
    "json_invalid": "should be JSON",
    "union_tag_invalid": "{discriminator} should be one of: {expected_tags}",
    "union_tag_not_found": "{discriminator} is required",
    "value_error": NOT_VALID,
    "assertion_error": NOT_VALID,
}
ONE = {
    AT_LEAST: "should have at least {min_length} character",
    AT_MOST: "should have at most {max_length} character",
    MESSAGES["too_short"]: "should have at least {min_length} entry",
    MESSAGES["too_long"]: "should have at most {max_length} entry",
    MESSAGES["decimal_max_digits"]: "should have at most {max_digits} digit",
    MESSAGES["decimal_max_places"]: "should have at most {decimal_places} decimal",
    MESSAGES["decimal_whole_digits"]: "should have at most {whole_digits} digit before the decimal point",
}
"""The same about one of them."""
LISTED = frozenset({"expected", "expected_tags", "expected_schemes", "discriminator"})
"""What Pydantic fills in as English prose, `'a', 'b' or 'c'`: we name the values alone."""
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def refused(code: str, template: str, **values: str | int) -> PydanticCustomError:
    """Return what a validator raises when its sentence has placeholders; others raise `PydanticCustomError` itself."""
    return PydanticCustomError(code, template, {"template": template, **values})


def reason(item: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    """Return the template for one of Pydantic's findings, and what fills its placeholders."""
    found, context = item["type"], item.get("ctx") or {}
    if found not in BUILT_IN:
        return context.get("template", item["msg"]), context if "template" in context else {}
    if context.get("field_type") == "Value":  # a secret: Pydantic counts its "items", and tells how many were sent
        found = {"too_short": "string_too_short", "too_long": "string_too_long"}.get(found, found)
    template = MESSAGES.get(found, NOT_VALID)
    names = PLACEHOLDER.findall(template)
    if any(name not in context for name in names):
        return NOT_VALID, {}  # raised by a validator of ours that gives no numbers
    values = {name: _listed(str(context[name])) if name in LISTED else context[name] for name in names}
    if list(values.values()) == [1]:
        template = ONE.get(template, template)
    return template, values


def _listed(prose: str) -> str:
    return ", ".join(re.findall(r"'([^']*)'", prose)) or prose
