"""What people decided about themselves."""

from typing import ClassVar
from uuid import UUID

from mercat.outbox import DomainEvent


class PersonalizationDeclined(DomainEvent):
    """A person does not want to be shown anything that follows from what they did."""

    name: ClassVar[str] = "users.personalization_declined"
    user_id: UUID
