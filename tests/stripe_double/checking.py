"""Parameters, checked against the types that Stripe's own SDK publishes for them."""

import re
import types
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from stripe import RequestOptions
from typing_extensions import is_typeddict

from stripe_double.refusals import Refused

LEAVES = {
    int: (re.compile(r"-?\d+"), int, "integer"),
    float: (re.compile(r"-?\d+(\.\d+)?"), float, "number"),
    bool: (re.compile(r"true|false"), "true".__eq__, "boolean"),
    str: (re.compile(r".*", re.DOTALL), str, "string"),
}


class Misfit(Exception):
    """A value is not of its type."""

    def __init__(self, param: str, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.param = param
        self.refusal = Refused(400, message, code=code, param=param)


def checked(shape: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Return parameters with their true types.

    Raises:
        Misfit: one is unknown, missing, or not of its type.
    """
    return {} if shape is None and not given else _fields(shape, given, "")


def _fields(shape: Any, given: Any, path: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise Misfit(path, f"Invalid object: {path}")
    hints = _hints(shape) if shape else {}
    read = {}
    for name, value in given.items():
        inner = f"{path}[{name}]" if path else name
        if name not in hints:
            raise Misfit(inner, f"Received unknown parameter: {inner}", "parameter_unknown")
        read[name] = _fit(hints[name], value, inner)
    for name in sorted(hints.keys() & shape.__required_keys__ - given.keys()) if shape else ():
        inner = f"{path}[{name}]" if path else name
        raise Misfit(inner, f"Missing required param: {inner}.", "parameter_missing")
    return read


def _fit(hint: Any, value: Any, path: str) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        return _any_of(arguments, value, path)
    if origin is Literal:
        if value not in arguments:
            raise Misfit(path, f"Invalid {path}: must be one of {', '.join(map(str, arguments))}")
        return value
    if origin is list:
        if not isinstance(value, list):
            raise Misfit(path, f"Invalid array: {path}", "parameter_invalid_array")
        return [_fit(arguments[0], item, f"{path}[{place}]") for place, item in enumerate(value)]
    if origin is dict:
        if not isinstance(value, dict):
            raise Misfit(path, f"Invalid object: {path}")
        return {name: _fit(arguments[1], item, f"{path}[{name}]") for name, item in value.items()}
    return _fields(hint, value, path) if is_typeddict(hint) else _leaf(hint, value, path)


def _any_of(hints: tuple[Any, ...], value: Any, path: str) -> Any:
    """Return a value as the first of several types that fits.

    The SDK writes `Literal["a", "b"] | str`, for it may be older than the API; the API takes only what it knows.
    """
    if any(get_origin(hint) is Literal and get_args(hint) != ("",) for hint in hints):
        hints = tuple(hint for hint in hints if hint is not str)
    wrong = Misfit(path, f"Invalid {path}")
    for hint in hints:
        try:
            return _fit(hint, value, path)
        except Misfit as misfit:
            wrong = max(wrong, misfit, key=lambda one: len(one.param))  # what fits best says best what is wrong
    raise wrong


def _leaf(kind: Any, value: Any, path: str) -> Any:
    pattern, read, name = LEAVES.get(kind, (None, None, str(kind)))
    if pattern is None or not isinstance(value, str) or not pattern.fullmatch(value):
        raise Misfit(path, f"Invalid {name}: {path}", f"parameter_invalid_{name}")
    return read(value)


@cache
def _hints(shape: Any) -> dict[str, Any]:
    """Return the types of a TypedDict's own fields, without what the SDK's callers may say about the request itself."""
    own = {name: hint for name, hint in shape.__annotations__.items() if name not in RequestOptions.__annotations__}
    return get_type_hints(type("Fields", (), {"__annotations__": own, "__module__": shape.__module__}))
