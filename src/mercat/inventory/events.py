"""What happened to stock."""

from typing import ClassVar
from uuid import UUID

from mercat.outbox import DomainEvent


class BackInStock(DomainEvent):
    """A variant of which nothing could be bought can be bought again."""

    name: ClassVar[str] = "inventory.back_in_stock"
    variant_id: UUID
