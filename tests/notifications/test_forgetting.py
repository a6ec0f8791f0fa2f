"""Of mail that left long ago nobody needs the words any more."""

import pytest

from mercat import outbox
from mercat.outbox.jobs import app
from mercat.worker import REACTIONS
from shopping import Shop


async def test_the_bodies_of_old_mail_are_emptied(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_MAIL_BODIES_KEPT_DAYS", "30")
    columns = "(id, event_id, kind, recipient, subject, body_text, body_html, message_id, status, created_at)"
    for name, status, days in (
        ("old", "sent", 31),
        ("refused", "refused", 31),
        ("waits", "queued", 99),
        ("new", "sent", 29),
    ):
        await shop.rows(
            f"INSERT INTO mails {columns} VALUES (gen_random_uuid(), gen_random_uuid(), %s, 'a@example.com', 'Hello',"
            " 'text', 'html', %s, %s, now() - make_interval(days => %s)) RETURNING 1",
            *(name, name, status, days),
        )
    async with shop.database.transaction() as session:
        await outbox.defer(session, app.tasks["notifications.forget_bodies"], timestamp=0)

    context = outbox.JobContext(shop.database, REACTIONS)
    await outbox.run_worker(context, wait=False, install_signal_handlers=False)

    kept = await shop.rows("SELECT kind, body_text, body_html, subject FROM mails ORDER BY kind")
    assert kept == [
        ("new", "text", "html", "Hello"),
        ("old", "", "", "Hello"),
        ("refused", "", "", "Hello"),
        ("waits", "text", "html", "Hello"),
    ]
