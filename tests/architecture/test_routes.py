"""Every route says who may call it, and describes itself completely."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

import contract
import mercat
from mercat.auth.access import Access
from mercat.kit.problems import MEDIA_TYPE

DOCUMENTATION = {"/docs", "/redoc", "/openapi.json"}


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return contract.application()


@pytest.fixture(scope="module")
def described() -> list[tuple[str, str, dict[str, Any]]]:
    return contract.described()


def declarations(dependant: Dependant) -> Iterator[Access]:
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, Access):
            yield dependency.call
        yield from declarations(dependency)


def test_every_route_declares_its_permission(app: FastAPI) -> None:
    found = {}
    for context in iter_route_contexts(app.routes):
        path = context.path or ""
        if path in DOCUMENTATION or not isinstance(context.original_route, APIRoute):
            continue
        found[path] = list(declarations(context.dependant))
    assert len(found) > 20
    assert [path for path, declared in found.items() if not declared] == []


def test_a_file_that_is_made_while_it_is_sent_holds_no_connection() -> None:
    """Whoever reads slowly would hold a transaction: such files go through `kit.downloads.streamed`."""
    sources = Path(mercat.__file__).parent
    makers = [
        str(path.relative_to(sources))
        for path in sorted(sources.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("StreamingResponse")
    ]
    bases = [path for path in sources.rglob("*.py") if "(StreamingResponse)" in path.read_text("utf-8")]
    assert makers == ["files/downloads.py"]  # out of storage, without a database
    assert [str(path.relative_to(sources)) for path in bases] == ["kit/downloads.py"]


def test_every_operation_is_described(described: list[tuple[str, str, dict[str, Any]]]) -> None:
    for method, path, operation in described:
        assert len(operation.get("description", "")) > 20, f"{method} {path}"
        assert operation["tags"], f"{method} {path}"


def test_every_parameter_is_described(described: list[tuple[str, str, dict[str, Any]]]) -> None:
    bare = [
        f"{method} {path} {parameter['name']}"
        for method, path, operation in described
        for parameter in operation.get("parameters", ())
        if parameter["in"] in {"query", "header"} and not parameter.get("description")
    ]
    assert bare == []


def test_every_body_and_answer_has_an_example(described: list[tuple[str, str, dict[str, Any]]]) -> None:
    schemas = contract.document()["components"]["schemas"]

    def exemplified(schema: dict[str, Any]) -> bool:
        if "$ref" in schema:
            schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
        if "examples" in schema or "example" in schema:
            return True
        parts = [*schema.get("properties", {}).values(), *schema.get("anyOf", ()), *schema.get("allOf", ())]
        if "items" in schema:
            parts.append(schema["items"])
        return any(exemplified(part) for part in parts)

    without = []
    for method, path, operation in described:
        bodies = [operation.get("requestBody", {})] + [
            answer for status, answer in operation["responses"].items() if status.startswith("2")
        ]
        for body in bodies:
            for content in body.get("content", {}).values():
                if not exemplified(content["schema"]):
                    without += [f"{method} {path}"]
    assert without == []


def test_every_refusal_is_a_problem_with_an_example(described: list[tuple[str, str, dict[str, Any]]]) -> None:
    for method, path, operation in described:
        for status, answer in operation["responses"].items():
            if status[0] in "45" and path != "/health/ready":
                assert set(answer["content"]) == {MEDIA_TYPE}, f"{method} {path} {status}"
                assert answer["content"][MEDIA_TYPE]["examples"], f"{method} {path} {status}"


def test_every_operation_says_that_it_is_counted(described: list[tuple[str, str, dict[str, Any]]]) -> None:
    for method, path, operation in described:
        refusal = operation["responses"]["429"]
        assert "request.too_many" in refusal["content"][MEDIA_TYPE]["examples"], f"{method} {path}"
        assert {"Retry-After", "RateLimit-Remaining"} <= refusal["headers"].keys(), f"{method} {path}"


def test_whoever_must_sign_in_is_told_so(described: list[tuple[str, str, dict[str, Any]]]) -> None:
    for method, path, operation in described:
        if operation.get("security"):
            assert "401" in operation["responses"], f"{method} {path}"
        if operation.get("requestBody"):
            assert "422" in operation["responses"], f"{method} {path}"
