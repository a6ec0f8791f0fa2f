"""What happened to products."""

from typing import ClassVar
from uuid import UUID

from mercat.outbox import DomainEvent


class ProductsChanged(DomainEvent):
    """What readers see of these products has changed: texts, prices, ratings, or whether they are on sale at all.

    What changes at once is one event, so that an import leaves few.
    """

    name: ClassVar[str] = "catalog.products_changed"
    product_ids: tuple[UUID, ...]
