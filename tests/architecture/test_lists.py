"""Every list has an envelope, so that clients need one shape and fields can be added."""

from typing import Any

import pytest
from fastapi import FastAPI

from mercat.kit.openapi import operations
from mercat.main import create_app

TREES = {"/api/v1/products/categories"}
"""A tree has no pages."""
NUMBERED = {"items", "page", "size", "total", "pages"}
BY_CURSOR = {"items", "next_cursor"}


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app()


def answers(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Return (method, path, schema) of every successful JSON answer; of one that has several shapes each."""
    found = []
    for method, path, operation in operations(document):
        for status, answer in operation["responses"].items():
            schema = answer.get("content", {}).get("application/json", {}).get("schema")
            if status.startswith("2") and schema:
                found += [(method, path, resolved(document, one)) for one in schema.get("anyOf", [schema])]
    return found


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    return document["components"]["schemas"][name] if name else schema


def test_no_answer_is_a_bare_array(app: FastAPI) -> None:
    found = answers(app.openapi())

    bare = {path for method, path, schema in found if schema.get("type") == "array"}

    assert len(found) > 150
    assert bare == TREES


def test_every_list_that_is_read_has_the_whole_envelope(app: FastAPI) -> None:
    broken = [
        path
        for method, path, schema in answers(app.openapi())
        if method == "GET"
        and schema.get("properties", {}).get("items", {}).get("type") == "array"
        and not {"id", "name"} & schema["properties"].keys()  # one thing with its lines
        and not (schema["properties"].keys() >= NUMBERED or schema["properties"].keys() >= BY_CURSOR)
    ]

    assert broken == []
