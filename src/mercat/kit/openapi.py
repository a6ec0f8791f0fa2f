"""The API's own description: what the application's rings add to every operation."""

import json
from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, Field

from mercat.kit.body_guard import BadJson, TooManyValues
from mercat.kit.field_descriptions import describe_all
from mercat.kit.problems import MEDIA_TYPE, Invalid, Problem, TooLarge, TooMany, UnsupportedMedia
from mercat.kit.request_examples import document_examples
from mercat.kit.shapes import Shape

PROBLEM = "#/components/schemas/ProblemDocument"
OURS_OR_FASTAPIS = {PROBLEM, "#/components/schemas/HTTPValidationError"}
EXAMPLE_ID = "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55"
STANDING = {
    "Retry-After": "Seconds to wait before the next attempt.",
    "RateLimit-Limit": "Requests that the limit with the least room left allows; on other answers too.",
    "RateLimit-Remaining": "How many of them are left.",
    "RateLimit-Reset": "Seconds until there is room for more.",
}
MANDATORY: dict[str, Any] = {"x-mandatory": True}
"""Marks a header whose absence a route answers itself: mandatory for clients, though nothing here refuses it."""


class FieldProblem(BaseModel):
    """One field that was not accepted."""

    field: str = Field(examples=["quantity"])
    message: str = Field(examples=["should be 1 or more"])
    code: str = Field(examples=["greater_than_equal"])


class ProblemDocument(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(examples=["urn:mercat:problem:request.not_found"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is nothing here."])
    code: str = Field(examples=["request.not_found"])
    request_id: str = Field(examples=[EXAMPLE_ID])
    errors: list[FieldProblem]


def refusals(*kinds: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` of a route: the problems it may answer, grouped by status, each with an example."""
    grouped: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        entry = grouped.setdefault(
            kind.status, {"description": "", "content": {MEDIA_TYPE: {"schema": {"$ref": PROBLEM}, "examples": {}}}}
        )
        entry["description"] = f"{entry['description']} `{kind.code}`".strip()
        document = kind().to_wire(EXAMPLE_ID)
        entry["content"][MEDIA_TYPE]["examples"][kind.code] = {"value": document}
    return grouped


def query_parameters(model: type[BaseModel]) -> list[dict[str, Any]]:
    """Describe a model's fields as query parameters, for a route that reads its query itself."""
    schema = model.model_json_schema()
    named = schema.pop("$defs", {})

    def inline(part: Any) -> Any:  # noqa: ANN401 - any part of a JSON schema
        if isinstance(part, list):
            return [inline(item) for item in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:  # nothing puts a query's definitions among the components
            part = {**named[part["$ref"].rsplit("/", 1)[-1]], **{k: v for k, v in part.items() if k != "$ref"}}
        return {key: inline(value) for key, value in part.items()}

    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "description": shape.get("description", ""),
            "schema": {k: v for k, v in inline(shape).items() if k != "description"},
        }
        for name, shape in schema["properties"].items()
    ]


def describe(app: FastAPI, *also: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Let the application's document say what its rings add, and then what `also` adds."""
    generate = app.openapi
    steps = (document_headers, document_problems, document_bodies, document_limits, document_examples, *also)

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            describe_all(Shape)  # FastAPI takes a query's descriptions from the fields
            app.openapi_schema = reduce(lambda document, step: step(document), steps, generate())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to shape the document


def document_headers(document: dict[str, Any]) -> dict[str, Any]:
    """Say of headers what is true for clients: which are mandatory, that none is ever null, and how they are spelt."""
    for _, _, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "header":
                parameter["name"] = parameter["name"].title()
                mandatory = parameter["schema"].pop("x-mandatory", False)
                parameter["required"] = parameter.get("required", False) or mandatory
                shapes = [one for one in parameter["schema"].pop("anyOf", ()) if one != {"type": "null"}]
                parameter["schema"] |= shapes[0] if len(shapes) == 1 else {}
    return document


def document_problems(document: dict[str, Any]) -> dict[str, Any]:
    """Give every error answer the media type it really has, and drop FastAPI's own 422 shape."""
    for path in document["paths"].values():
        for operation in path.values():
            for answer in operation["responses"].values():
                schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
                if schema.get("$ref") in OURS_OR_FASTAPIS:
                    given = answer["content"].get(MEDIA_TYPE) or refusals(Invalid)[422]["content"][MEDIA_TYPE]
                    answer["content"] = {MEDIA_TYPE: {**given, "schema": {"$ref": PROBLEM}}}
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for leftover in ("HTTPValidationError", "ValidationError"):
        schemas.pop(leftover, None)
    schemas.setdefault(
        "ProblemDocument", ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    )
    schemas["ProblemDocument"].pop("$defs", None)
    schemas.setdefault("FieldProblem", FieldProblem.model_json_schema())
    return document


def document_bodies(document: dict[str, Any]) -> dict[str, Any]:
    """Give every operation that takes a body the refusals of bodies that no route ever sees."""
    for _, _, operation in operations(document):
        if "requestBody" in operation:
            for refusal in (
                BadJson(reason="not UTF-8"),
                TooLarge(limit=65_536),
                TooManyValues(limit=20_000),
                UnsupportedMedia(),
                Invalid(),
            ):
                _refused(operation, refusal)
    return document


def document_limits(document: dict[str, Any]) -> dict[str, Any]:
    """Give every operation the refusal of too many; one of its own keeps its place beside it."""
    document["components"]["headers"] = {
        name: {"description": about, "schema": {"type": "integer"}} for name, about in STANDING.items()
    }
    for _, _, operation in operations(document):
        answer = _refused(operation, TooMany(limit=300, retry_after=12))
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in STANDING}
    return document


def _refused(operation: dict[str, Any], refusal: Problem) -> dict[str, Any]:
    """Add a refusal to what an operation may answer; returns the answer of that status."""
    answer: dict[str, Any] = operation["responses"].setdefault(
        str(refusal.status), {"description": "", "content": {MEDIA_TYPE: {"schema": {"$ref": PROBLEM}, "examples": {}}}}
    )
    examples = answer["content"][MEDIA_TYPE].setdefault("examples", {})
    if refusal.code not in examples:
        answer["description"] = f"{answer['description']} `{refusal.code}`".strip()
        examples[refusal.code] = {"value": refusal.to_wire(EXAMPLE_ID)}
    return answer


def as_text(document: dict[str, Any]) -> str:
    """Write the OpenAPI document in a stable order."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def operations(document: dict[str, Any]) -> Iterable[tuple[str, str, dict[str, Any]]]:
    """Yield (method, path, operation)."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation
