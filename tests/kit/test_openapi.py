"""The API's own description."""

import json
import re
from enum import StrEnum
from typing import Annotated, Any

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import Field

from kit.application import Account
from mercat.kit.money import Money
from mercat.kit.openapi import as_text, document_limits, document_problems, operations, query_parameters, refusals
from mercat.kit.problems import MEDIA_TYPE, Conflict, Invalid, NotFound, TooMany, Unauthenticated
from mercat.kit.shapes import Shape


class Gone(NotFound):
    code = "test.gone"
    detail = "It is gone."


class Colour(StrEnum):
    red = "red"
    blue = "blue"


class Range(Shape):
    low: int = 0


class Filters(Shape):
    q: str = Field(examples=["vase"])
    """What to look for."""
    colour: Colour = Colour.red
    """Which colour."""
    colours: tuple[Colour, ...] = ()
    within: Range | None = None
    count: Annotated[int, Field(ge=1, le=9)] = 1


@pytest.fixture
def document() -> dict[str, Any]:
    app = FastAPI()

    @app.post("/accounts", responses=refusals(Conflict, NotFound, Gone))
    async def accounts(body: Account) -> dict[str, Money]:
        return {body.email: Money(1, "EUR")}

    @app.get("/plain")
    async def plain() -> None:
        pass

    return document_problems(app.openapi())


def test_refusals_are_grouped_by_status_with_an_example_of_each() -> None:
    found = refusals(NotFound, Gone, Unauthenticated)

    assert sorted(found) == [401, 404]
    assert found[404]["description"] == "`request.not_found` `test.gone`"
    examples = found[404]["content"][MEDIA_TYPE]["examples"]
    assert sorted(examples) == ["request.not_found", "test.gone"]
    assert examples["test.gone"]["value"]["detail"] == "It is gone."
    assert examples["test.gone"]["value"]["status"] == 404


def test_two_routes_do_not_share_what_one_of_them_refuses() -> None:
    refusals(NotFound)[404]["content"][MEDIA_TYPE]["examples"]["intruder"] = {}

    assert sorted(refusals(NotFound)[404]["content"][MEDIA_TYPE]["examples"]) == ["request.not_found"]


def test_every_error_has_its_real_media_type_and_shape(document: dict[str, Any]) -> None:
    answers = document["paths"]["/accounts"]["post"]["responses"]

    assert sorted(answers) == ["200", "404", "409", "422"]
    for status in ("404", "409", "422"):
        assert list(answers[status]["content"]) == [MEDIA_TYPE]
        assert answers[status]["content"][MEDIA_TYPE]["schema"] == {"$ref": "#/components/schemas/ProblemDocument"}
    assert "test.gone" in answers["404"]["content"][MEDIA_TYPE]["examples"]
    assert "application/json" in answers["200"]["content"]


def test_fastapis_own_error_shape_is_gone_and_ours_is_there(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    assert {"ProblemDocument", "FieldProblem"} <= schemas.keys()
    assert not {"HTTPValidationError", "ValidationError"} & schemas.keys()


def test_no_reference_leads_nowhere(document: dict[str, Any]) -> None:
    references = set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(document)))

    assert references
    assert references <= document["components"]["schemas"].keys()
    assert "$defs" not in json.dumps(document)


def test_a_document_without_any_shape_gets_ours() -> None:
    app = FastAPI()

    @app.get("/plain")
    async def plain() -> None:
        pass

    assert "ProblemDocument" in document_problems(app.openapi())["components"]["schemas"]


def test_every_operation_may_be_refused_as_one_too_many() -> None:
    class TooManyGuesses(TooMany):
        code = "test.too_many_guesses"

    app = FastAPI()

    @app.post("/guess", responses=refusals(TooManyGuesses))
    @app.post("/plain")
    @app.get("/health/live")
    async def route() -> None:
        pass

    described = document_limits(document_problems(app.openapi()))
    found = {path: operation["responses"].get("429") for _, path, operation in operations(described)}

    for path, codes in (
        ("/health/live", ["request.too_many"]),
        ("/plain", ["request.too_many"]),
        ("/guess", ["test.too_many_guesses", "request.too_many"]),
    ):
        assert list(found[path]["content"]) == [MEDIA_TYPE]
        assert list(found[path]["content"][MEDIA_TYPE]["examples"]) == codes
        assert {name for name in found[path]["headers"] if name in described["components"]["headers"]} == {
            "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset",
        }  # fmt: skip
        assert all(f"`{code}`" in found[path]["description"] for code in codes)


def test_operations_are_listed(document: dict[str, Any]) -> None:
    assert [(method, path) for method, path, _ in operations(document)] == [("POST", "/accounts"), ("GET", "/plain")]


def test_the_text_of_a_document_is_stable() -> None:
    assert as_text({"b": 1, "a": "\u00e9"}) == as_text({"a": "\u00e9", "b": 1}) == '{\n  "a": "\u00e9",\n  "b": 1\n}\n'


def test_a_models_fields_are_query_parameters() -> None:
    found = {parameter["name"]: parameter for parameter in query_parameters(Filters)}

    assert list(found) == ["q", "colour", "colours", "within", "count"]
    assert all(parameter["in"] == "query" for parameter in found.values())
    assert [name for name, parameter in found.items() if parameter["required"]] == ["q"]
    assert found["q"]["description"] == "What to look for."
    assert "description" not in found["q"]["schema"]
    assert found["q"]["schema"]["examples"] == ["vase"]
    assert (found["count"]["schema"]["minimum"], found["count"]["schema"]["maximum"]) == (1, 9)


def test_query_parameters_refer_to_nothing_outside() -> None:
    found = {parameter["name"]: parameter for parameter in query_parameters(Filters)}

    assert "$ref" not in json.dumps(found)
    assert found["colour"]["description"] == "Which colour."
    assert found["colour"]["schema"]["enum"] == ["red", "blue"]
    assert found["colour"]["schema"]["default"] == "red"
    assert found["colours"]["schema"]["items"]["enum"] == ["red", "blue"]
    assert found["within"]["schema"]["anyOf"][0]["properties"]["low"]["type"] == "integer"


def test_money_is_documented_as_it_travels(document: dict[str, Any]) -> None:
    shape = document["paths"]["/accounts"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]

    assert shape["additionalProperties"]["required"] == ["amount", "currency"]


async def test_the_documented_422_is_the_one_that_is_sent(http: httpx2.AsyncClient) -> None:
    sent = (await http.post("/accounts", json={})).json()
    example = refusals(Invalid)[422]["content"][MEDIA_TYPE]["examples"]["request.invalid"]["value"]

    assert sent.keys() == example.keys()
    assert (sent["code"], sent["detail"]) == (example["code"], example["detail"])
