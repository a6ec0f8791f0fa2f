"""What happened to posts."""

from typing import ClassVar
from uuid import UUID

from mercat.outbox import DomainEvent


class PostPublished(DomainEvent):
    """Everybody sees a post from now on."""

    name: ClassVar[str] = "post.published"
    post_id: UUID
