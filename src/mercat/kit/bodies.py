"""Which routes take bodies that are not ordinary: uploads, which they read themselves, and large ones.

Both are told by how a route describes itself: by a multipart form as its body, or by `LARGE_BODY`.
"""

from collections.abc import Callable
from functools import cache
from re import Pattern
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import compile_path
from starlette.types import Scope

from mercat.kit.body_guard import LARGE_BODY, UPLOAD, BodyKinds


def kinds_of(app: FastAPI, *, signed: tuple[str, ...]) -> BodyKinds:
    """Return which routes take what; they are looked at when first asked. `signed` are the beginnings of paths."""
    return BodyKinds(upload=_those(app, _takes_uploads), large=_those(app, _takes_much), signed=signed)


def _takes_uploads(extra: dict[str, Any]) -> bool:
    return UPLOAD in extra.get("requestBody", {}).get("content", {})


def _takes_much(extra: dict[str, Any]) -> bool:
    return extra.keys() >= LARGE_BODY.keys()


def _those(app: FastAPI, wanted: Callable[[dict[str, Any]], bool]) -> Callable[[Scope], bool]:
    @cache
    def known() -> list[tuple[Pattern[str], frozenset[str]]]:
        return [
            (compile_path(context.path or "")[0], frozenset(context.methods or ()))
            for context in iter_route_contexts(app.routes)
            if isinstance(context.original_route, APIRoute) and wanted(context.original_route.openapi_extra or {})
        ]

    def goes_there(scope: Scope) -> bool:
        return any(scope["method"] in methods and path.fullmatch(scope["path"]) for path, methods in known())

    return goes_there
