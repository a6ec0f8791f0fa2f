"""Mail that leaves through SendGrid's API, version 3."""

import base64
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx2

from mercat.notifications.config import MailSettings
from mercat.notifications.refusals import MailRefused

ACCEPTED = 202
KEPT = ("Message-ID", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post")
FOR_GOOD = {400, 413}
"""This message will never be taken; what is wrong with our key or our pace (401, 403, 429) will be mended."""


class SendGridTransport:
    """SendGrid; its key is the password in `MERCAT_MAIL_URL`."""

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings

    async def send(self, message: EmailMessage) -> None:
        """Hand the message over; see `Transport.send`."""
        key = unquote(urlsplit(self.settings.mail_url).password or "")
        async with httpx2.AsyncClient(timeout=self.settings.mail_timeout) as client:
            try:
                answer = await client.post(
                    f"{self.settings.sendgrid_url.rstrip('/')}/v3/mail/send",
                    json=payload_of(message),
                    headers={"Authorization": f"Bearer {key}"},
                )
            except httpx2.TransportError as error:
                raise ConnectionError(f"SendGrid does not answer: {error}") from error
        if answer.status_code in FOR_GOOD:
            raise MailRefused(f"{answer.status_code} {answer.text[:500]}")
        if answer.status_code != ACCEPTED:
            raise ConnectionError(f"SendGrid answers {answer.status_code}")


def payload_of(message: EmailMessage) -> dict[str, Any]:
    """Return a message in the words of SendGrid."""
    name, sender = parseaddr(str(message["From"]))
    bodies = [message.get_body((kind,)) for kind in ("plain", "html")]
    payload: dict[str, Any] = {
        "personalizations": [{"to": [{"email": str(message["To"])}]}],
        "from": {"email": sender, "name": name} if name else {"email": sender},
        "subject": str(message["Subject"]),
        "content": [
            {"type": body.get_content_type(), "value": body.get_content()} for body in bodies if body is not None
        ],
        "headers": {name: str(message[name]) for name in KEPT if name in message},
    }
    attachments = [
        {
            "content": base64.b64encode(part.get_content()).decode(),
            "type": part.get_content_type(),
            "filename": part.get_filename(),
            "disposition": "attachment",
        }
        for part in message.iter_attachments()
    ]
    return payload | ({"attachments": attachments} if attachments else {})
