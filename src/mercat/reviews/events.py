"""What happened to reviews."""

from typing import ClassVar
from uuid import UUID

from mercat.outbox import DomainEvent


class ReviewPublished(DomainEvent):
    """A review is seen for the first time."""

    name: ClassVar[str] = "reviews.review_published"
    review_id: UUID


class ReviewAnswered(DomainEvent):
    """The vendor has replied to a review that had no reply."""

    name: ClassVar[str] = "reviews.review_answered"
    review_id: UUID
