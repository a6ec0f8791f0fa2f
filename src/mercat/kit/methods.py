"""Which methods a path takes: a router knows of one of its routes at a time, and `Allow` has to name them all."""

from collections.abc import Sequence
from typing import Any

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, compile_path


def methods_at(routes: Sequence[BaseRoute], path: str) -> set[str]:
    """Return the methods of all routes that this path could mean; HEAD is answered wherever GET is."""
    found: set[str] = set()
    for context in iter_route_contexts(routes):
        if context.path is not None and compile_path(context.path)[0].match(path):
            methods: Any = context.methods
            found |= set(methods or ())
    return found | {"HEAD"} if "GET" in found else found
