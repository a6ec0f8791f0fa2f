"""What happened to what people keep an eye on."""

from typing import ClassVar
from uuid import UUID

from mercat.outbox import DomainEvent


class AlertCameTrue(DomainEvent):
    """What somebody waited for has happened; the alert is done."""

    name: ClassVar[str] = "lists.alert_came_true"
    alert_id: UUID
