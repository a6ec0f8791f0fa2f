"""Operators' own words in mail: in both bodies, in their language, and with no effect but being read."""

import re
from typing import Any
from uuid import UUID

import httpx2
import pytest

from letters import Letter, Mailbox
from mercat import auth, i18n, notifications, outbox
from mercat.auth.events import EmailVerified
from mercat.notifications.links import ORDER_KEY, SECRET
from mercat.notifications.own_texts import fitting
from mercat.notifications.samples import sample
from mercat.notifications.table import SUBJECTS
from mercat.orders.links import link_key
from shopping import ADDRESS, PASSWORD, Person, Shop

ADIL = "\u0639\u0627\u062f\u0644"
GERMAN = {"Accept-Language": "de"}
AUSTRIAN = {"Accept-Language": "de-AT,de;q=0.8"}


@pytest.fixture(autouse=True)
def languages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A marketplace in several languages, of which Mercat speaks all but Dutch."""
    monkeypatch.setenv("MERCAT_LOCALES", "en,de,de-AT,fr,nl")


async def put(shop: Shop, kind: str, locale: str, **texts: str | None) -> httpx2.Response:
    headers = (await shop.admin()).headers
    return await shop.client.put(f"/mail-templates/{kind}/{locale}", json=texts, headers=headers)


async def own(shop: Shop, kind: str, locale: str, **texts: str | None) -> dict[str, Any]:
    """Write a text that is taken."""
    answer = await put(shop, kind, locale, **texts)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def proven(shop: Shop, *, first_name: str = "Ada", email: str = "ada@example.com") -> Person:
    """Make somebody whose address is shown to be theirs."""
    person = await shop.person(email=email)
    named = "UPDATE users SET email_verified = true, first_name = %s, last_name = '' WHERE id = %s RETURNING 1"
    await shop.rows(named, first_name, person.id)
    return person


async def ordered(shop: Shop, mailbox: Mailbox, person: Person | None = None, **more: Any) -> Letter:
    """Order, and return what the buyer gets."""
    headers = {**(person.headers if person else {}), **more.pop("headers", {})}
    answer = await shop.order(await shop.item(), headers=headers, **more)
    assert answer.status_code == 201, answer.text
    return await mailbox.only(answer.json()["email"])


async def test_own_words_are_in_both_bodies_and_what_is_needed_stays(
    shop: Shop, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MERCAT_BANK_DETAILS", "Shop Ltd|DE02 1203 0000 0000 2020 51")
    await own(
        shop, "order_placed", "en",
        subject="{marketplace} has {number}",
        introduction="Dear {name},\n\nwe *pack* **{number}** over {total}:\n\n- at once\n- by hand",
        closing="See [our terms](/terms), or write to <help@shop.example>.",
    )  # fmt: skip

    letter = await ordered(shop, mailbox, await proven(shop), shipping_address=ADDRESS)

    number = letter.subject.removeprefix("Mercat has ")
    assert re.fullmatch(r"M-\d+", number)
    assert "Thank you for your order" not in letter.text + letter.html
    assert letter.text.startswith(
        f"Dear Ada Lovelace,\n\nwe pack {number} over €14.90:\n\n- at once\n- by hand\n\n1 x Thing"
    )
    assert f"<p>we <em>pack</em> <strong>{number}</strong> over €14.90:</p>" in letter.html
    assert "<li>at once</li>" in letter.html
    for body in (letter.text, letter.html):
        assert "DE02 1203 0000 0000 2020 51" in body
        assert "/orders/" in body
        assert "12 St James" in body
    assert "See our terms (http://shop.test/terms), or write to help@shop.example.\n\n-- \n" in letter.text
    assert 'href="http://shop.test/terms"' in letter.html
    assert letter.html.index("DE02") < letter.html.index("our terms") < letter.html.index("This message was sent by")


async def test_the_link_of_an_account_message_stays(shop: Shop, mailbox: Mailbox) -> None:
    await own(shop, "reset_password", "en", subject="Come back", introduction="Hi {name}!", closing="Bye.")
    ada = await proven(shop)

    await shop.client.post("/auth/forgot-password", json={"email": ada.email})
    letter = await mailbox.only(ada.email)

    assert letter.subject == "Come back"
    assert letter.text.startswith("Hi Ada!\n\nThe link works once, within an hour.")
    assert "If it was not you" in letter.html
    assert letter.page == "reset-password"
    answer = await shop.client.post(
        "/auth/reset-password", json={"token": letter.token, "new_password": PASSWORD[::-1]}
    )
    assert answer.is_success, answer.text


async def test_the_shipped_opening_can_stay(shop: Shop, mailbox: Mailbox) -> None:
    await own(shop, "order_placed", "en", introduction="Happy new year!\n\n{opening}\n\nAll the best.")

    letter = await ordered(shop, mailbox)

    assert letter.text.startswith("Happy new year!\n\nThank you for your order.\n\nAll the best.\n\n1 x Thing")
    places = [letter.html.index(words) for words in ("Happy new year!", "Thank you for your order", "All the best.")]
    assert places == sorted(places)


async def test_what_a_text_leaves_out_falls_back_within_its_language(shop: Shop, mailbox: Mailbox) -> None:
    await own(shop, "order_placed", "de", subject="Bestellt: {number}", introduction="Hallo!", closing="Tschüss!")
    await own(shop, "order_placed", "de-AT", introduction="Servus!")

    austrian = await ordered(shop, mailbox, headers=AUSTRIAN)
    german = await ordered(shop, mailbox, headers=GERMAN)
    french = await ordered(shop, mailbox, headers={"Accept-Language": "fr"})

    assert austrian.text.startswith("Servus!")
    assert austrian.subject.startswith("Bestellt: M-")
    assert "Tschüss!" in austrian.text
    assert "Zwischensumme" in austrian.text
    assert german.text.startswith("Hallo!")
    assert french.subject.startswith("Votre commande")
    assert "Tschüss" not in french.text


async def test_english_words_come_into_no_mail_in_another_language(shop: Shop, mailbox: Mailbox) -> None:
    await own(shop, "order_placed", "en", subject="Hooray: {number}", introduction="Hooray!", closing="Cheers!")

    german = await ordered(shop, mailbox, headers=GERMAN)
    dutch = await ordered(shop, mailbox, headers={"Accept-Language": "nl"})

    assert german.subject.startswith("Ihre Bestellung")
    assert "Cheers" not in german.text + german.html
    assert dutch.text.startswith("Hooray!")  # what is shipped for them is English too

    await own(shop, "order_placed", "nl", introduction="Hoera!")
    dutch = await ordered(shop, mailbox, headers={"Accept-Language": "nl"})
    assert dutch.text.startswith("Hoera!")


async def test_a_name_is_words_and_nothing_else(shop: Shop, mailbox: Mailbox) -> None:
    await own(shop, "order_placed", "en", subject="For {name}", introduction="For *{name}*, `{name}`:")
    nasty = "**x** [y](https://evil.example) <img src=x> {number} {{7*7}} \u202eABC"
    ada = await proven(shop)

    letter = await ordered(shop, mailbox, ada, shipping_address={**ADDRESS, "name": nasty})

    plain = "**x** [y](https://evil.example) <img src=x> {number} {{7*7}} ABC"
    escaped = "**x** [y](https://evil.example) &lt;img src=x&gt; {number} {{7*7}} ABC"
    assert letter.subject == f"For {plain}"
    assert letter.text.startswith(f"For {plain}, {plain}:")
    assert f"For <em>{escaped}</em>, <code>{escaped}</code>:" in letter.html
    assert "<img" not in letter.html
    assert 'href="https://evil.example' not in letter.html


async def test_a_value_adds_no_header(shop: Shop, mailbox: Mailbox) -> None:
    await own(shop, "welcome", "en", subject="Hello {name}!")
    ada = await proven(shop, first_name="Ada\r\nBcc: eve@example.com\r\n\r\n<p>")
    await welcome(shop, ada.id)

    letter = await mailbox.only(ada.email)

    assert letter.subject == "Hello Ada Bcc: eve@example.com <p>!"


async def welcome(shop: Shop, user_id: UUID) -> None:
    async with shop.database.transaction() as session:
        await outbox.publish(session, EmailVerified(user_id=user_id))


async def test_letters_from_right_to_left_turn_only_themselves(shop: Shop, mailbox: Mailbox) -> None:
    await own(shop, "welcome", "en", introduction="Hello {name}, welcome!")
    ada = await proven(shop, first_name=ADIL)
    await welcome(shop, ada.id)

    letter = await mailbox.only(ada.email)

    assert f"Hello \u2068{ADIL}\u2069, welcome!" in letter.text
    assert f"Hello \u2068{ADIL}\u2069, welcome!" in letter.html


@pytest.mark.parametrize(
    ("introduction", "text"),
    [
        ("Hello {name},\n\nwelcome.", "Hello,\n\nwelcome."),
        ("Thank you, {name}.", "Thank you."),
        ("{name}, welcome.", "welcome."),
        ("Dear customer", "Dear customer"),
    ],
)
async def test_a_name_that_is_not_known_leaves_no_gap(
    shop: Shop, mailbox: Mailbox, introduction: str, text: str
) -> None:
    await own(shop, "order_placed", "en", introduction=introduction)
    spam = {**ADDRESS, "name": "Win at evil.example"}

    letter = await ordered(shop, mailbox, shipping_address=spam)

    assert letter.text.startswith(f"{text}\n\n1 x Thing")
    assert "evil" not in letter.text + letter.html


async def test_own_words_get_no_secret_of_a_link(shop: Shop, mailbox: Mailbox) -> None:
    """Whoever may write texts may not take over accounts by them: the token is in our own link only."""
    trap = (
        f"https://evil.example/?t={SECRET} <{SECRET}> &lt;one-time-token&gt; [here](https://evil.example/?t={SECRET})"
    )
    await own(shop, "reset_password", "en", subject=f"Come {SECRET}", introduction=trap, closing=trap)
    ada = await proven(shop)

    await shop.client.post("/auth/forgot-password", json={"email": ada.email})
    letter = await mailbox.only(ada.email)

    token = letter.token
    assert letter.text.count(token) == 1
    assert letter.html.count(token) == letter.html.count(f"http://shop.test/reset-password?token={token}")
    assert token not in letter.subject


async def test_words_of_others_get_no_key_of_an_order(shop: Shop, mailbox: Mailbox) -> None:
    """Neither a product's name nor an own text makes the mail that it is in sign the link to somebody's order."""
    secret = (await shop.order(await shop.item())).json()["id"]
    await mailbox.letters()
    mark = ORDER_KEY.format(order_id=secret)
    await own(shop, "order_placed", "en", closing=f"See {mark}")

    await shop.order(await shop.item(name=f"Mug {mark}"))
    (letter,) = await mailbox.letters()

    key = link_key(UUID(secret))
    assert key not in letter.text
    assert key not in letter.html
    assert "?key=" in letter.text


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("subject", "Order {numbr}", "unknown_placeholder"),
        ("introduction", "{order.__class__.__mro__}", "unknown_placeholder"),
        ("introduction", "{number!r} {number:>9}", "unknown_placeholder"),
        ("introduction", "{0} {}", "unknown_placeholder"),
        ("closing", "{% for x in y %}", "unknown_placeholder"),
        ("closing", "{{ number }}", "unknown_placeholder"),
        ("closing", "{{number}}", "lone_brace"),
        ("closing", "a } b", "lone_brace"),
        ("introduction", "[here](https://x.example/{number})", "placeholder_in_address"),
        ("introduction", "Before {opening} after", "opening_not_alone"),
        ("introduction", "{opening}\n\n{opening}", "opening_not_alone"),
        ("closing", "{opening}", "opening_not_alone"),
        ("subject", "{opening}", "opening_not_alone"),
    ],
)
async def test_what_no_mail_can_fill_is_refused_by_its_name(shop: Shop, field: str, text: str, code: str) -> None:
    answer = await put(shop, "order_placed", "en", **{field: text})

    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert problem["code"] == "mail_templates.bad_text"
    assert {(error["field"], error["code"]) for error in problem["errors"]} >= {(field, code)}
    if code == "unknown_placeholder":
        named = re.findall(r"\{[^{}]*\}", text)
        assert all(any(error["message"].startswith(place) for error in problem["errors"]) for place in named)
        assert "{marketplace}, {name}, {number}, {opening}, {total}" in problem["errors"][0]["message"]
    assert await shop.rows("SELECT 1 FROM mail_templates") == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"subject": None, "introduction": "", "closing": "  "},
        {"subject": "\u200b\u2060"},
        {"subject": "two\r\nlines"},
        {"subject": "x" * 201},
        {"introduction": "x" * 10_001},
        {"body": "Hello"},
        {"subject": 1},
    ],
)
async def test_what_says_nothing_or_does_not_fit_is_refused(shop: Shop, body: dict[str, Any]) -> None:
    headers = (await shop.admin()).headers

    answer = await shop.client.put("/mail-templates/welcome/en", json=body, headers=headers)

    assert answer.status_code == 422, answer.text
    assert await shop.rows("SELECT 1 FROM mail_templates") == []


async def test_markup_in_an_own_text_runs_nothing(shop: Shop, mailbox: Mailbox) -> None:
    text = (
        "<script>alert(1)</script> <b onclick=x>bold</b>\n\n[a](javascript:alert(1)) ![pixel](https://evil.example/p.gif)"
        "\n\n![logo](/media/logo.png)"
    )
    await own(shop, "order_placed", "en", introduction=text)

    letter = await ordered(shop, mailbox)

    assert "<script" not in letter.html
    assert "javascript:" not in letter.html.replace("(javascript:alert(1))", "")
    assert "evil.example" not in letter.html
    assert 'src="http://shop.test/media/logo.png"' in letter.html


async def test_a_removed_text_is_as_shipped_again(shop: Shop, mailbox: Mailbox) -> None:
    await own(shop, "order_placed", "en", subject="Mine", introduction="Mine.")
    assert (await ordered(shop, mailbox)).subject == "Mine"

    admin = (await shop.admin()).headers
    assert (await shop.client.delete("/mail-templates/order_placed/en", headers=admin)).status_code == 204

    letter = await ordered(shop, mailbox)
    assert letter.subject.startswith("Your order M-")
    assert letter.text.startswith("Thank you for your order.")


async def test_what_is_written_stays_as_it_was_written(shop: Shop, mailbox: Mailbox) -> None:
    await own(shop, "order_placed", "en", subject="First")
    await shop.order(await shop.item())
    (letter,) = await mailbox.letters()
    assert letter.subject == "First"
    await own(shop, "order_placed", "en", subject="Second")
    await shop.rows("UPDATE mails SET status = 'refused' RETURNING 1")
    [(mail_id,)] = await shop.rows("SELECT id FROM mails")

    async with shop.database.transaction() as session:
        await notifications.retry(session, auth.Actor.system(), mail_id)

    (again,) = await mailbox.letters()
    assert again.subject == "First"


async def test_an_account_gets_its_mail_in_a_language_of_the_marketplace(shop: Shop, mailbox: Mailbox) -> None:
    ada = await proven(shop)
    await own(shop, "welcome", "nl", subject="Welkom, {name}", introduction="Fijn dat je er bent.")
    await own(shop, "welcome", "de-AT", subject="Servus, {name}")

    chosen = await shop.client.patch("/users/me", json={"locale": "NL"}, headers=ada.headers)
    refused = await shop.client.patch("/users/me", json={"locale": "es"}, headers=ada.headers)
    await welcome(shop, ada.id)
    letter = await mailbox.only(ada.email)

    assert (chosen.status_code, chosen.json()["locale"]) == (200, "nl")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "locale")
    assert letter.subject == "Welkom, Ada"
    assert 'lang="nl"' in letter.html

    new = {"email": "bob@example.com", "password": PASSWORD}
    await shop.client.post("/auth/register", json=new, headers=AUSTRIAN)
    assert await shop.rows("SELECT locale FROM users WHERE email = 'bob@example.com'") == [("de-AT",)]


@pytest.mark.parametrize(("language", "subject"), [("nl", "Invoice"), ("de-AT", "Rechnung")])
async def test_orders_in_any_language_of_the_marketplace_go_all_their_way(
    shop: Shop, mailbox: Mailbox, language: str, subject: str
) -> None:
    order = (await shop.order(await shop.item(), headers={"Accept-Language": language})).json()
    await mailbox.letters()

    await shop.move(order["id"], "paid")
    paid, document = await mailbox.letters()
    await shop.move(order["id"], "shipped")
    (shipped,) = await mailbox.letters()

    assert document.subject.startswith(f"{subject} ")
    lang = "en" if language == "nl" else language
    assert [f'lang="{lang}"' in letter.html for letter in (paid, document, shipped)] == [True] * 3


def test_every_kind_is_written_in_languages_that_mercat_speaks_in_part_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", "en,de-AT,sr-Latn-RS,tlh")
    for kind in SUBJECTS:
        assert sample(kind, "de-AT").subject == sample(kind, "de").subject
        for foreign in ("sr-Latn-RS", "tlh"):
            assert sample(kind, foreign).subject == sample(kind, "en").subject


@pytest.mark.parametrize(
    ("kept", "accepts", "locale"),
    [
        ("en,de,de-AT", "de-AT", "de-AT"),
        ("en,de,de-AT", "de-CH", "de"),
        ("en", "de-AT,en;q=0.5", "de"),
        ("en,pt-BR", "pt-PT,pt;q=0.9", "pt-BR"),
        ("en,pt-BR", "fr", "fr"),
        ("en-GB", "en-US,en;q=0.9", "en"),
        ("nl", "nl-BE", "nl"),
        ("nl", "xx,*", "en"),
        ("nl", "", "en"),
    ],
)
def test_readers_get_the_best_language_that_is_kept_or_spoken(
    monkeypatch: pytest.MonkeyPatch, kept: str, accepts: str, locale: str
) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", kept)

    assert i18n.readers_locale(accepts) == locale


def test_a_text_for_a_region_alone_is_good_for_all_who_read_its_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", "en-GB,de")

    assert [fitting(locale) for locale in ("en", "de-AT", "nl")] == [("en-GB",), ("de",), ("en-GB",)]
