"""What a list of products or a search may be asked for, as query parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Self, cast

from pydantic import Field, StringConstraints

from mercat.catalog.listing import Narrowed, Pairs, query_pairs
from mercat.kit.problems import FieldError, Invalid
from mercat.kit.shapes import MOST_VALUES
from mercat.kit.slugs import name_slug
from mercat.search.engine import Filters, Sort

BY_NAME = ("attr.", "option.")
"""Beginnings of parameters that are named for an attribute or an option."""
MOST_NAMES = 20
"""Attributes and options that can be filtered by at once."""
LONGEST = 200
"""Characters of such a name or value."""
Stars = Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)]


class SearchParameters(Narrowed):
    """A list or a search of products."""

    q: Annotated[str, StringConstraints(max_length=200)] | None = Field(None, examples=["mug"])
    """What to search for: words, "phrases", -excluded ones, and `or` between two."""
    min_rating: Stars | None = Field(None, examples=["4"])
    """Lowest average of stars."""
    on_sale: bool | None = None
    """Only what is reduced, or only what is not."""
    sort: Sort | None = None
    """Order of the list: by relevance if something is searched for, else the newest first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a request, and those that are named for attributes and options."""

    parameters: SearchParameters
    by_name: Mapping[str, tuple[str, ...]]

    @classmethod
    def from_query(cls, query_string: bytes) -> Self:
        """Read a raw query string.

        Raises:
            Invalid: an unknown or repeated parameter, or a value that its field does not take.
        """
        found = query_pairs(query_string)
        if b"." not in query_string and b"%2" not in query_string:  # nearly all lists have none
            return cls(SearchParameters.from_pairs(found), {})
        plain = [(name, value) for name, value in found if not name.startswith(BY_NAME)]
        return cls(SearchParameters.from_pairs(plain), _by_name(found))

    def refuse_cursor(self) -> None:
        """What was found is paged by number.

        Raises:
            Invalid: it is asked for by cursor.
        """
        if self.parameters.cursor is not None:
            raise Invalid(errors=(FieldError("cursor", "what was found is paged by number", "extra_forbidden"),))

    @property
    def is_plain(self) -> bool:
        """Whether the catalogue's own lists answer it: nothing is searched for, and nothing that only search knows."""
        asked = self.parameters
        return asked.min_rating is None and asked.on_sale is None and not self.by_name and not (asked.q or "").strip()

    @property
    def filters(self) -> Filters:
        """The same as engines are asked."""
        asked = self.parameters
        named = {facet: tuple(getattr(asked, facet)) for facet in ("category", "vendor", "brand")}
        named["tag"] = tuple(name_slug(tag) for tag in asked.tag)
        return Filters(
            facets={facet: values for facet, values in (named | dict(self.by_name)).items() if values},
            currency=asked.foreign,
            min_price=cast("int | None", asked.min_price),  # the validator has made them minor units
            max_price=cast("int | None", asked.max_price),
            min_rating=asked.min_rating,
            in_stock=asked.in_stock,
            on_sale=asked.on_sale,
        )


def _by_name(found: Pairs) -> Mapping[str, tuple[str, ...]]:
    by_name: dict[str, list[str]] = {}
    for name, value in found:
        if name.startswith(BY_NAME):
            by_name.setdefault(name.casefold(), []).append(" ".join(value.split()).casefold())
    for name, values in by_name.items():
        if not name.partition(".")[2] or len(name) > LONGEST or len(values) > MOST_VALUES:
            raise Invalid(errors=(FieldError(name[:LONGEST], "is not known here", "extra_forbidden"),))
        if not all(0 < len(value) <= LONGEST for value in values):
            raise Invalid(errors=(FieldError(name, "between 1 and 200 characters", "string_length"),))
    if len(by_name) > MOST_NAMES:
        raise Invalid(errors=(FieldError(next(iter(by_name)), "too many filters", "too_many"),))
    return {name: tuple(values) for name, values in by_name.items()}
