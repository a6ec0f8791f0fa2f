"""Whatever is put into a message, its headers are ours."""

import email
import email.policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters import Mailbox
from mercat import outbox
from mercat.kit.clock import now
from mercat.kit.ids import new_id
from mercat.notifications.jobs import send_mail
from mercat.notifications.message import UnusableAddress, message_of, recipient_of
from mercat.notifications.models import Mail
from mercat.notifications.template_engine import ISOLATE, LONGEST_VALUE, fill, one_line
from shopping import Shop

OURS = {
    "subject", "from", "to", "date", "message-id", "auto-submitted", "mime-version", "content-type",
}  # fmt: skip
BREAKS = ["\r\n", "\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x00"]


def a_mail(**changes: str) -> Mail:
    values = {"kind": "order_placed", "recipient": "ada@example.com", "subject": "Hello"}
    bodies = {"body_text": "Hi", "body_html": "<p>Hi"}
    return Mail(**(values | bodies | changes), created_at=now(), message_id="<1@example.com>")


def sent(mail: Mail) -> EmailMessage:
    """Return the message as whoever receives it reads it."""
    found = email.message_from_bytes(bytes(message_of(mail, "shop@example.com")), policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


@pytest.mark.parametrize("broken", BREAKS)
def test_a_subject_stays_one_header(broken: str) -> None:
    message = sent(a_mail(subject=f"Order{broken}Bcc: eve@example.com{broken}{broken}<p>Hello"))

    assert {name.lower() for name in message} == OURS
    assert message["Subject"] == "Order Bcc: eve@example.com <p>Hello"


@given(st.text(max_size=400))
def test_any_subject_stays_one_header(text: str) -> None:
    message = sent(a_mail(subject=text.encode(errors="ignore").decode()))

    assert {name.lower() for name in message} == OURS
    assert message["To"] == "ada@example.com"


@pytest.mark.parametrize("broken", BREAKS)
def test_a_recipient_with_a_break_in_it_is_no_recipient(broken: str) -> None:
    for address in (f"ada@example.com{broken}Bcc: eve@example.com", f"ada{broken}@example.com"):
        with pytest.raises(UnusableAddress):
            message_of(a_mail(recipient=address), "shop@example.com")


@pytest.mark.parametrize(
    "address",
    [
        "", "ada", "@example.com", "ada@", "a@b@example.com", "ada@example.com, eve@example.com",
        "ada@example.com,eve@example.com", "Ada <ada@example.com>", "ada@example.com;eve@example.com",
        "group: ada@example.com;", '"a b"@example.com', "ada@exam\u202eple.com", "ada@example.com\u200f",
        "a" * 10_000 + "@example.com",
    ],
)  # fmt: skip
def test_what_is_not_exactly_one_address_gets_nothing(address: str) -> None:
    with pytest.raises(UnusableAddress):
        recipient_of(address)


@pytest.mark.parametrize("address", ["ada@example.com", "o'hara+x@sub.example.com", "jürgen@bücher.example"])
def test_an_address_goes_where_it_says(address: str) -> None:
    assert recipient_of(address).addr_spec == address


def test_values_do_not_turn_or_break_the_sentence_around_them() -> None:
    assert one_line("a\u202eb\u2066c\r\n d\u2028e") == "abc d e"
    assert fill("Hello {name}!", name="x" * 10_000) == f"Hello {'x' * (LONGEST_VALUE - 1)}…!"
    assert fill("Hello {name}!", name="\u0639\u0627\u062f") == "Hello \u2068\u0639\u0627\u062f\u2069!"
    assert fill("{name}", name="{other} {0} %s") == "{other} {0} %s"
    assert (
        sent(a_mail(subject=f"Order of {ISOLATE}\u0639\u0627\u062f\u2069\u202e"))["Subject"]
        == "Order of \u2068\u0639\u0627\u062f\u2069"
    )


async def test_a_message_that_can_go_nowhere_is_refused_and_not_tried_for_ever(shop: Shop, mailbox: Mailbox) -> None:
    mail_id = new_id()
    async with shop.database.transaction() as session:
        mail = a_mail(recipient="ada@example.com\r\nBcc: eve@example.com")
        mail.id, mail.event_id = mail_id, new_id()
        session.add(mail)
        await session.flush()
        await outbox.defer(session, send_mail, mail_id=str(mail_id))

    assert await mailbox.letters() == []

    refused = await shop.rows("SELECT status, reason FROM mails")
    assert refused == [("refused", "the recipient is not one e-mail address")]
    assert await shop.rows("SELECT 1 FROM procrastinate_jobs") == []
