"""How a message leaves: by SMTP, by SendGrid, or into a maildir that a person at a laptop can read."""

import os
import socket
from email.message import EmailMessage
from email.utils import parseaddr
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from mercat.notifications.config import MailSettings
from mercat.notifications.refusals import MailRefused


class Transport(Protocol):
    """Takes messages away."""

    async def send(self, message: EmailMessage) -> None:
        """Hand the message over.

        Raises:
            MailRefused: for good.
            OSError, aiosmtplib.SMTPException: for now.
        """


class SmtpTransport:
    """A mail server; STARTTLS is used where it is offered."""

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings

    async def send(self, message: EmailMessage) -> None:
        """Hand the message to the server; see `Transport.send`."""
        import aiosmtplib  # noqa: PLC0415 - for those who send mail

        url = urlsplit(self.settings.mail_url)
        try:
            await aiosmtplib.send(
                message,
                hostname=url.hostname,
                port=url.port,
                username=unquote(url.username) if url.username else None,
                password=unquote(url.password) if url.password else None,
                use_tls=url.scheme == "smtps",
                timeout=self.settings.mail_timeout,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            codes = [recipient.code for recipient in refused.recipients]
            if all(code >= 500 for code in codes):
                raise MailRefused("; ".join(recipient.message for recipient in refused.recipients)) from None
            raise
        except aiosmtplib.SMTPNotSupported as unable:
            if str(message["To"]).isascii():
                raise
            raise MailRefused(str(unable)) from None
        except aiosmtplib.SMTPResponseException as answer:
            # 535 and the like are our own credentials: an operator mends them, and then it leaves
            if answer.code in {550, 551, 552, 553, 554}:
                raise MailRefused(answer.message) from None
            raise


class MaildirTransport:
    """A maildir. A message's file is named by its Message-ID, so that sending it twice is sending it once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def send(self, message: EmailMessage) -> None:
        """Put the message into `new`, whole or not at all."""
        for name in ("tmp", "new", "cur"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        name = f"{sha256(str(message['Message-ID']).encode()).hexdigest()[:32]}.{socket.gethostname()}"
        staged = self.folder / "tmp" / f"{name}.{os.getpid()}"
        staged.write_bytes(bytes(message))
        staged.replace(self.folder / "new" / name)


def transport(settings: MailSettings) -> Transport:
    """Return the transport that `MERCAT_MAIL_URL` names."""
    url = urlsplit(settings.mail_url)
    if url.scheme == "maildir":
        return MaildirTransport(Path(unquote(url.path)))
    if url.scheme == "sendgrid":
        from mercat.notifications.sendgrid import SendGridTransport  # noqa: PLC0415 - an HTTP client, for its customers

        return SendGridTransport(settings)
    return SmtpTransport(settings)


def domain_of(sender: str) -> str:
    """Return the domain of a sender's address, for Message-IDs."""
    return parseaddr(sender)[1].partition("@")[2] or "localhost"
