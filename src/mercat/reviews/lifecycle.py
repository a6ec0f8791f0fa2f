"""The life of a review, as one table."""

from enum import StrEnum


class Status(StrEnum):
    """The status of a review. Only `published` ones are visible, and count."""

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
    """Return the status of a review that its author has changed: a waiting or rejected one is moderated again."""
    return Status.published if origin is Status.published and not suspicious else Status.pending
