"""Mail through SendGrid, against a server that speaks as it does."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from letters import Mailbox
from mercat.embedded import free_port
from mercat.notifications.config import MailSettings
from mercat.notifications.refusals import MailRefused
from mercat.notifications.sendgrid import SendGridTransport
from mercat.notifications.transport import transport
from notifications.test_headers import a_mail, message_of
from shopping import Shop


@contextmanager
def counterpart(status: int = 202) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the address of a server and what it was sent."""
    received: list[dict[str, Any]] = []

    class Api(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append({"path": self.path, "key": self.headers["Authorization"], "body": json.loads(body)})
            answer = b'{"errors": [{"message": "The to email does not contain a valid address."}]}'
            self.send_response(status)
            self.send_header("Content-Length", str(0 if status == 202 else len(answer)))
            self.end_headers()
            self.wfile.write(b"" if status == 202 else answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Api) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", received
        finally:
            server.shutdown()
            thread.join()


def settings(base: str) -> MailSettings:
    return MailSettings(mail_url="sendgrid://:SG.k%2Fey@", sendgrid_url=base)


async def test_a_message_goes_over_whole(shop: Shop, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    with counterpart() as (base, received):
        monkeypatch.setenv("MERCAT_MAIL_URL", "sendgrid://:SG.k%2Fey@")
        monkeypatch.setenv("MERCAT_SENDGRID_URL", base)
        await shop.order(await shop.item())
        await mailbox.work()
        await mailbox.work()

    (one,) = received
    assert (one["path"], one["key"]) == ("/v3/mail/send", "Bearer SG.k/ey")
    body = one["body"]
    assert body["personalizations"] == [{"to": [{"email": "ada@example.com"}]}]
    assert body["from"] == {"email": "shop@localhost.localdomain", "name": "Mercat"}
    assert [part["type"] for part in body["content"]] == ["text/plain", "text/html"]
    message_ids = await shop.rows("SELECT message_id, status FROM mails")
    assert message_ids == [(body["headers"]["Message-ID"], "sent")]
    assert "attachments" not in body


@pytest.mark.parametrize("status", [400, 413])
async def test_what_it_will_never_take_is_refused(status: int) -> None:
    with counterpart(status) as (base, _), pytest.raises(MailRefused, match="valid address"):
        await SendGridTransport(settings(base)).send(message_of(a_mail(), "shop@example.com"))


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
async def test_what_can_be_mended_is_tried_again(status: int) -> None:
    with counterpart(status) as (base, received), pytest.raises(OSError, match=f"answers {status}"):
        await SendGridTransport(settings(base)).send(message_of(a_mail(), "shop@example.com"))
    assert len(received) == 1


async def test_an_api_that_is_away_is_tried_again() -> None:
    with pytest.raises(OSError, match="does not answer"):
        await SendGridTransport(settings(f"http://127.0.0.1:{free_port()}")).send(message_of(a_mail(), "a@example.com"))


async def test_attachments_go_along() -> None:
    message = message_of(a_mail(), "Shop <shop@example.com>")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="invoice.pdf")
    with counterpart() as (base, received):
        sender = transport(settings(base))
        await sender.send(message)

    (file,) = received[0]["body"]["attachments"]
    assert file == {
        "content": "JVBERi0xLjc=",
        "type": "application/pdf",
        "filename": "invoice.pdf",
        "disposition": "attachment",
    }
