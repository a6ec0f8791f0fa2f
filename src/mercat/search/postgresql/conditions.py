"""What documents must be, as SQL on `search_documents d`."""

from dataclasses import dataclass, field, replace
from typing import Any

from mercat.kit.database import Reads
from mercat.search.engine import Filters, Request
from mercat.search.levels import FACET
from mercat.search.postgresql.facet_values import ids_of
from mercat.search.postgresql.terms import facets_of, found_by, only_term, scored

PRICE = "(SELECT y.price_minor FROM product_prices y WHERE y.product_id = d.product_id AND y.currency = %(currency)s)"
"""A product's price in another currency than that of the books."""
EVERYTHING = "*"
"""The term that all documents have."""


@dataclass(slots=True)
class Conditions:
    """The words and filters of a request; by facet, so that each can be left out."""

    words: str
    term: str | None
    """The one term that the words are, if they are."""
    has: tuple[tuple[str, ...], ...] = ()
    """Of which terms all that is found has one each; see `terms.Match`."""
    terms: dict[str, tuple[int, ...]] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    products: list[str] = field(default_factory=list)
    """Of which products alone, and of which not."""
    left_out: str = ""
    """What is one of those that it is not."""
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def chosen(self) -> list[str]:
        """The facets of which something is chosen."""
        return [*self.terms, *self.columns]

    @property
    def values(self) -> list[tuple[str, ...]]:
        """The terms of the values that are chosen, by facet."""
        return [tuple(f"{FACET}{number}" for number in ids) for ids in self.terms.values()]

    def where(self, *, without: str = "", words: str | None = None, left_out: bool = False) -> str:
        """Return the condition.

        Args:
            without: a facet of which nothing is chosen.
            words: other words than those of the request.
            left_out: whether it is about products that are left out, instead of all others.
        """
        query = [words if words is not None else self.words]
        query.append(facets_of(ids for facet, ids in self.terms.items() if facet != without))
        found = " & ".join(f"({part})" for part in query if part)
        parts = ["d.locale = %(locale)s"]
        if found:
            parts.append(f"d.terms @@ {self.param(found)}::tsquery")
        parts += [condition for facet, condition in self.columns.items() if facet != without]
        parts += [self.left_out] if left_out else self.products
        return " AND ".join(parts)

    def kept(self, *, without: str = "", but_for_left_out: bool = False) -> str | None:
        """Return the one term that the condition is, whose counts may be kept; None if it is none or several.

        Args:
            without: a facet of which nothing is chosen.
            but_for_left_out: whether products are counted that are left out.
        """
        ignored = but_for_left_out and bool(self.left_out)
        if len(self.products) > ignored or any(facet != without for facet in self.columns):
            return None
        values = [ids for facet, ids in self.terms.items() if facet != without]
        if not self.words:
            if not values:
                return EVERYTHING
            return f"{FACET}{values[0][0]}" if len(values) == 1 and len(values[0]) == 1 else None
        return None if values else self.term

    def copy(self) -> "Conditions":
        """Return the same with parameters of its own, for another statement."""
        return replace(self, params=dict(self.params))

    def param(self, value: object) -> str:
        """Return the placeholder of a value."""
        name = f"p{len(self.params)}"
        self.params[name] = value
        return f"%({name})s"


async def conditions_of(reads: Reads, request: Request) -> Conditions | None:
    """Return what documents must be, or None if none can: a value that is asked for does not exist."""
    query, filters = request.query, request.filters
    conditions = Conditions("", None)
    if query:
        *_, whole = scored(query)
        conditions = Conditions(found_by(query), only_term(query), whole.terms)
    conditions.params["locale"] = request.locale
    ids = await ids_of(reads, filters.facets)
    if ids is None:
        return None
    conditions.terms = {facet: tuple(numbers) for facet, numbers in ids.items()}
    _add_columns(conditions, filters)
    return conditions


def _add_columns(conditions: Conditions, filters: Filters) -> None:
    low, high = filters.min_price, filters.max_price
    if filters.currency is not None:
        conditions.params["currency"] = filters.currency
    price = "d.price_minor" if filters.currency is None else PRICE
    for facet, bounds in {
        "price": ((f"{price} >=", low), (f"{price} <=", high)),
        "rating": (("d.rating_average >=", filters.min_rating),),
        "in_stock": (("d.in_stock =", filters.in_stock),),
        "on_sale": (("d.on_sale =", filters.on_sale),),
    }.items():
        parts = [f"{left} {conditions.param(value)}" for left, value in bounds if value is not None]
        if parts:
            conditions.columns[facet] = " AND ".join(parts)
    if filters.only:
        conditions.products.append(f"d.product_id = ANY({conditions.param(list(filters.only))})")
    if filters.without:
        these = conditions.param(list(filters.without))
        conditions.left_out = f"d.product_id = ANY({these})"
        conditions.products.append(f"d.product_id <> ALL({these})")
