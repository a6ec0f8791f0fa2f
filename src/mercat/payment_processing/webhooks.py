"""Webhooks: stored when they arrive, processed by a job. Their content is not trusted; the charge is queried."""

from collections.abc import Mapping

from mercat import outbox
from mercat.kit.database import Database
from mercat.payment_processing.exceptions import WebhookRefused
from mercat.payment_processing.jobs import handle_webhook
from mercat.payments import inbox, providers
from mercat.payments.events import AccountChanged
from mercat.payments.providers import WebhookRejected


async def receive(database: Database, name: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Store a webhook with a valid signature, once.

    Raises:
        WebhookRefused: it has no valid signature.
    """
    try:
        webhook = providers.provider(name, database).read_webhook(body, headers)
    except (WebhookRejected, LookupError):
        raise WebhookRefused from None
    async with database.transaction() as session:
        webhook_id = await inbox.keep(session, name, webhook)
        if webhook_id is not None:
            await outbox.defer(session, handle_webhook, webhook_id=str(webhook_id))
            if webhook.account_ref is not None:
                await outbox.publish(session, AccountChanged(provider=name, ref=webhook.account_ref))
