"""Webhooks: kept when they come, dealt with by a job. What they say is not believed; the charge is asked for."""

from collections.abc import Mapping

from mercat import outbox
from mercat.kit.database import Database
from mercat.payments import inbox, providers
from mercat.payments.events import AccountChanged
from mercat.payments.providers import NoticeRefused
from mercat.settlement.exceptions import WebhookRefused
from mercat.settlement.jobs import handle_notice


async def receive(database: Database, name: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Keep a webhook that the provider vouches for, once.

    Raises:
        WebhookRefused: nobody vouches for it.
    """
    try:
        notice = providers.provider(name, database).read_notice(body, headers)
    except (NoticeRefused, LookupError):
        raise WebhookRefused from None
    async with database.transaction() as session:
        notice_id = await inbox.keep(session, name, notice)
        if notice_id is not None:
            await outbox.defer(session, handle_notice, notice_id=str(notice_id))
            if notice.account_ref is not None:
                await outbox.publish(session, AccountChanged(provider=name, ref=notice.account_ref))
