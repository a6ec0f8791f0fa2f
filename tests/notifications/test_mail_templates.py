"""How operators keep own texts of mail: what there is, edits that lose nothing, previews, and a try on oneself."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from letters import Mailbox
from mercat import auth, i18n
from mercat.embedded import Redis
from mercat.notifications.composer import opening
from mercat.notifications.mail_templates.queries import NAMED, shown
from mercat.notifications.own_words import OwnText, faults
from mercat.notifications.placeholders import AUDIENCE, DESCRIPTIONS, OPENING, PLACEHOLDERS, WITHOUT_OPENING
from mercat.notifications.samples import sample
from mercat.notifications.table import SUBJECTS
from shopping import Shop

PATH = "/mail-templates/order_paid/de"
TEXT = {"subject": "Danke, {name}", "introduction": "**Hallo** {name}!", "closing": None}


@pytest.fixture(autouse=True)
def languages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A marketplace in several languages."""
    monkeypatch.setenv("MERCAT_LOCALES", "en,de,de-AT,fr,nl")


async def send(shop: Shop, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await shop.client.request(method, path, json=body, headers={**(await shop.admin()).headers, **named})


async def test_every_kind_is_listed_with_what_its_texts_may_name(shop: Shop) -> None:
    await send(shop, "PUT", PATH, TEXT)

    answer = await send(shop, "GET", "/mail-templates")

    assert answer.status_code == 200, answer.text
    kinds = {one["kind"]: one for one in answer.json()["items"]}
    assert set(kinds) == set(SUBJECTS) == set(PLACEHOLDERS) == set(AUDIENCE)
    paid = kinds["order_paid"]
    assert paid["audience"] == "buyer"
    assert [one["name"] for one in paid["placeholders"]] == ["marketplace", "name", "number", "opening", "total"]
    assert all(one["description"].endswith(".") for one in paid["placeholders"])
    assert paid["subjects"]["de-AT"] == paid["subjects"]["de"] == "Ihre Bestellung {number} ist bestätigt"
    assert paid["subjects"]["nl"] == "Your order {number} is confirmed"
    assert paid["own"] == ["de"]
    assert paid["missing"] == ["en", "fr", "nl"]
    assert kinds["welcome"]["own"] == kinds["welcome"]["missing"] == []


async def test_a_text_is_read_beside_what_is_shipped(shop: Shop) -> None:
    before = (await send(shop, "GET", PATH)).json()
    written = await send(shop, "PUT", "/mail-templates/order_paid/DE", TEXT)
    kind = (await send(shop, "GET", "/mail-templates/order_paid")).json()

    assert (before["version"], before["subject"], before["updated_at"]) == (0, None, None)
    assert before["shipped"]["opening"].startswith("Vielen Dank für Ihre Bestellung, {name}.")
    assert written.status_code == 200, written.text
    assert {name: written.json()[name] for name in TEXT} == TEXT
    assert written.json()["version"] == 1
    assert kind["texts"] == [written.json()]
    assert (await send(shop, "GET", PATH)).json() == written.json()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_unknown_kinds_and_languages_are_refused(shop: Shop, method: str) -> None:
    body = TEXT if method == "PUT" else None

    kind = await send(shop, method, "/mail-templates/nothing/de", body)
    language = await send(shop, method, "/mail-templates/order_paid/es", body)

    assert (kind.status_code, kind.json()["code"]) == (404, "mail_templates.not_found")
    assert (language.status_code, language.json()["code"]) == (422, "mail_templates.unknown_locale")
    assert language.json()["locales"] == ["en", "de", "de-AT", "fr", "nl"]
    assert await shop.rows("SELECT 1 FROM mail_templates") == []


async def test_only_who_may_reaches_them(shop: Shop, mailbox: Mailbox) -> None:
    requests = [
        ("GET", "/mail-templates", None),
        ("GET", "/mail-templates/order_paid", None),
        ("GET", PATH, None),
        ("PUT", PATH, TEXT),
        ("DELETE", PATH, None),
        ("POST", "/mail-templates/order_paid/preview", {"locale": "de"}),
        ("POST", "/mail-templates/order_paid/test", {"locale": "de"}),
    ]
    people = [await shop.buyer(), await shop.person(auth.Role.moderator), (await shop.seller("north"))[0]]
    for method, path, body in requests:
        for person in people:
            answer = await shop.client.request(method, path, json=body, headers=person.headers)
            assert answer.status_code == 403, (method, path, answer.text)
        assert (await shop.client.request(method, path, json=body)).status_code == 401

    assert await shop.rows("SELECT 1 FROM mail_templates") == []
    assert await mailbox.letters() == []


async def test_no_edit_is_lost(shop: Shop) -> None:
    nothing = (await send(shop, "GET", PATH)).headers["etag"]
    first = await send(shop, "PUT", PATH, TEXT, If_Match=nothing)
    again = await send(shop, "PUT", PATH, {"subject": "Other"}, If_Match=nothing)
    stale = await send(shop, "DELETE", PATH, If_Match=nothing)

    assert [first.status_code, again.status_code, stale.status_code] == [200, 412, 412]
    assert (await send(shop, "GET", PATH)).json()["subject"] == TEXT["subject"]

    gone = await send(shop, "DELETE", PATH, If_Match=first.headers["etag"])
    revived = await send(shop, "PUT", PATH, {"subject": "Other"}, If_Match=first.headers["etag"])
    assert [gone.status_code, revived.status_code] == [204, 412]  # what is made anew is another text
    assert (await send(shop, "GET", PATH)).json()["subject"] is None
    assert (await send(shop, "DELETE", PATH)).status_code == 204


async def test_every_edit_says_what_it_changed(shop: Shop) -> None:
    await send(shop, "PUT", PATH, TEXT)
    await send(shop, "PUT", PATH, {**TEXT, "subject": "Merci"})
    await send(shop, "DELETE", PATH)
    await send(shop, "DELETE", PATH)

    entries = await shop.rows("SELECT action, changes FROM audit_log WHERE action LIKE 'mail_template.%%' ORDER BY id")

    assert [action for action, _ in entries] == ["mail_template.changed"] * 2 + ["mail_template.deleted"]
    assert [changes["template"]["after"] for _, changes in entries] == ["order_paid.de"] * 3
    assert entries[1][1]["subject"] == {"before": TEXT["subject"], "after": "Merci"}
    assert "introduction" not in entries[1][1]
    assert entries[2][1]["introduction"] == {"before": TEXT["introduction"], "after": ""}


async def test_a_draft_is_looked_at_without_being_saved(shop: Shop) -> None:
    draft = {"locale": "de", "introduction": "Hallo **{name}**!", "closing": "Bis {number}."}

    answer = await send(shop, "POST", "/mail-templates/order_paid/preview", draft)

    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert shown["subject"] == "Ihre Bestellung M-100042 ist bestätigt"
    assert shown["text"].startswith("Hallo Ada Lovelace!")
    assert "<p>Hallo <strong>Ada Lovelace</strong>!</p>" in shown["html"]
    assert "Bis M-100042." in shown["text"]
    assert await shop.rows("SELECT 1 FROM mail_templates") == []


async def test_a_preview_shows_what_is_saved_where_the_draft_says_nothing(shop: Shop) -> None:
    await send(shop, "PUT", PATH, {"subject": "Gespeichert", "closing": "Tschüss"})

    saved = (await send(shop, "POST", "/mail-templates/order_paid/preview", {"locale": "de"})).json()
    austrian = {"locale": "de-AT", "closing": "Servus"}
    inherits = (await send(shop, "POST", "/mail-templates/order_paid/preview", austrian)).json()
    shipped = {"locale": "de", "subject": None}
    without = (await send(shop, "POST", "/mail-templates/order_paid/preview", shipped)).json()

    assert saved["subject"] == inherits["subject"] == "Gespeichert"
    assert "Tschüss" in saved["text"]
    assert "Servus" in inherits["text"]
    assert "Tschüss" not in inherits["text"]
    assert without["subject"] == "Ihre Bestellung M-100042 ist bestätigt"
    assert "Tschüss" in without["text"]


@pytest.mark.parametrize("path", ["preview", "test"])
async def test_a_draft_that_cannot_be_saved_cannot_be_tried(shop: Shop, mailbox: Mailbox, path: str) -> None:
    wrong = {"locale": "de", "subject": "{nothing}"}

    answer = await send(shop, "POST", f"/mail-templates/order_paid/{path}", wrong)
    elsewhere = await send(shop, "POST", f"/mail-templates/order_paid/{path}", {"locale": "es"})

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown_placeholder")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "mail_templates.unknown_locale")
    assert await mailbox.letters() == []


@pytest.mark.parametrize("kind", ["order_paid", "welcome", "verify_email", "price_drop"])
async def test_a_try_goes_to_whoever_asks(shop: Shop, mailbox: Mailbox, kind: str) -> None:
    draft = {"locale": "en", "subject": "Look", "introduction": "Hello!"}

    answers = [await send(shop, "POST", f"/mail-templates/{kind}/test", draft) for _ in range(2)]

    admin = await shop.admin()
    assert [(one.status_code, one.json()) for one in answers] == [(202, {"recipient": admin.email})] * 2
    letters = await mailbox.letters()
    assert [letter.to for letter in letters] == [admin.email] * 2
    assert letters[0].subject == "[Test] Look"
    assert letters[0].text.startswith("Hello!\n\n")


async def test_tries_are_counted_as_other_mail(
    make: Callable[..., FastAPI], redis_server: Redis, shop: Shop, mailbox: Mailbox
) -> None:
    app = make(redis_url=redis_server.url, rate_limit_mail="2/day")
    headers = (await shop.admin()).headers
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app, client=("192.0.2.1", 40000)), base_url="http://shop.test/api/v1"
    ) as http:
        answers = [
            await http.post("/mail-templates/welcome/test", json={"locale": "en"}, headers=headers) for _ in range(3)
        ]

    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert len(await mailbox.letters()) == 2


OWN = OwnText("Own {marketplace}", "Own *introduction*.", "Own closing.")


@pytest.mark.parametrize("kind", sorted(SUBJECTS))
@pytest.mark.parametrize("locale", ["en", "de", "fr"])
def test_every_kind_takes_own_words_and_keeps_what_is_needed(kind: str, locale: str) -> None:
    everything = " ".join(f"{{{name}}}" for name in PLACEHOLDERS[kind] if name != OPENING)
    letter = sample(kind, locale, OwnText(OWN.subject, f"{OWN.introduction}\n\n{everything}", OWN.closing))
    shipped = sample(kind, locale)

    assert letter.subject == "Own Mercat"
    assert letter.text.startswith("Own introduction.\n\n")
    assert "{" not in letter.text.partition("\n\n-- ")[0].partition("Own closing.")[0].replace("{{", "")
    assert "<p>Own <em>introduction</em>.</p>" in letter.html
    assert "Own closing.\n\n-- \n" in letter.text
    needed = [
        word
        for word in ("https://shop.example/", "DE02 1203", "M-100042", "One mug arrived broken", "Hafenstra")
        if word in shipped.text
    ]
    assert [word for word in needed if word not in letter.text or word not in letter.html] == []
    kept = opening(kind, locale, {**NAMED, "name": "Ada Lovelace"})
    assert bool(kept) is (kind not in WITHOUT_OPENING)


@pytest.mark.parametrize("kind", sorted(set(SUBJECTS) - WITHOUT_OPENING))
@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_the_opening_placeholder_keeps_every_shipped_word(kind: str, locale: str) -> None:
    letter = sample(kind, locale, OwnText(introduction="Before.\n\n{opening}\n\nAfter."))
    shipped = sample(kind, locale)

    before, _, rest = letter.text.partition("Before.\n\n")
    assert before == ""
    assert rest.replace("After.\n\n", "", 1) == shipped.text
    words = opening(kind, locale, NAMED).splitlines()[0].partition("{")[0]
    assert words
    assert letter.html.index("Before.") < letter.html.rindex(words.replace("'", "&#39;")) < letter.html.index("After.")


@pytest.mark.parametrize("kind", sorted(SUBJECTS))
def test_a_shipped_text_can_be_taken_as_an_own_one(kind: str) -> None:
    for locale in i18n.LOCALES:
        shipped = shown(kind, locale, None).shipped
        assert list(faults(OwnText(shipped.subject, shipped.opening), PLACEHOLDERS[kind])) == []


def test_every_placeholder_is_described_and_used() -> None:
    assert {name for names in PLACEHOLDERS.values() for name in names} == set(DESCRIPTIONS)
