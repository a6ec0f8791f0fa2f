"""Mail that somebody asked for can be ended with one click, of a person or of their mail program."""

import email
import email.policy
import re
from collections.abc import AsyncIterator
from email.message import EmailMessage
from urllib.parse import urlsplit

import httpx2
import pytest
from aiosmtplib.email import flatten_message
from fastapi import FastAPI

from letters import Mailbox
from mercat import outbox
from mercat.kit.clock import now
from mercat.kit.ids import new_id
from mercat.notifications.composer import Subject, compose
from mercat.notifications.links import UNSUBSCRIBE
from mercat.notifications.message import message_of
from mercat.notifications.models import Mail
from mercat.notifications.samples import SUBJECT, VALUES
from mercat.notifications.sendgrid import payload_of
from mercat.notifications.table import SUBJECTS
from mercat.saved_items.jobs import look_at_watched
from mercat.saved_items.unsubscribe import unsubscribe_url
from mercat.worker import REACTIONS
from shopping import Person, Shop
from storefront.test_account_pages import form_of

WHOLE = re.compile(rb"List-Unsubscribe: <https://a-rather[^\s<>]+/alerts/[0-9a-f-]{36}\?key=[0-9a-f]{64}>")
ALERTS = {"back_in_stock", "price_drop"}


def a_message(kind: str) -> EmailMessage:
    mail = Mail(
        kind=kind, recipient="ada@example.com", subject="Hello", body_text="Hi", body_html="<p>Hi",
        user_id=new_id(), created_at=now(), message_id="<1@example.com>",
    )  # fmt: skip
    return message_of(mail, "shop@example.com")


async def watching(shop: Shop) -> Person:
    person, item = await shop.person(), await shop.item()
    path = f"/products/{item.product_id}/alerts"
    assert (await shop.client.post(path, json={"kind": "price_drop"}, headers=person.headers)).is_success
    return person


def path_of(person: Person) -> str:
    parts = urlsplit(unsubscribe_url(person.id))
    return f"{parts.path}?{parts.query}"


@pytest.mark.parametrize("kind", sorted(SUBJECTS))
def test_mail_about_alerts_alone_can_be_ended(kind: str) -> None:
    message = a_message(kind)

    assert ("List-Unsubscribe" in message, "List-Unsubscribe-Post" in message) == (kind in ALERTS,) * 2


def test_the_address_is_neither_broken_nor_encoded_however_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_PUBLIC_URL", "https://a-rather-long-name-of-a-shop.markets.example.com")
    message = a_message("price_drop")

    for raw in (bytes(message), flatten_message(message), flatten_message(message, utf8=True)):
        lines = [line for line in raw.splitlines() if line.startswith(b"List-Unsubscribe")]
        assert WHOLE.fullmatch(lines[0])
        assert lines[1:] == [b"List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
        assert email.message_from_bytes(raw, policy=email.policy.default)["Subject"] == "Hello"
    assert payload_of(message)["headers"]["List-Unsubscribe"] == message["List-Unsubscribe"]
    assert "List-Unsubscribe" not in payload_of(a_message("order_paid"))["headers"]


LINKS = {"en": "End all alerts", "de": "Alle Benachrichtigungen beenden", "fr": "Arrêter toutes les alertes"}
"""What a reader clicks on; the page behind it has a button of the same words."""


@pytest.mark.parametrize("locale", LINKS)
@pytest.mark.parametrize("kind", sorted(SUBJECTS))
def test_its_reader_sees_the_link_in_both_bodies_and_no_other_mail_has_one(kind: str, locale: str) -> None:
    letter = compose(kind, locale, Subject(SUBJECTS[kind], SUBJECT), VALUES)
    mail = Mail(
        kind=kind, recipient="ada@example.com", subject="Hello", body_text=letter.text, body_html=letter.html,
        user_id=new_id(), created_at=now(), message_id="<1@example.com>",
    )  # fmt: skip
    assert mail.user_id is not None
    text, page = (part.get_content() for part in message_of(mail, "shop@example.com").iter_parts())

    link = unsubscribe_url(mail.user_id)
    assert link not in letter.text + letter.html  # its signature is not kept
    assert (f"{LINKS[locale]}: {link}" in text.replace("=\n", "")) == (kind in ALERTS)
    assert bool(re.search(rf'<a href="{re.escape(link)}"[^>]*>{LINKS[locale]}</a>', page)) == (kind in ALERTS)
    assert UNSUBSCRIBE not in text
    assert "&lt;unsubscribe" not in page


async def test_the_link_in_the_mail_leads_to_the_page_that_ends_them(
    shop: Shop, mailbox: Mailbox, browser: httpx2.AsyncClient
) -> None:
    ada, item = await shop.person(), await shop.item(price="18.50")
    admin, path = await shop.admin(), f"/products/{item.product_id}"
    for kind in ("price_drop", "back_in_stock"):
        await shop.client.post(f"{path}/alerts", json={"kind": kind}, headers=ada.headers)
    await shop.client.patch(path, json={"price": "15.00"}, headers=admin.headers)
    await look_at_watched(outbox.JobContext(shop.database, REACTIONS))

    letter = await mailbox.only(ada.email)
    [link] = re.findall(r"http\S+/unsubscribe/\S+", letter.text)
    page = await browser.get(link)

    assert page.status_code == 200
    assert "End all alerts" in page.text
    action, fields = form_of(page.text)
    assert (await browser.post(action, data=fields)).status_code == 200
    assert await shop.rows("SELECT FROM product_alerts") == []


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody's browser, or their mail program: signed in nowhere."""
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://shop.test") as opened:
        yield opened


async def test_a_mail_program_ends_the_alerts_of_its_reader_alone(shop: Shop, browser: httpx2.AsyncClient) -> None:
    ada, eve = await watching(shop), await watching(shop)

    answers = [await browser.post(path_of(ada), data={"List-Unsubscribe": "One-Click"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert await shop.rows("SELECT user_id FROM product_alerts") == [(eve.id,)]


async def test_looking_ends_nothing_and_the_button_does(shop: Shop, browser: httpx2.AsyncClient) -> None:
    ada = await watching(shop)

    page = await browser.get(path_of(ada))
    assert page.status_code == 200
    assert await shop.rows("SELECT count(*) FROM product_alerts") == [(1,)]
    action, fields = form_of(page.text)
    done = await browser.post(action, data=fields)

    assert (done.status_code, "<form" in done.text) == (200, False)
    assert await shop.rows("SELECT count(*) FROM product_alerts") == [(0,)]


@pytest.mark.parametrize("key", ["", "00" * 32, "nonsense", "another's"])
async def test_a_wrong_key_ends_nothing(shop: Shop, browser: httpx2.AsyncClient, key: str) -> None:
    ada, eve = await watching(shop), await watching(shop)
    key = path_of(eve).rpartition("=")[2] if key == "another's" else key
    path = f"/unsubscribe/alerts/{ada.id}"

    found = [
        await browser.get(path, params={"key": key}),
        await browser.post(path, params={"key": key}, data={"List-Unsubscribe": "One-Click"}),
    ]

    assert [answer.status_code for answer in found] == [404, 404]
    assert not any("<form" in answer.text for answer in found)
    assert await shop.rows("SELECT count(*) FROM product_alerts") == [(2,)]
