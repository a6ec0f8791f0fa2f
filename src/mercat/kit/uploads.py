"""Which routes take uploads: those that describe their body as a multipart form and read it themselves."""

from collections.abc import Callable
from functools import cache
from re import Pattern

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import compile_path
from starlette.types import Scope

from mercat.kit.body_guard import UPLOAD


def uploads_of(app: FastAPI) -> Callable[[Scope], bool]:
    """Return whether a request goes to a route that takes uploads; the routes are looked at when first asked."""

    @cache
    def known() -> list[tuple[Pattern[str], frozenset[str]]]:
        return [
            (compile_path(context.path or "")[0], frozenset(context.methods or ()))
            for context in iter_route_contexts(app.routes)
            if isinstance(context.original_route, APIRoute)
            and UPLOAD in (context.original_route.openapi_extra or {}).get("requestBody", {}).get("content", {})
        ]

    def takes_uploads(scope: Scope) -> bool:
        return any(scope["method"] in methods and path.fullmatch(scope["path"]) for path, methods in known())

    return takes_uploads
