"""The application and its OpenAPI document, made once a process: each costs seconds, and both stay as they are."""

from functools import cache
from typing import Any

from fastapi import FastAPI

from mercat.kit.openapi import operations
from mercat.main import create_app


@cache
def application() -> FastAPI:
    """Return the application with the settings of the tests."""
    return create_app()


@cache
def document() -> dict[str, Any]:
    """Return its OpenAPI document; whoever changes it changes everybody's."""
    return application().openapi()


@cache
def described() -> list[tuple[str, str, dict[str, Any]]]:
    """Return every operation: method, path, description."""
    return list(operations(document()))
