"""No request body takes a number or a flag for something else: `"3"` is not 3, `true` is not 1, 1.0 is not 1."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel, TypeAdapter, ValidationError

import contract
from mercat.catalog.write_schemas import ProductUpdate, StockSet, VariantWrite


def bodies(dependant: Dependant) -> Iterator[Any]:
    for parameter in dependant.body_params:
        yield parameter.field_info.annotation
    for dependency in dependant.dependencies:
        yield from bodies(dependency)


def lax(schema: object, path: str = "") -> Iterator[str]:
    """Yield where a core schema has a number or flag that is not strict, or a moment that a number could mean."""
    if isinstance(schema, list | tuple):
        for item in schema:
            yield from lax(item, path)
    elif isinstance(schema, Mapping):  # no dict where a shape is built when it is first used
        kind = schema.get("type")
        if kind in {"int", "bool", "float", "decimal"} and not schema.get("strict"):
            yield f"{path}: {kind}"
        if kind in {"datetime", "date", "time", "timedelta"} and ".function-before" not in path:
            yield f"{path}: {kind}"
        if kind == "model" and schema["config"].get("extra_fields_behavior") != "forbid":
            yield f"{path}: {schema['cls'].__name__} takes unknown fields"
        for key, value in schema.items():
            if key in {"json_schema_input_schema", "metadata", "serialization"}:  # about documents, not about input
                continue
            step = str(kind) if key == "schema" else str(key)
            yield from lax(value, f"{path}.{step}")


def test_no_body_of_any_route_is_lax() -> None:
    found: dict[str, list[str]] = {}
    for context in iter_route_contexts(contract.application().routes):
        if isinstance(context.original_route, APIRoute):
            for annotation in bodies(context.dependant):
                adapter = TypeAdapter(annotation)
                found[f"{context.path} {annotation}"] = list(lax(adapter.core_schema))

    assert len(found) > 12
    assert any("ProductCreate" in name for name in found)
    assert {name: places for name, places in found.items() if places} == {}


class Inner(BaseModel, extra="forbid"):
    count: int


class Lax(BaseModel, defer_build=True):
    inner: list[Inner] | None
    flag: bool = False
    at: Any = None


def test_what_is_lax_would_be_found() -> None:
    found = sorted(place.rsplit(": ", 1)[1] for place in lax(TypeAdapter(Lax).core_schema))

    assert found == ["Lax takes unknown fields", "bool", "int"]


@pytest.mark.parametrize("wrong", ["3", "true", 1.0, 1.5, None, [], {}, float("nan")])
def test_a_quantity_is_a_whole_number_and_a_flag_is_a_flag(wrong: object) -> None:
    for value in (wrong, True):
        with pytest.raises(ValidationError):
            StockSet.model_validate({"available": value})
    for value in (wrong, 1, 0):
        if value is not None:
            with pytest.raises(ValidationError):
                VariantWrite.model_validate({"allow_backorder": value})
    for value in (wrong, 5, True, "2030-01-01", "2030-01-01 00:00:00Z", "2030-01-01T00:00:00", "2030-13-01T00:00:00Z"):
        if value is not None:
            with pytest.raises(ValidationError):
                ProductUpdate.model_validate({"publish_at": value})
