"""What mail about alerts says."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.kit.money import Money
from mercat.saved_items.choice import Choice
from mercat.saved_items.models import ProductAlert
from mercat.saved_items.product_state import shelf


@dataclass(frozen=True, slots=True)
class AlertInMail:
    """A triggered alert, as mail describes it."""

    user_id: UUID
    kind: str
    product: str
    variant: str
    price: Money
    price_seen: Money


async def in_mail(session: AsyncSession, alert_id: UUID, *, locale: str | None = None) -> AlertInMail | None:
    """Return what mail says of an alert; None if it was deleted, asked for anew, or its product is not on sale now.

    `locale` is the language of the product's name, None for that of the source.
    """
    alert = await session.get(ProductAlert, alert_id)
    if alert is None or alert.told_at is None:
        return None
    now = await shelf(session, [alert.product_id], [alert.variant_id], Choice(locale=locale))
    price = now.price(alert.product_id, alert.variant_id)
    if price is None:
        return None
    variant = now.variant(alert.variant_id)
    single = len(now.products[alert.product_id].variant_ids) == 1
    return AlertInMail(
        user_id=alert.user_id,
        kind=alert.kind,
        product=now.products[alert.product_id].name,
        variant="" if variant is None or single else variant.title,
        price=price,
        price_seen=Money(alert.price_seen_minor, price.currency),
    )
