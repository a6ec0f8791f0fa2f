"""Shapes of the log as its readers get it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, JsonValue, StringConstraints

from mercat.kit.pagination import BothWays
from mercat.kit.shapes import MOST_VALUES, Moment, Shape

Word = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]


Action = Annotated[str, StringConstraints(max_length=128, pattern=r"^[a-z][a-z0-9_]*\.[a-z0-9_]*$")]


class AuditFilter(Shape):
    """Which entries."""

    actor: Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")] | None = None
    """Who acted: the id of an account, or `system`, `import`, `guest`."""
    action: list[Action] = Field([], max_length=MOST_VALUES, examples=[["product.updated"]])
    """What was done, `product.updated`; with a full stop at its end all of that kind, `product.`. Given several times,
    any of these."""
    target_type: list[Word] = Field([], max_length=MOST_VALUES, examples=[["order"]])
    """What kind of thing it was done to: `product`, `category`, `vendor`, `order`, `payment`, `user`; given several
    times, any of these."""
    target_id: UUID | None = None
    """What it was done to."""
    request_id: Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")] | None = None
    """The request that did it, as in the header `X-Request-ID` of its answer."""
    since: Moment | None = None
    """The first moment, RFC 3339."""
    until: Moment | None = None
    """The moment before which it was, RFC 3339."""


class AuditListing(AuditFilter, BothWays):
    """Which entries, in which order, and how to page through them."""

    sort: Literal["-at", "at"] = "-at"
    """Order of the list: downward with a minus sign."""


class FieldChange(Shape):
    """A field as it was and as it is."""

    before: JsonValue = Field(examples=["Stoneware mug"])
    after: JsonValue = Field(examples=["Stoneware cup"])


class AuditActor(Shape):
    """Who acted. Without an id it is `system`, `import` or `guest`; a person who was forgotten has no name."""

    id: UUID | None
    name: str | None = Field(examples=["Ada Lovelace"])


class AuditEntry(Shape):
    """One change of what the marketplace keeps in its books."""

    id: UUID
    at: datetime
    actor: AuditActor
    action: str = Field(examples=["product.updated"])
    target_type: str = Field(examples=["product"])
    target_id: UUID | None
    changes: dict[str, FieldChange | None]
    """By field. Null where the values were about a person who has been forgotten."""
    request_id: str | None
    """None for what the marketplace did by itself."""
    ip: str | None = Field(examples=["203.0.113.7"])
