"""What happened to what people keep an eye on."""

from typing import ClassVar
from uuid import UUID

from mercat.outbox import DomainEvent


class AlertTriggered(DomainEvent):
    """What somebody waited for has happened; the alert is done."""

    name: ClassVar[str] = "saved_items.alert_triggered"
    alert_id: UUID
