"""What happened to rates."""

from typing import ClassVar

from mercat.outbox import DomainEvent, Lane


class ConversionsChanged(DomainEvent):
    """Rates, margins, rules of rounding or the set of currencies have changed: what is kept converted is made anew."""

    name: ClassVar[str] = "exchange.conversions_changed"
    lane: ClassVar[Lane | None] = Lane.bulk
