"""The translation export of Shopify: texts by type and resource, each with what it was written as."""

from collections.abc import Iterable, Iterator, Sequence

from mercat.kit.spreadsheets import restored
from mercat.translations.translator_files.rows import SLUG, Refused, Row

HEADER = ("type", "identification", "field", "locale", "market", "status", "default content", "translated content")
NEEDED = frozenset({"type", "identification", "field", "locale", "default content", "translated content"})
KINDS = {
    "PRODUCT": "product", "COLLECTION": "category", "PRODUCT_OPTION": "attribute", "PRODUCT_OPTION_VALUE": "attribute"
}  # fmt: skip
FIELDS = {
    "title": "name",
    "name": "name",
    "body_html": "description_html",
    "meta_title": "seo_title",
    "meta_description": "seo_description",
    "handle": SLUG,
}
BY_HANDLE = "handle:"
BY_VALUE = "value:"
MOST_WAITING = 200
"""Rows of one resource that wait for the one that says its handle."""


def is_header(columns: Sequence[str]) -> bool:
    """Whether a file begins like Shopify's."""
    return {name.strip().casefold() for name in columns} >= NEEDED


def read(columns: Sequence[str], rows: Iterable[tuple[int, list[str]]]) -> Iterator[Row | Refused]:
    """Yield the texts of a file; keys are `handle:` and a handle, or `value:` and the value of any option.

    Resources are known by numbers of their own there. What tells us which product is meant is the row of its handle,
    which stands beside its other rows; where there is none, the identification is taken for the handle.
    """
    places = {name.strip().casefold(): place for place, name in enumerate(columns)}
    waiting: list[tuple[int, dict[str, str]]] = []
    for line, cells in rows:
        if len(cells) < len(columns):
            if any(cells):
                yield Refused(line, "", "the line has fewer cells than the first one", "short_line")
            continue
        found = {name: restored(cells[place]) for name, place in places.items()}
        if waiting and (_resource(waiting[0][1]) != _resource(found) or len(waiting) >= MOST_WAITING):
            yield from _of_one(waiting)
            waiting = []
        waiting.append((line, found))
    yield from _of_one(waiting)


def _resource(found: dict[str, str]) -> tuple[str, str]:
    return found["type"].strip().upper(), found["identification"].strip()


def _of_one(rows: list[tuple[int, dict[str, str]]]) -> Iterator[Row | Refused]:
    handle = next((found["default content"] for _, found in rows if found["field"] == "handle"), "")
    for line, found in rows:
        type_, identification = _resource(found)
        kind, field = KINDS.get(type_), FIELDS.get(found["field"].strip())
        if kind is None or field is None:
            yield Refused(line, found["field"][:100], "there is no such text here", "unknown_field")
            continue
        if found.get("market", "").strip():
            yield Refused(line, found["field"], "texts for one market alone are not kept", "market")
            continue
        source = found["default content"]
        key = f"{BY_HANDLE}{handle or identification}"
        if type_ == "PRODUCT_OPTION":
            key = source.strip().casefold()
        if type_ == "PRODUCT_OPTION_VALUE":
            key, field = f"{BY_VALUE}{source}", f"values.{source}"
        yield Row(
            line=line,
            kind=kind,
            key=key,
            field=field,
            locale=found["locale"].strip(),
            source=source,
            text=found["translated content"],
            done=found.get("status", "").strip().casefold() != "outdated",
        )
