"""The orders of lists of products."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

Sort = Literal["newest", "-created_at", "created_at", "price", "-price", "name", "-name", "-rating", "best_selling"]


@dataclass(frozen=True, slots=True)
class Order:
    """A sort: its column, direction, and how a position travels in a cursor."""

    column: str
    direction: Literal["ASC", "DESC"]
    kind: type
    write: Callable[[Any], str | int]
    read: Callable[[Any], object]


def _newest(direction: Literal["ASC", "DESC"]) -> Order:
    return Order("created_at", direction, str, lambda moment: str(moment.isoformat()), datetime.fromisoformat)


ORDERS: dict[Sort, Order] = {
    "newest": _newest("DESC"),
    "-created_at": _newest("DESC"),
    "created_at": _newest("ASC"),
    "price": Order("price_minor", "ASC", int, int, int),
    "-price": Order("price_minor", "DESC", int, int, int),
    "name": Order("name_key", "ASC", str, str, str),
    "-name": Order("name_key", "DESC", str, str, str),
    "-rating": Order("rating_average", "DESC", str, str, Decimal),
    "best_selling": Order("sold_count", "DESC", int, int, int),
}
