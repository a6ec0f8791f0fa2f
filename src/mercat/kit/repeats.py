"""A query parameter is given once, unless its route says that it takes several values: then any of them will do.

Of a parameter that is given twice frameworks take the last, and nobody is told that the first did not count.
"""

from typing import Any, get_args, get_origin
from urllib.parse import parse_qsl, unquote_to_bytes

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from mercat.kit.body_guard import BadText
from mercat.kit.problems import FieldError, Invalid

MOST_PARAMETERS = 100
SEVERAL = (list, tuple, set, frozenset)


async def refuse_repeats(request: Request) -> None:
    """Refuse a query that is no text, or in which a parameter is repeated that takes one value.

    Frameworks put U+FFFD where bytes are no UTF-8, and look for what nobody has asked for.

    Raises:
        Invalid: with the name of the parameter if it is one of the route's.
    """
    query: bytes = request.scope["query_string"]
    try:
        if b"%" in query:
            unquote_to_bytes(query).decode("utf-8")
        if b"&" not in query:
            return
        found = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise BadText from None
    names = [name for name, _ in found]
    if len(set(names)) == len(names):
        return
    once, several = parameters_of(request.scope["route"])
    repeated = {name for name in names if names.count(name) > 1} - several
    wrong = sorted(name for name in repeated if f"{name.partition('.')[0]}.*" not in several)
    if wrong:
        refusals = {name if name in once else "query" for name in wrong}  # an unknown name is not repeated
        errors = (FieldError(name, "this parameter takes one value", "repeated_parameter") for name in sorted(refusals))
        raise Invalid(errors=tuple(errors))


def parameters_of(route: APIRoute) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of a route's query parameters: those that take one value, and those that take several.

    `attr.*` stands for every name that begins with `attr.`.
    """
    found = dict(_declared(route.dependant))
    for parameter in (route.openapi_extra or {}).get("parameters", ()):
        found[parameter["name"]] = "array" in str(parameter["schema"])
    several = frozenset(name for name, takes_several in found.items() if takes_several)
    return frozenset(found) - several, several


def _declared(dependant: Dependant) -> list[tuple[str, bool]]:
    found = []
    for parameter in dependant.query_params:
        kind = parameter.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields = kind.model_fields.items()
            found += [(field.alias or name, _takes_several(field.annotation)) for name, field in fields]
        else:
            found.append((parameter.alias, _takes_several(kind)))
    for dependency in dependant.dependencies:
        found += _declared(dependency)
    return found


def _takes_several(annotation: Any) -> bool:  # noqa: ANN401 - a type of any kind
    return get_origin(annotation) in SEVERAL or any(_takes_several(part) for part in get_args(annotation))
