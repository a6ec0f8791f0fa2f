"""Mail to those who wanted to be told: a thing is back, or costs less."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat import auth, lists, outbox
from mercat.kit.config import ProcessSettings
from mercat.lists.events import AlertCameTrue
from mercat.notifications.writing import Draft, write


@outbox.handler("notifications.notify_alert")
async def tell_of_alert(session: AsyncSession, event_id: UUID, event: AlertCameTrue) -> None:
    """Tell somebody what they waited for, once; whoever does not wait any more, or was erased, gets nothing."""
    alert = await lists.in_mail(session, event.alert_id)
    card = await auth.hold(session, alert.user_id) if alert else None
    if alert is None or card is None:
        return
    draft = Draft(
        kind=alert.kind,
        recipient=card.email,
        locale=card.locale,
        subject={"product": alert.product},
        values={"name": card.name, "alert": alert, "home": ProcessSettings.read().public_url},
        user_id=card.id,
    )
    await write(session, event_id, draft)
