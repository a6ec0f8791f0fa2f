"""What happened to stock."""

from typing import ClassVar
from uuid import UUID

from mercat.outbox import DomainEvent


class BackInStock(DomainEvent):
    """Variants of which nothing could be sold can be sold again: each once per rise from zero.

    Also where nothing has come and back-orders are allowed from now on.

    What rises at once is one event, so that an import leaves one job and not thousands.
    """

    name: ClassVar[str] = "inventory.back_in_stock"
    variant_ids: tuple[UUID, ...]


class SoldOut(DomainEvent):
    """Variants that could be sold cannot be any more: each once per fall to zero. What falls at once is one event.

    Also where nothing was there and back-orders are not allowed any more. Of what is sold on back-order it says that
    nothing is left.
    """

    name: ClassVar[str] = "inventory.sold_out"
    variant_ids: tuple[UUID, ...]


class StockLow(DomainEvent):
    """What can be sold of some variants of a vendor fell to its low-stock threshold, or below it.

    Once per fall: there is no other before more than the threshold can be sold. What fell at once is one event.
    """

    name: ClassVar[str] = "inventory.stock_low"
    vendor_id: UUID
    variant_ids: tuple[UUID, ...]
