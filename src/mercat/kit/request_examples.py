"""A body for every operation that takes JSON, of the examples of its fields: what a person would write.

Named are the fields that are required, and those that have an example; nothing is invented for the others.
"""

from typing import Any

ID = "0199a3c4-7d1e-7c30-9a40-2f3f6a1b7c55"
BY_FORMAT = {"uuid": ID, "date-time": "2030-01-01T00:00:00Z", "date": "2030-01-01"}


def example_of(schema: dict[str, Any], named: dict[str, dict[str, Any]]) -> Any:  # noqa: ANN401 - any JSON
    """Return a value of a schema; `named` are the schemas that it may refer to."""
    const = [schema["const"]] if "const" in schema else []
    if given := schema.get("examples") or schema.get("enum") or const:
        return given[0]
    if "$ref" in schema or "anyOf" in schema:
        meant = named[schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema["anyOf"][0]
        return example_of(meant, named)
    if "properties" in schema:
        required = schema.get("required", ())
        fields = schema["properties"].items()
        return {name: example_of(field, named) for name, field in fields if name in required or "examples" in field}
    if schema.get("type") == "array":
        return [example_of(schema["items"], named)]
    plain = {
        "boolean": True,
        "integer": int(schema.get("minimum", 1)),
        "string": BY_FORMAT.get(schema.get("format", ""), ""),
    }
    return plain.get(schema.get("type", ""), {})


def document_examples(document: dict[str, Any]) -> dict[str, Any]:
    """Give every JSON body its example."""
    named = document["components"]["schemas"]
    for path in document["paths"].values():
        for operation in path.values():
            media = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if media is not None and not media.get("examples"):
                media["examples"] = {"usual": {"value": example_of(media["schema"], named)}}
    return document
