"""Operators see what was written and send again what was refused."""

import json
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from typer.testing import CliRunner

from letters import Mailbox
from mercat import notifications
from mercat.auth import Actor
from mercat.cli import app
from mercat.embedded import free_port
from mercat.kit.ids import new_id
from mercat.notifications.mail_queue import MailNotFound, MailNotRefused
from shopping import Shop


class Refuses:
    """A mail server that wants nothing."""

    async def handle_RCPT(self, *_: object) -> str:  # noqa: N802 - aiosmtpd's name
        return "550 no such person"


async def a_refused_mail(shop: Shop, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> UUID:
    server = Controller(Refuses(), hostname="127.0.0.1", port=(port := free_port()))
    server.start()
    with monkeypatch.context() as patched:
        patched.setenv("MERCAT_MAIL_URL", f"smtp://127.0.0.1:{port}")
        await shop.order(await shop.item())
        await mailbox.work()
    server.stop()
    found = await shop.rows("SELECT id FROM mails WHERE status = 'refused'")
    mail_id: UUID = found[0][0]
    return mail_id


async def test_what_was_refused_leaves_after_all(shop: Shop, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    mail_id = await a_refused_mail(shop, mailbox, monkeypatch)
    async with shop.database.transaction() as session:
        await notifications.retry(session, Actor.system(), mail_id)
        with pytest.raises(MailNotRefused):
            await notifications.retry(session, Actor.system(), mail_id)

    await mailbox.only("ada@example.com")

    assert await shop.rows("SELECT status, reason FROM mails") == [("sent", "")]
    async with shop.database.transaction() as session:
        for wrong, error in ((mail_id, MailNotRefused), (new_id(), MailNotFound)):
            with pytest.raises(error):
                await notifications.retry(session, Actor.system(), wrong)
    logged = await shop.rows("SELECT changes FROM audit_log WHERE action = 'mail.retried'")
    assert logged == [({"status": {"before": "refused", "after": "queued"}},)]


async def test_what_was_given_up_can_be_tried_again(
    shop: Shop, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setenv("MERCAT_MAIL_URL", "smtp://127.0.0.1:1")
        await shop.order(await shop.item())
        await mailbox.work()
    (mail_id,) = (await shop.rows("SELECT id FROM mails"))[0]
    async with shop.database.transaction() as session:
        with pytest.raises(MailNotRefused):
            await notifications.retry(session, Actor.system(), mail_id)
    await shop.rows("UPDATE procrastinate_jobs SET status = 'failed' WHERE status = 'todo' RETURNING 1")

    async with shop.database.transaction() as session:
        await notifications.retry(session, Actor.system(), mail_id)

    await mailbox.only("ada@example.com")


async def test_the_list_tells_why(shop: Shop, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    mail_id = await a_refused_mail(shop, mailbox, monkeypatch)
    await shop.order(await shop.item())
    await mailbox.work()
    async with shop.database.primary_session() as session:
        every = await notifications.outgoing(session, status=None, limit=10)
        refused = await notifications.outgoing(session, status="refused", limit=10)

    assert [mail.status for mail in every] == ["sent", "refused"]
    assert [(mail.id, mail.reason) for mail in refused] == [(mail_id, "no such person")]


def test_the_commands(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_DATABASE_URL", database_url)
    run = CliRunner().invoke

    listed = run(app, ["mail", "list", "--status", "queued", "--json"])
    assert (listed.exit_code, json.loads(listed.stdout)) == (0, [])
    nothing = run(app, ["mail", "retry", str(new_id())])
    assert (nothing.exit_code, nothing.stderr) == (1, "error: There is no such message.\n")
    assert run(app, ["mail", "retry", "nonsense"]).exit_code == 2
    assert run(app, ["mail", "list", "--status", "lost"]).exit_code == 2
