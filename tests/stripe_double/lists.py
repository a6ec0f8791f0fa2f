"""Lists: the newest first, in pages."""

import operator
from collections.abc import Iterable
from typing import Any

from stripe_double.books import Books
from stripe_double.refusals import Refused, missing

COMPARISONS = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}
PAGING = frozenset({"limit", "starting_after", "expand", "created"})


def page(
    books: Books, kind: str, url: str, given: dict[str, Any], among: Iterable[Any] | None = None
) -> dict[str, Any]:
    """Return a page of the objects that fit; a parameter that is not about paging must equal the object's field."""
    limit = given.get("limit", 10)
    if not 1 <= limit <= 100:
        raise Refused(400, "Invalid integer: limit must be between 1 and 100", param="limit")
    found = [thing for thing in reversed(list(books[kind].values() if among is None else among)) if _fits(thing, given)]
    after = given.get("starting_after")
    if after is not None:
        if after not in books[kind]:
            raise missing(kind, after)
        found = found[next((place + 1 for place, one in enumerate(found) if one["id"] == after), 0) :]
    expand = given.get("expand", [])
    if any(not path.startswith("data.") for path in expand):
        raise Refused(400, "This property cannot be expanded.", param="expand")
    shown = [books.view(thing, [path.removeprefix("data.") for path in expand]) for thing in found[:limit]]
    return {"object": "list", "url": url, "has_more": len(found) > limit, "data": shown}


def _fits(thing: dict[str, Any], given: dict[str, Any]) -> bool:
    created = given.get("created", {})
    bounds = {"gte": created, "lte": created} if isinstance(created, int) else created
    in_time = all(COMPARISONS[name](thing["created"], moment) for name, moment in bounds.items())
    return in_time and all(thing.get(name) == value for name, value in given.items() if name not in PAGING)
