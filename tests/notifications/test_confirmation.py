"""The buyer's confirmation: written once, sent by a real mail server, in the buyer's language."""

from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from procrastinate.jobs import Job

from mercat import outbox
from mercat.embedded import free_port
from mercat.kit.clock import now
from mercat.notifications.config import MailSettings
from mercat.notifications.jobs import PATIENCE, send_mail
from mercat.notifications.message import message_of
from mercat.notifications.models import Mail
from mercat.notifications.refusals import MailRefused
from mercat.notifications.transport import MaildirTransport, SmtpTransport, domain_of, transport
from shopping import Shop


class Server:
    """A mail server that says what it is told to say."""

    def __init__(self, *, recipient: str = "250 OK", data: str = "250 OK") -> None:
        self.recipient, self.data = recipient, data
        self.received: list[bytes] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: SmtpSession, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, _server: SMTP, _session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        if self.data.startswith("250"):
            self.received.append(envelope.content)
        return self.data


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where mail goes in these tests unless they say otherwise."""
    monkeypatch.setenv("MERCAT_MAIL_URL", f"maildir://{tmp_path}/mail")
    return tmp_path / "mail" / "new"


def texts(folder: Path) -> list[str]:
    return [path.read_text("utf-8") for path in sorted(folder.iterdir())] if folder.exists() else []


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def a_mail(**changes: str) -> Mail:
    values = {
        "kind": "order_placed",
        "recipient": "ada@example.com",
        "subject": "Hello",
        "body_text": "Hi",
        "body_html": "<p>Hi",
    }
    return Mail(**(values | changes), created_at=now(), message_id="<1@example.com>")


async def test_each_order_is_confirmed_once(shop: Shop, folder: Path) -> None:
    item = await shop.item(name="Vase <b>& more")
    order = (await shop.order(item, quantity=2)).json()
    assert texts(folder) == []

    await shop.handle_events()
    await shop.handle_events()

    (text,) = texts(folder)
    assert f"Your order {order['number']}" in text
    assert "2 x Vase <b>& more" in text
    assert "Vase &lt;b&gt;&amp; more" in text.replace("=\n", "")
    assert "12 St James" not in text  # nobody has shown that the address is theirs
    (mail,) = await shop.rows("SELECT status, recipient, sent_at IS NOT NULL FROM mails")
    assert mail == ("sent", "ada@example.com", True)


async def test_an_order_that_was_refused_is_not_confirmed(shop: Shop, folder: Path) -> None:
    assert (await shop.order(await shop.item(stock=0))).status_code == 409

    await shop.handle_events()

    assert texts(folder) == []


@pytest.mark.parametrize(
    ("language", "said"), [("fr-CA, fr;q=0.9", "Montant total"), ("de", "Gesamtbetrag"), ("ja", "Total:")]
)
async def test_it_speaks_the_buyers_language(shop: Shop, folder: Path, language: str, said: str) -> None:
    await shop.order(await shop.item(), headers={"Accept-Language": language})

    await shop.handle_events()

    assert said in texts(folder)[0]


async def test_a_paid_order_is_not_asked_to_be_paid(shop: Shop, folder: Path) -> None:
    order = (await shop.order(await shop.item())).json()
    await shop.move(order["id"], "paid")

    await shop.handle_events()

    (text,) = (found for found in texts(folder) if "Subject: Invoice" not in found)
    assert f"Your order {order['number']} is confirmed" in text
    assert "How to pay" not in text


async def test_a_server_that_is_away_gets_the_mail_later(
    shop: Shop, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("MERCAT_MAIL_URL", f"smtp://127.0.0.1:{port}")
    await shop.order(await shop.item())
    await shop.handle_events()
    assert await shop.rows("SELECT status FROM mails") == [("queued",)]
    assert await shop.rows("SELECT status, attempts FROM procrastinate_jobs") == [("todo", 1)]

    box = Server()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    await shop.rows("UPDATE procrastinate_jobs SET scheduled_at = now() RETURNING id")
    await shop.handle_events()
    server.stop()

    assert len(box.received) == 1
    assert await shop.rows("SELECT status FROM mails") == [("sent",)]
    assert await shop.rows("SELECT id FROM procrastinate_jobs") == []
    assert texts(folder) == []


async def test_an_outage_of_ten_minutes_loses_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty attempts in vain are more than a worker makes in two hours; each pause is jumped over."""
    port = free_port()
    monkeypatch.setenv("MERCAT_MAIL_URL", f"smtp://127.0.0.1:{port}")
    placed = [(await shop.order(await shop.item())).status_code for _ in range(2)]
    for _ in range(30):
        await shop.handle_events()
        await shop.rows("UPDATE procrastinate_jobs SET scheduled_at = now() RETURNING id")
    assert placed == [201, 201]
    assert await shop.rows("SELECT status, attempts FROM procrastinate_jobs") == [("todo", 30)] * 2

    box = Server()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    await shop.handle_events()
    server.stop()

    assert len(box.received) == 2
    assert await shop.rows("SELECT status FROM mails") == [("sent",)] * 2


def test_mail_waits_for_its_server_for_two_days() -> None:
    def pause(attempts: int) -> float:
        job = Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="t", attempts=attempts)
        decision = send_mail.retry_strategy.get_retry_decision(exception=OSError(), job=job)
        assert decision is not None
        return (decision.retry_at - now()).total_seconds()

    assert sum(pause(attempts) for attempts in range(PATIENCE - 1)) > timedelta(days=2).total_seconds() - 3600


@pytest.mark.parametrize("answers", [{"recipient": "550 no such person"}, {"data": "554 not wanted"}])
async def test_what_is_refused_for_good_is_not_tried_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, answers: dict[str, str]
) -> None:
    server = Controller(Server(**answers), hostname="127.0.0.1", port=(port := free_port()))
    server.start()
    monkeypatch.setenv("MERCAT_MAIL_URL", f"smtp://127.0.0.1:{port}")
    await shop.order(await shop.item())
    await shop.handle_events()
    server.stop()

    assert (await shop.rows("SELECT status FROM mails")) == [("refused",)]
    assert (await shop.rows("SELECT reason <> '' FROM mails")) == [(True,)]
    assert await shop.rows("SELECT id FROM procrastinate_jobs") == []


@pytest.mark.parametrize("answers", [{"recipient": "450 try later"}, {"data": "451 try later"}])
async def test_what_is_refused_for_now_is_tried_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, answers: dict[str, str]
) -> None:
    server = Controller(Server(**answers), hostname="127.0.0.1", port=(port := free_port()))
    server.start()
    monkeypatch.setenv("MERCAT_MAIL_URL", f"smtp://127.0.0.1:{port}")
    await shop.order(await shop.item())
    await shop.handle_events()
    server.stop()

    assert await shop.rows("SELECT status FROM mails") == [("queued",)]
    assert await shop.rows("SELECT status FROM procrastinate_jobs") == [("todo",)]


async def test_a_mail_that_left_is_not_sent_again(shop: Shop, folder: Path) -> None:
    await shop.order(await shop.item())
    await shop.handle_events()
    _empty(folder)
    (mail_id,) = (await shop.rows("SELECT id::text FROM mails"))[0]
    async with shop.database.transaction() as session:
        await outbox.defer(session, send_mail, mail_id=mail_id)

    await shop.handle_events()

    assert texts(folder) == []


async def test_the_same_message_twice_in_a_maildir_is_one(tmp_path: Path) -> None:
    message = message_of(a_mail(), "shop@example.com")
    for _ in range(3):
        await MaildirTransport(tmp_path).send(message)

    assert len(list((tmp_path / "new").iterdir())) == 1
    assert list((tmp_path / "tmp").iterdir()) == []


def test_the_message_has_two_bodies_and_our_own_id() -> None:
    message = message_of(a_mail(), "Shop <shop@example.com>")

    assert isinstance(message, EmailMessage)
    assert message["Message-ID"] == "<1@example.com>"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["Auto-Submitted"] == "auto-generated"


def test_transports_are_named_by_their_url(tmp_path: Path) -> None:
    assert isinstance(transport(MailSettings(mail_url="smtps://user:p%40ss@mail.example.com:465")), SmtpTransport)
    assert isinstance(transport(MailSettings(mail_url=f"maildir://{tmp_path}")), MaildirTransport)
    with pytest.raises(ValueError, match="begins with smtp"):
        transport(MailSettings(mail_url="http://mail.example.com"))
    assert domain_of("Shop <shop@example.org>") == "example.org"
    assert domain_of("nobody") == "localhost"


async def test_wrong_credentials_are_for_an_operator_to_mend() -> None:
    server = Controller(Server(), hostname="127.0.0.1", port=(port := free_port()))
    server.start()
    try:
        with pytest.raises(Exception, match=r"auth|AUTH") as caught:
            await SmtpTransport(MailSettings(mail_url=f"smtp://me:wrong@127.0.0.1:{port}")).send(
                message_of(a_mail(), "shop@example.com")
            )
        assert not isinstance(caught.value, MailRefused)
    finally:
        server.stop()
