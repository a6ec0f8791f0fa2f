"""A message as it goes over the wire, whose headers are ours whatever was put into them."""

import html
from dataclasses import dataclass
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy

from mercat import auth, saved_items
from mercat.notifications.links import CAN_BE_ENDED, SECRET, UNSUBSCRIBE, signed, signed_html
from mercat.notifications.models import Mail
from mercat.notifications.template_engine import one_line

NOT_IN_AN_ADDRESS = set('<>,;:"()[]\\ ')
LONGEST_ADDRESS = 254


class OneLine(UnstructuredHeader, BaseHeader):
    """A header that stays one line: an address that is folded is encoded, and leads nowhere."""

    def fold(self, *, policy: Policy) -> str:
        """Return the header as it goes over the wire, whatever policy sends it."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", OneLine)
POLICY = EmailPolicy(header_factory=_HEADERS)


class UnusableAddress(ValueError):
    """No mail can go to such a recipient, today or ever."""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A PDF that goes with a message."""

    filename: str
    content: bytes


def message_of(mail: Mail, sender: str, attached: AttachedFile | None = None) -> EmailMessage:
    """Return the message as it goes over the wire, with the secret of its link and its attachment in it.

    Raises:
        UnusableAddress: the recipient is not exactly one address.
    """
    message = EmailMessage(policy=POLICY)
    message["Subject"] = one_line(mail.subject, keep_isolates=True)
    message["From"] = sender
    message["To"] = recipient_of(mail.recipient)
    message["Date"] = mail.created_at
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    text, page = mail.body_text, mail.body_html
    if mail.kind in CAN_BE_ENDED and mail.user_id is not None:
        link = saved_items.unsubscribe_url(mail.user_id)
        message["List-Unsubscribe"] = f"<{link}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
        text = text.replace(UNSUBSCRIBE, link)
        page = page.replace(html.escape(UNSUBSCRIBE), html.escape(link))
    secret = _secret(mail)
    message.set_content(signed(text.replace(SECRET, secret)))
    message.add_alternative(signed_html(page.replace(html.escape(SECRET), secret)), subtype="html")
    if attached:
        name = attached.filename
        message.add_attachment(attached.content, maintype="application", subtype="pdf", filename=name)
    return message


def recipient_of(address: str) -> Address:
    """Return the one address that mail goes to; whatever could be read as another or as a header is refused."""
    name, _, domain = address.rpartition("@")
    plain = address.isprintable() and not NOT_IN_AN_ADDRESS & set(address) and len(address) <= LONGEST_ADDRESS
    if not (name and domain and plain) or "@" in name:
        raise UnusableAddress("the recipient is not one e-mail address")
    return Address(username=name, domain=domain)


def _secret(mail: Mail) -> str:
    """Return the secret of the link in a message; it is made anew each time and always the same."""
    if mail.one_time_token_id is None or mail.one_time_purpose is None:
        return ""
    return auth.token_of(auth.Purpose(mail.one_time_purpose), mail.one_time_token_id)
