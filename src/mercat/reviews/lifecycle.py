"""The life of a review, as one table."""

from enum import StrEnum


class Status(StrEnum):
    """Where a review stands. Only `published` ones are seen, and count."""

    pending = "pending"
    """Waits for a moderator."""
    published = "published"
    rejected = "rejected"
    """Was never let out."""
    hidden = "hidden"
    """Was taken down."""
    withdrawn = "withdrawn"
    """Its author took it back after a moderator had refused it: empty, but remembered, lest it be slipped in anew."""


TRANSITIONS: dict[Status, tuple[Status, ...]] = {
    Status.pending: (Status.published, Status.rejected),
    Status.published: (Status.published, Status.hidden),
    Status.hidden: (Status.published,),
    Status.rejected: (Status.published,),
    Status.withdrawn: (),
}
"""What moderators may decide. Approving what is out already settles the reports about it."""

REFUSED = frozenset({Status.rejected, Status.hidden})
"""A moderator said no."""


def allowed(origin: Status, target: Status) -> bool:
    """Whether a moderator may move a review from one status to another."""
    return target in TRANSITIONS[origin]


def after_edit(origin: Status, *, suspicious: bool) -> Status:
    """Return where a review stands when its author has changed it: what waits, or was refused, is looked at again."""
    return Status.published if origin is Status.published and not suspicious else Status.pending
