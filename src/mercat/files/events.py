"""Facts about files."""

from typing import ClassVar
from uuid import UUID

from mercat import outbox


class PictureReady(outbox.DomainEvent):
    """A picture was drawn in all its sizes."""

    name: ClassVar[str] = "files.picture_ready"
    file_id: UUID
    purpose: str
    belongs_to: UUID | None
