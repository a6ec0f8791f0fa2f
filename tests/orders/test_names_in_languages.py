"""What was ordered is called as its buyer read it, and by its vendor as it was written; neither changes afterwards."""

import re
from typing import Any
from uuid import uuid4

import pytest

from invoices.documents import written
from letters import Mailbox
from payment_processing.test_exchanges import Fitting
from payment_processing.test_refunding import refund
from payment_processing.test_returns import moved
from pricing.operating import made, method, operate
from shopping import PASSWORD, Item, Person, Shop
from translating import translate

Body = dict[str, Any]
GERMAN = {"Accept-Language": "de"}
BY_CARD = {"payment_method": "test", "payment_method_id": "test_approve"}
KEPT = "SELECT name, title, translated_name, translated_title FROM order_items ORDER BY order_id, position"


@pytest.fixture(autouse=True)
def _languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", "en,de,de-AT,fr")


async def mug(shop: Shop, *, name: str = "Stoneware mug", vendor: Person | None = None) -> Item:
    body = {
        "name": name,
        "price": "12.00",
        "options": [{"name": "Colour"}],
        "variants": [{"options": {"Colour": "Grey"}, "stock_quantity": 90}],
    }
    answer = await shop.client.post("/products", json=body, headers=(vendor or await shop.admin()).headers)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    return Item(made["id"], made["variants"][0]["id"], made["slug"])


async def in_german(shop: Shop, item: Item, name: str = "Steingutbecher") -> None:
    await translate(shop, "product", item.product_id, "de", {"name": name})
    await translate(shop, "attribute", "colour", "de", {"name": "Farbe", "values.Grey": "Grau"})


async def get(shop: Shop, path: str, person: Person, **headers: str) -> Body:
    answer = await shop.client.get(path, headers={**person.headers, **headers})
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return found


def named(order: Body) -> list[tuple[str, str]]:
    return [(item["name"], item["title"]) for item in order["items"]]


async def test_the_buyer_reads_their_own_words_and_the_vendor_those_of_the_shop(shop: Shop, mailbox: Mailbox) -> None:
    seller, _ = await shop.seller("clay")
    item = await mug(shop, vendor=seller)
    await in_german(shop, item)
    buyer, admin = await shop.buyer(), await shop.admin()
    placed = await shop.order(item, quantity=2, headers={**buyer.headers, **GERMAN}, **BY_CARD)
    order = placed.json()
    own, english = [("Steingutbecher", "Grau")], [("Stoneware mug", "Grey")]

    assert named(order) == named(order["order"]) == own
    await mailbox.work()
    path = f"/orders/{order['id']}"
    for language in ("de", "en", "fr"):  # a document of the past, whatever its reader wants today
        assert named(await get(shop, path, buyer, **{"Accept-Language": language})) == own
    assert named((await get(shop, "/orders", buyer))["items"][0]) == own
    for person in (seller, admin):
        assert named(await get(shop, path, person, **GERMAN)) == english
        assert named((await get(shop, "/orders", person, **GERMAN))["items"][0]) == english
    vendor_order = order["vendor_orders"][0]["id"]
    assert named(await get(shop, f"/vendor/orders/{vendor_order}", seller, **GERMAN)) == english
    assert named((await get(shop, "/vendor/orders", seller, **GERMAN))["items"][0]) == english
    assert named((await shop.move(order["id"], "processing")).json()) == english

    letters = {letter.subject: letter for letter in await mailbox.letters()}
    confirmation = next(one for subject, one in letters.items() if subject.endswith("ist bestätigt"))
    new_order = letters[f"New order {order['number']}"]
    for body in (confirmation.text, confirmation.html):
        assert "Steingutbecher" in body
        assert "Grau" in body
        assert "Stoneware mug" not in body
    for body in (new_order.text, new_order.html):
        assert "Stoneware mug" in body
        assert "Steingutbecher" not in body
        assert "ada@example.com" not in body

    [link] = re.findall(r"http://\S+/orders/\S+", confirmation.text)
    shown = await shop.client.get(link)
    assert shown.status_code == 200
    assert "Steingutbecher" in shown.text
    assert "Stoneware mug" not in shown.text


async def test_a_return_is_told_to_each_in_their_own_words(shop: Shop, mailbox: Mailbox) -> None:
    seller, _ = await shop.seller("clay")
    item = await mug(shop, vendor=seller)
    await in_german(shop, item)
    buyer = await shop.buyer()
    order = (await shop.order(item, headers={**buyer.headers, **GERMAN}, **BY_CARD)).json()
    for step in ("shipped", "delivered"):
        assert (await shop.move(order["id"], step)).status_code == 200
    await mailbox.letters()
    wanted = {"items": [{"item_id": order["items"][0]["id"], "quantity": 1}], "reason": "damaged"}
    headers = {**buyer.headers, "Idempotency-Key": uuid4().hex}
    asked = await shop.client.post(f"/orders/{order['id']}/returns", json=wanted, headers=headers)
    assert asked.status_code == 201, asked.text
    (to_vendor,) = await mailbox.letters()
    await moved(shop, asked.json()["id"], "approved")
    (to_buyer,) = await mailbox.letters()

    assert (to_vendor.to, to_buyer.to) == (seller.email, "ada@example.com")
    assert "Stoneware mug" in to_vendor.text
    assert "Steingutbecher" not in to_vendor.text
    assert "Steingutbecher" in to_buyer.text
    assert "Stoneware mug" not in to_buyer.text


async def test_invoice_and_credit_note_name_what_was_bought_in_the_language_of_the_order(shop: Shop) -> None:
    item = await mug(shop)
    await in_german(shop, item)
    order = (await shop.order(item, quantity=2, headers=GERMAN, **BY_CARD)).json()
    await shop.handle_events()
    admin = await shop.admin()
    await shop.rows("UPDATE products SET name = 'Beaker' RETURNING 1")
    await translate(shop, "product", item.product_id, "de", {"name": "Humpen"})
    [(payment_id,)] = await shop.rows("SELECT id::text FROM payments")
    line = {"item_id": order["items"][0]["id"], "quantity": 1}
    back = await refund(shop, payment_id, items=[line], reason="Broken")
    assert back.status_code == 201, back.text
    await shop.handle_events()

    documents = (await get(shop, f"/orders/{order['id']}/invoices", admin))["items"]
    assert [one["kind"] for one in documents] == ["invoice", "credit_note"]
    sold = await shop.rows(
        "SELECT document->'source'->'lines'->0->>'name', document->'source'->'lines'->0->>'detail' FROM invoices"
    )
    assert sold == [("Steingutbecher", "Grau")] * 2
    for document in documents:
        answer = await shop.client.get(document["url"].removeprefix("/api/v1"), headers=admin.headers)
        text = written(answer.content)
        assert "Steingutbecher" in text
        assert "Grau" in text
        for other in ("Stoneware mug", "Humpen", "Beaker"):
            assert other not in text


async def test_a_replacement_is_called_in_the_language_of_the_order(shop: Shop) -> None:
    fitting = Fitting(shop)
    await fitting.open(headers={"Accept-Language": "de-AT"})
    assert await shop.rows("SELECT text_locale FROM orders") == [("de-AT",)]
    assert {row[2:] for row in await shop.rows(KEPT)} == {(None, None)}  # nothing was translated then
    shirt = fitting.sizes["L"]
    await translate(shop, "product", shirt.product_id, "de", {"name": "Hemd"})
    await translate(shop, "attribute", "size", "de-AT", {"values.L": "Groß"})

    await fitting.exchanged(1)

    assert named(await fitting.seen()) == [("Shirt", "S"), ("Hat", "Default"), ("Hemd", "Groß")]
    path = f"/vendor/orders/{fitting.vendor_order_id}"
    assert named(await get(shop, path, fitting.seller)) == [("Shirt", "S"), ("Hat", "Default"), ("Shirt", "L")]
    [replacement] = [row for row in await shop.rows(KEPT) if row[1] == "L"]
    assert replacement == ("Shirt", "L", "Hemd", "Groß")


async def test_what_was_ordered_keeps_its_name_whatever_becomes_of_the_product(shop: Shop) -> None:
    item = await mug(shop)
    await in_german(shop, item)
    cart = await shop.guest_cart(item)
    order = (await shop.check_out({**cart, **GERMAN})).json()
    assert named(order) == [("Steingutbecher", "Grau")]
    before = await shop.rows(KEPT)
    assert before == [("Stoneware mug", "Grey", "Steingutbecher", "Grau")]

    admin = await shop.admin()
    path = f"/products/{item.product_id}"
    assert (await shop.client.patch(path, json={"name": "Beaker"}, headers=admin.headers)).is_success
    assert (await shop.client.delete(f"{path}/translations/de", headers=admin.headers)).is_success
    await shop.rows("DELETE FROM translations RETURNING 1")
    await shop.handle_events()

    assert await shop.rows(KEPT) == before
    read = await shop.client.get(f"/orders/{order['id']}", headers=cart)  # a guest, by the token of the cart
    assert named(read.json()) == [("Steingutbecher", "Grau")]
    new = (await shop.order(item, headers=GERMAN)).json()
    assert named(new) == [("Beaker", "Grey")]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("de", ("Steingutbecher", "Grau", "de")),
        ("de-AT", ("Häferl", "Grau", "de-AT")),
        ("fr", (None, "Gris", "fr")),  # the name falls back, the colour does not
        ("en", (None, None, None)),
        ("ja", (None, None, None)),
        ("", (None, None, None)),
    ],
)
async def test_only_words_that_differ_are_kept(
    shop: Shop, wanted: str, names: tuple[str | None, str | None, str | None]
) -> None:
    item = await mug(shop)
    await in_german(shop, item)
    await translate(shop, "product", item.product_id, "de-AT", {"name": "Häferl"})
    await translate(shop, "product", item.product_id, "fr", {"name": "Stoneware mug"})
    await translate(shop, "attribute", "colour", "fr", {"values.Grey": "Gris"})

    placed = await shop.order(item, headers={"Accept-Language": wanted} if wanted else {})

    assert placed.status_code == 201, placed.text
    kept = await shop.rows(
        "SELECT i.translated_name, i.translated_title, o.text_locale FROM order_items i JOIN orders o "
        "ON o.id = i.order_id"
    )
    assert kept == [names]
    assert named(placed.json()) == [(names[0] or "Stoneware mug", names[1] or "Grey")]


async def sent_by(shop: Shop, name: str, **texts: str) -> str:
    """Ship to Britain by a method that is translated; returns its id."""
    britain = await made(shop, "/shipping/zones", {"name": "Britain", "areas": [{"country": "GB"}]})
    offered = await method(shop, britain, "standard", "4.00", name=name)
    for locale, text in texts.items():
        await translate(shop, "shipping_method", offered["id"], locale.replace("_", "-"), {"name": text})
    kept: str = offered["id"]
    return kept


async def test_how_an_order_is_sent_is_told_to_each_in_their_own_words(shop: Shop, mailbox: Mailbox) -> None:
    seller, _ = await shop.seller("clay")
    item = await mug(shop, vendor=seller)
    method_id = await sent_by(shop, "Courier", de="Bote")
    buyer, admin = await shop.buyer(), await shop.admin()
    placed = await shop.order(item, quantity=2, headers={**buyer.headers, **GERMAN}, **BY_CARD)
    order = placed.json()
    assert order["shipping_method_name"] == order["order"]["shipping_method_name"] == "Bote"
    await mailbox.work()
    await translate(shop, "shipping_method", method_id, "de", {"name": "Kurier"})
    renamed = await operate(shop, "DELETE", f"/shipping/methods/{method_id}")
    assert renamed.status_code == 204, renamed.text

    path = f"/orders/{order['id']}"
    for language in ("de", "en", "fr"):
        assert (await get(shop, path, buyer, **{"Accept-Language": language}))["shipping_method_name"] == "Bote"
    assert (await get(shop, "/orders", buyer))["items"][0]["shipping_method_name"] == "Bote"
    exported = await get(shop, "/users/me/export", buyer)
    assert [one["shipping_method_name"] for one in exported["orders"]] == ["Bote"]
    vendor_order = f"/vendor/orders/{order['vendor_orders'][0]['id']}"
    for person, seen in ((seller, path), (admin, path), (seller, vendor_order)):
        assert (await get(shop, seen, person, **GERMAN))["shipping_method_name"] == "Courier"
    for seen in ("/orders", "/vendor/orders"):
        assert (await get(shop, seen, seller, **GERMAN))["items"][0]["shipping_method_name"] == "Courier"

    letters = {letter.subject: letter for letter in await mailbox.letters()}
    confirmation = next(one for subject, one in letters.items() if subject.endswith("ist bestätigt"))
    assert "Versand (Bote): " in confirmation.text
    [link] = re.findall(r"http://\S+/orders/\S+", confirmation.text)
    shown = await shop.client.get(link)
    for body in (confirmation.html, shown.text):
        assert "Bote" in body
        assert "Courier" not in body
        assert "Kurier" not in body


async def test_invoice_and_credit_note_name_the_shipping_method_in_the_language_of_the_order(shop: Shop) -> None:
    item = await mug(shop)
    await sent_by(shop, "Courier", de="Bote")
    order = (await shop.order(item, headers=GERMAN, **BY_CARD)).json()
    await shop.handle_events()
    admin = await shop.admin()
    [(payment_id,)] = await shop.rows("SELECT id::text FROM payments")
    back = await refund(shop, payment_id, reason="Broken")
    assert back.status_code == 201, back.text
    await shop.handle_events()

    documents = (await get(shop, f"/orders/{order['id']}/invoices", admin))["items"]
    assert [one["kind"] for one in documents] == ["invoice", "credit_note"]
    for document in documents:
        answer = await shop.client.get(document["url"].removeprefix("/api/v1"), headers=admin.headers)
        text = written(answer.content)
        assert "Versand" in text
        assert "Bote" in text
        assert "Courier" not in text


@pytest.mark.parametrize(
    ("wanted", "name"), [("de", "Bote"), ("de-AT", "Botendienst"), ("fr", None), ("en", None), ("ja", None)]
)
async def test_only_a_shipping_method_s_name_that_differs_is_kept(shop: Shop, wanted: str, name: str | None) -> None:
    item = await mug(shop)
    await sent_by(shop, "Courier", de="Bote", de_AT="Botendienst", fr="Courier")

    placed = await shop.order(item, headers={"Accept-Language": wanted})

    assert placed.status_code == 201, placed.text
    kept = await shop.rows("SELECT shipping_method_name, translated_shipping_method_name FROM orders")
    assert kept == [("Courier", name)]
    assert placed.json()["shipping_method_name"] == (name or "Courier")


async def test_where_there_is_one_language_nothing_is_kept(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    item = await mug(shop)
    await in_german(shop, item)
    monkeypatch.setenv("MERCAT_LOCALES", "en")

    order = (await shop.order(item, headers=GERMAN)).json()

    assert named(order) == [("Stoneware mug", "Grey")]
    assert await shop.rows(KEPT) == [("Stoneware mug", "Grey", None, None)]
    assert await shop.rows("SELECT locale, text_locale FROM orders") == [("de", None)]  # its mail is German still


async def test_placing_an_order_is_one_statement_more_in_another_language_and_none_in_the_source(
    shop: Shop, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [await mug(shop, name=f"Mug {n}") for n in range(5)]
    for item in items:
        await in_german(shop, item, f"Becher {item.product_id}")

    async def statements(**headers: str) -> int:
        cart = await shop.guest_cart(*items)
        asked.clear()
        answer = await shop.check_out({**cart, **headers})
        assert answer.status_code == 201, answer.text
        return len(asked)

    await statements()
    in_source = await statements()
    assert not any("FROM translations" in one for one in asked)
    assert await statements(**GERMAN) == in_source + 1
    assert len([one for one in asked if "FROM translations" in one]) == 1
    monkeypatch.setenv("MERCAT_LOCALES", "en")
    assert await statements(**GERMAN) == in_source

    await sent_by(shop, "Courier", de="Bote")
    assert await statements(**GERMAN) == in_source
    monkeypatch.setenv("MERCAT_LOCALES", "en,de")
    assert await statements() == in_source
    assert await statements(**GERMAN) == in_source + 2  # of the goods, and of the ways of sending them


async def test_what_a_person_bought_is_exported_in_their_words_and_stays_after_their_erasure(shop: Shop) -> None:
    item = await mug(shop)
    await in_german(shop, item)
    buyer, admin = await shop.buyer(), await shop.admin()
    order = (await shop.order(item, headers={**buyer.headers, **GERMAN}, **BY_CARD)).json()
    for step in ("shipped", "delivered", "completed"):
        assert (await shop.move(order["id"], step)).status_code == 200

    exported = await get(shop, "/users/me/export", buyer)
    assert [named(one) for one in exported["orders"]] == [[("Steingutbecher", "Grau")]]
    before = await shop.rows(KEPT)
    erased = await shop.client.post("/users/me/erase", json={"password": PASSWORD}, headers=buyer.headers)
    assert erased.status_code == 204, erased.text
    assert await shop.rows(KEPT) == before
    assert named(await get(shop, f"/orders/{order['id']}", admin)) == [("Stoneware mug", "Grey")]
