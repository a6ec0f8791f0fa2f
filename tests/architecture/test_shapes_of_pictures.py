"""There is one shape for a picture, wherever one is shown."""

from typing import Any

from mercat.kit.openapi import operations
from mercat.main import create_app

PICTURE = {"url", "alt", "width", "height", "sizes"}
NAMED_SO = {"image", "images", "logo", "banner", "photo", "photos"}
SENT = {"ProductCreate", "ProductReplace", "ProductUpdate", "VariantWrite", "ItemEdit"}
"""What clients send: a picture of another place by its address and alt text."""


def shapes(schemas: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a schema may be, its items and its alternatives apart from null."""
    if "$ref" in schema:
        return [schemas[schema["$ref"].rsplit("/", 1)[1]]]
    parts = [*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else [])]
    return [one for part in parts for one in shapes(schemas, part)] if parts else [schema]


def test_every_picture_has_the_one_shape() -> None:
    document = create_app().openapi()
    schemas = document["components"]["schemas"]
    sent = {
        content["schema"].get("$ref", "").rsplit("/", 1)[-1]
        for _, _, operation in operations(document)
        for content in operation.get("requestBody", {}).get("content", {}).values()
    } | SENT

    found = {
        f"{name}.{field}": sorted(PICTURE - one.get("properties", {}).keys())
        for name, schema in schemas.items()
        if name not in sent
        for field, about in schema.get("properties", {}).items()
        if field in NAMED_SO
        for one in shapes(schemas, about)
        if one != {"type": "null"}
    }

    assert len(found) >= 12
    assert {place: missing for place, missing in found.items() if missing} == {}
    assert [name for name, schema in schemas.items() if "variants_of_size" in schema.get("properties", {})] == []
