"""The life of a comment, as one table."""

from enum import StrEnum


class Status(StrEnum):
    """The status of a comment. Only `published` ones are visible."""

    pending = "pending"
    """Waits for a moderator."""
    published = "published"
    rejected = "rejected"
    """Was never let out."""
    hidden = "hidden"
    """Was taken down."""


TRANSITIONS: dict[Status, tuple[Status, ...]] = {
    Status.pending: (Status.published, Status.rejected),
    Status.published: (Status.published, Status.hidden),
    Status.hidden: (Status.published,),
    Status.rejected: (Status.published,),
}
"""What moderators may decide. Approving what is out already settles the reports about it."""


def after_edit(origin: Status, *, suspicious: bool) -> Status:
    """Return the status of a comment that its author has changed: a waiting or rejected one is moderated again."""
    return Status.published if origin is Status.published and not suspicious else Status.pending
