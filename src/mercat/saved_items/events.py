"""What happened to what people keep an eye on."""

from typing import ClassVar
from uuid import UUID

from mercat.outbox import DomainEvent


class AlertTriggered(DomainEvent):
    """An alert has triggered and is done."""

    name: ClassVar[str] = "saved_items.alert_triggered"
    alert_id: UUID
